"""Step 7: what is not believed at once has a row of its own, and a URL says who lists it."""

import re

from sqlite_utils import Database

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def remember_judgement(db: Database) -> None:
    """`suspect_versions`, and what judging a version and asking again take into account."""
    db.execute(
        "CREATE TABLE suspect_versions ("
        "id INTEGER PRIMARY KEY, url_id INTEGER, source_id INTEGER REFERENCES sources(id), "
        "article_id INTEGER REFERENCES articles(id) ON DELETE CASCADE, "
        "url TEXT NOT NULL, host TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, "
        "title TEXT, text TEXT NOT NULL, content_hash TEXT NOT NULL, confidence REAL, "
        "page_hash TEXT, visits INTEGER NOT NULL, first_seen_at TEXT NOT NULL, "
        "last_seen_at TEXT NOT NULL, outcome TEXT NOT NULL, settled_at TEXT)"
    )
    db.execute(
        "CREATE UNIQUE INDEX idx_suspect_versions_open ON suspect_versions (url) "
        "WHERE outcome = 'open'"
    )
    db.execute("CREATE INDEX idx_suspect_versions_article ON suspect_versions (article_id)")
    db.execute("CREATE INDEX idx_suspect_versions_host ON suspect_versions (host, last_seen_at)")
    db.execute(
        "CREATE INDEX idx_suspect_versions_source ON suspect_versions (source_id, last_seen_at)"
    )
    # Where a URL led when it was last asked, and when a feed, sitemap or page last named it,
    # and what it said of the story.
    db.execute("ALTER TABLE urls ADD COLUMN redirects_to TEXT")
    db.execute("ALTER TABLE urls ADD COLUMN listed_at TEXT")
    db.execute("ALTER TABLE urls ADD COLUMN listing TEXT")
    db.execute(
        "CREATE INDEX idx_urls_redirects_to ON urls (redirects_to) WHERE redirects_to IS NOT NULL"
    )
    # What a feed, sitemap or page led to when it was last read, and usually: silence shows by it.
    db.execute("ALTER TABLE urls ADD COLUMN links_found INTEGER")
    db.execute("ALTER TABLE urls ADD COLUMN links_usual REAL")
    # Lanes: what was asked before is looked at again after what is new.
    db.execute(
        "UPDATE urls SET priority = CASE WHEN kind = 'article' AND last_fetched_at IS NOT NULL "
        "THEN -1 WHEN kind = 'article' THEN 0 WHEN kind = 'sitemap' AND depth > 1 THEN 100000000 "
        "ELSE 200000000 + priority END"
    )
    # With which settings its lists were read, and how often what they called changed was so.
    db.execute("ALTER TABLE sources ADD COLUMN settings TEXT")
    db.execute("ALTER TABLE sources ADD COLUMN dates_right REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE sources ADD COLUMN dates_wrong REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE crawls ADD COLUMN suspect INTEGER NOT NULL DEFAULT 0")
    # Whose crawl it is, so that the next one closes what a killed one left open.
    db.execute("ALTER TABLE crawls ADD COLUMN owner TEXT")
    db.execute("ALTER TABLE crawls ADD COLUMN outcome TEXT")
    db.execute("UPDATE crawls SET outcome = 'done' WHERE finished_at IS NOT NULL")
    # Of older requests the sums of a day are kept.
    db.execute(
        "CREATE TABLE fetch_days (source_id INTEGER NOT NULL REFERENCES sources(id), "
        "day TEXT NOT NULL, status INTEGER NOT NULL, requests INTEGER NOT NULL, "
        "failed INTEGER NOT NULL, bytes INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, "
        "PRIMARY KEY (source_id, day, status)) WITHOUT ROWID"
    )
    db.execute("ALTER TABLE hosts ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0")
    # Numbers of articles that are gone are never given again: people's tables name them.
    db.execute("CREATE TABLE article_marks (id INTEGER NOT NULL, change_id INTEGER NOT NULL)")
    db.execute("INSERT INTO article_marks VALUES (0, 0)")
    db.execute(
        "CREATE TRIGGER articles_marks AFTER DELETE ON articles BEGIN UPDATE article_marks SET "
        "id = max(id, old.id), change_id = max(change_id, old.change_id); END"
    )
    # What the page of an article is; of those stored before nobody has looked.
    db.execute("ALTER TABLE articles ADD COLUMN page_kind TEXT")
    db.execute("ALTER TABLE articles ADD COLUMN page_kind_probability REAL")
    _keep_posts(db)
    _spell_escapes_alike(db)


def _keep_posts(db: Database) -> None:
    """What readers wrote under articles, and the entries of live blogs."""
    key = (
        "article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE, "
        "position INTEGER NOT NULL"
    )
    for name, columns in (
        ("comments", "depth INTEGER NOT NULL, author TEXT, published_at TEXT, text TEXT NOT NULL"),
        ("entries", "published_at TEXT, heading TEXT, author TEXT, text TEXT NOT NULL"),
    ):
        db.execute(
            f"CREATE TABLE {name} ({key}, {columns}, PRIMARY KEY (article_id, position)) "
            "WITHOUT ROWID"
        )


def _spell_escapes_alike(db: Database) -> None:
    """Addresses are compared with escapes in capitals; one that is there twice stays so."""
    for table in ("urls", "articles", "article_urls"):
        urls = db.execute(f"SELECT url FROM {table} WHERE instr(url, '%') > 0").fetchall()
        spelled = [
            (_ESCAPE.sub(lambda escape: escape.group().upper(), url), url) for (url,) in urls
        ]
        db.conn.executemany(f"UPDATE OR IGNORE {table} SET url = ? WHERE url = ?", spelled)
