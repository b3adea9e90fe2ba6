"""Step 1, its second half: full-text search and views."""

from sqlite_utils import Database


def create_search(db: Database) -> None:
    """The full-text indexes over articles, and the triggers that keep them."""
    columns = ["title", "description", "text"]
    articles = db.table("articles")
    articles.enable_fts(
        columns,
        create_triggers=True,
        tokenize="unicode61 remove_diacritics 2",
    )
    # The trigger made above runs on every update; seeing an article again must not index it again.
    db.execute("DROP TRIGGER articles_au")
    fields = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
    db.execute(
        f"CREATE TRIGGER articles_au AFTER UPDATE OF {fields} ON articles "
        f"WHEN {_any_differs(columns)} BEGIN "
        f"INSERT INTO articles_fts (articles_fts, rowid, {fields}) "
        f"VALUES ('delete', old.id, {old}); "
        f"INSERT INTO articles_fts (rowid, {fields}) VALUES (new.id, {new}); END"
    )
    # A title says more than a description, and that more than one word of the text.
    db.execute(
        "INSERT INTO articles_fts(articles_fts, rank) VALUES ('rank', 'bm25(10.0, 4.0, 1.0)')"
    )
    # Chinese and Japanese put no space between words: three letters at a time are found instead.
    db.execute(
        "CREATE VIRTUAL TABLE articles_fts_cjk USING fts5("
        "title, description, text, tokenize='trigram', content='articles', content_rowid='id')"
    )
    db.execute(
        "INSERT INTO articles_fts_cjk(articles_fts_cjk, rank) "
        "VALUES ('rank', 'bm25(10.0, 4.0, 1.0)')"
    )
    db.execute(
        "CREATE TRIGGER articles_cjk_ai AFTER INSERT ON articles WHEN new.has_cjk BEGIN "
        f"INSERT INTO articles_fts_cjk (rowid, {fields}) VALUES (new.id, {new}); END"
    )
    db.execute(
        "CREATE TRIGGER articles_cjk_ad AFTER DELETE ON articles WHEN old.has_cjk BEGIN "
        f"INSERT INTO articles_fts_cjk (articles_fts_cjk, rowid, {fields}) "
        f"VALUES ('delete', old.id, {old}); END"
    )
    changed = ", ".join([*columns, "has_cjk"])
    # One trigger for both halves: the order of two is not defined.
    db.execute(
        f"CREATE TRIGGER articles_cjk_au AFTER UPDATE OF {changed} ON articles "
        f"WHEN (old.has_cjk OR new.has_cjk) AND ({_any_differs(columns)}) BEGIN "
        f"INSERT INTO articles_fts_cjk (articles_fts_cjk, rowid, {fields}) "
        f"SELECT 'delete', old.id, {old} WHERE old.has_cjk; "
        f"INSERT INTO articles_fts_cjk (rowid, {fields}) SELECT new.id, {new} WHERE new.has_cjk; "
        "END"
    )


def _any_differs(columns: list[str]) -> str:
    return " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)


def create_views(db: Database) -> None:
    """The views for people: articles, questions and sources in readable rows."""
    db.create_view(
        "article_overview",
        """
        SELECT a.id, a.title,
               (SELECT group_concat(name, '; ') FROM (
                    SELECT n.name FROM article_authors l JOIN authors n ON n.id = l.author_id
                    WHERE l.article_id = a.id ORDER BY l.position)) AS authors,
               a.published_at, s.name AS source, a.site_name, a.section, a.language,
               (SELECT group_concat(name, '; ') FROM (
                    SELECT n.name FROM article_tags l JOIN tags n ON n.id = l.tag_id
                    WHERE l.article_id = a.id ORDER BY l.position)) AS tags,
               a.word_count,
               (SELECT count(*) FROM headings h WHERE h.article_id = a.id) AS headings,
               (SELECT count(*) FROM list_items i WHERE i.article_id = a.id) AS list_items,
               (SELECT count(*) FROM faqs f WHERE f.article_id = a.id) AS faqs,
               a.revision, a.confidence, a.access, a.duplicate_of,
               a.first_seen_at, a.changed_at, a.url
        FROM articles a LEFT JOIN sources s ON s.id = a.source_id
        """,
    )
    db.create_view(
        "faq_overview",
        """
        SELECT f.article_id, f.position, f.question, f.answer, f.source AS found_in,
               a.title, a.published_at, a.language, s.name AS source, a.url
        FROM faqs f JOIN articles a ON a.id = f.article_id
        LEFT JOIN sources s ON s.id = a.source_id
        """,
    )
    db.create_view(
        "source_health",
        """
        WITH recent AS (
            SELECT source_id, count(*) AS fetches, count(error) AS failures
            FROM fetches
            WHERE source_id IS NOT NULL
              AND fetched_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-7 days')
            GROUP BY source_id
        ), stored AS (
            SELECT source_id, count(*) AS articles, max(first_seen_at) AS newest_article_at,
                   avg(confidence) AS average_confidence
            FROM articles WHERE source_id IS NOT NULL GROUP BY source_id
        )
        SELECT s.id, s.name, s.url, s.kind, s.last_success_at,
               coalesce(stored.articles, 0) AS articles,
               stored.newest_article_at,
               round(stored.average_confidence, 3) AS average_confidence,
               coalesce(recent.fetches, 0) AS fetches_7_days,
               coalesce(recent.failures, 0) AS failures_7_days,
               round(1.0 * recent.failures / recent.fetches, 3) AS failure_share_7_days
        FROM sources s
        LEFT JOIN stored ON stored.source_id = s.id
        LEFT JOIN recent ON recent.source_id = s.id
        """,
    )
