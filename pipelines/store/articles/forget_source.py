"""Taking a source out of the database: its part of the frontier, and its articles if so wanted.

Everything that refers to a row goes with it or is led elsewhere, so that nothing is left over: but
for articles, a later row may get the number of one that is gone. What others have too stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction

# Articles of the source that another one leads to as well, by any of their addresses.
_OTHER_SOURCE = (
    "(SELECT min(u.source_id) FROM urls u WHERE u.source_id <> :source AND u.kind = 'article' "
    "AND u.url IN (SELECT a.url UNION ALL SELECT a.canonical_url "
    "UNION ALL SELECT x.url FROM article_urls x WHERE x.article_id = a.id))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHoldings:
    """What the database has of a source.

    Attributes:
        id: `sources.id`.
        kind: `sources.kind`.
        urls: Addresses in the frontier.
        articles: Articles filed under it, those apart that another source has too.
        shared: Articles filed under it that another source leads to as well.
        revisions: Earlier versions of `articles`.
        pages: Raw pages of `articles`.
        suspects: Versions that were not believed.
    """

    id: int
    kind: str
    urls: int
    articles: int
    shared: int
    revisions: int
    pages: int
    suspects: int


def find_holdings(db: Database, name: str) -> SourceHoldings | None:
    """What there is of a source; None when there is none called so, or it was removed before.

    A removed source of which articles were kept is there: they may be deleted later.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute("SELECT id, kind FROM sources WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        source_id, kind = row
        with _chosen_articles(db, source_id):
            (urls, articles, shared, revisions, pages, suspects) = db.conn.execute(
                "SELECT (SELECT count(*) FROM urls WHERE source_id = :source), "
                "(SELECT count(*) FROM going), "
                "(SELECT count(*) FROM articles WHERE source_id = :source) - "
                "(SELECT count(*) FROM going), "
                "(SELECT count(*) FROM revisions WHERE article_id IN going), "
                "(SELECT count(*) FROM pages WHERE hash IN going_pages), "
                "(SELECT count(*) FROM suspect_versions WHERE source_id = :source)",
                {"source": source_id},
            ).fetchone()
    return SourceHoldings(
        id=source_id,
        kind=kind,
        urls=urls,
        articles=articles,
        shared=shared,
        revisions=revisions,
        pages=pages,
        suspects=suspects,
    )


def forget_source(db: Database, source_id: int, *, with_articles: bool) -> None:
    """Take a source out of the frontier; its articles stay, or go too.

    Where something stays that names the source, its row does too and is of the kind ``removed``.

    Raises:
        StoreError: The database cannot be written; nothing was taken out then.
    """
    values = {"source": source_id}
    with transaction(db), _chosen_articles(db, source_id):
        if with_articles:
            _lead_copies_elsewhere(db)
            _hand_over_shared(db, values)
            _delete_articles(db, values)
        else:
            db.conn.execute(
                "DELETE FROM suspect_versions WHERE source_id = :source AND article_id IS NULL",
                values,
            )
        _delete_frontier(db, values)
        _delete_pages(db, values)
        is_named = db.conn.execute(
            "SELECT EXISTS (SELECT 1 FROM articles WHERE source_id = :source) "
            "OR EXISTS (SELECT 1 FROM suspect_versions WHERE source_id = :source) "
            "OR EXISTS (SELECT 1 FROM ingests WHERE source_id = :source)",
            values,
        ).fetchone()[0]
        if is_named:
            db.conn.execute(
                "UPDATE sources SET kind = 'removed', last_success_at = NULL WHERE id = :source",
                values,
            )
        else:
            db.conn.execute("DELETE FROM sources WHERE id = :source", values)


@contextmanager
def _chosen_articles(db: Database, source_id: int) -> Iterator[None]:
    """Inside, `going` has the ids of the source's own articles, `going_pages` its raw pages."""
    values = {"source": source_id}
    _drop_choice(db)
    db.conn.execute("CREATE TEMP TABLE going (id INTEGER PRIMARY KEY)")
    db.conn.execute("CREATE TEMP TABLE going_pages (hash TEXT PRIMARY KEY) WITHOUT ROWID")
    db.conn.execute(
        "INSERT INTO going SELECT a.id FROM articles a "
        f"WHERE a.source_id = :source AND {_OTHER_SOURCE} IS NULL",
        values,
    )
    db.conn.execute(
        "INSERT INTO going_pages SELECT page_hash FROM articles "
        "WHERE id IN going AND page_hash IS NOT NULL "
        "UNION SELECT page_hash FROM article_pages WHERE article_id IN going "
        "UNION SELECT page_hash FROM suspect_versions "
        "WHERE source_id = :source AND page_hash IS NOT NULL "
        "UNION SELECT hash FROM pages WHERE source_id = :source",
        values,
    )
    try:
        yield
    finally:
        _drop_choice(db)


def _drop_choice(db: Database) -> None:
    db.conn.execute("DROP TABLE IF EXISTS temp.going")
    db.conn.execute("DROP TABLE IF EXISTS temp.going_pages")


def _lead_copies_elsewhere(db: Database) -> None:
    """Of the copies of an article that goes, the oldest becomes the one that the others copy."""
    heirs = db.conn.execute(
        "SELECT duplicate_of, min(id) FROM articles "
        "WHERE duplicate_of IN going AND id NOT IN going GROUP BY duplicate_of"
    ).fetchall()
    db.conn.executemany(
        "UPDATE articles SET duplicate_of = nullif(?2, id) "
        "WHERE duplicate_of = ?1 AND id NOT IN going",
        heirs,
    )


def _hand_over_shared(db: Database, values: dict[str, int]) -> None:
    """What another source leads to is filed under that one, with what belongs to it."""
    db.conn.execute(
        f"UPDATE articles AS a SET source_id = {_OTHER_SOURCE} "
        "WHERE a.source_id = :source AND a.id NOT IN going",
        values,
    )
    for table, article in (
        ("suspect_versions", "a.id = suspect_versions.article_id"),
        ("pages", "a.page_hash = pages.hash"),
        (
            "pages",
            "a.id IN (SELECT article_id FROM article_pages WHERE page_hash = pages.hash)",
        ),
    ):
        db.conn.execute(
            f"UPDATE {table} SET source_id = (SELECT a.source_id FROM articles a "
            f"WHERE {article} AND a.source_id <> :source LIMIT 1) WHERE source_id = :source "
            f"AND EXISTS (SELECT 1 FROM articles a WHERE {article} AND a.source_id <> :source)",
            values,
        )


def _delete_articles(db: Database, values: dict[str, int]) -> None:
    """The articles with all their parts, which the database deletes with them, and other traces."""
    run = db.conn.execute
    run("DELETE FROM suspect_versions WHERE source_id = :source", values)
    run("DELETE FROM duplicate_keys WHERE article_id IN going")
    run("DELETE FROM articles WHERE id IN going")
    for table, link, column in (
        ("authors", "article_authors", "author_id"),
        ("tags", "article_tags", "tag_id"),
    ):
        run(
            f"DELETE FROM {table} WHERE NOT EXISTS "
            f"(SELECT 1 FROM {link} l WHERE l.{column} = {table}.id)"
        )
    run("DELETE FROM ingests WHERE source_id = :source", values)


def _delete_frontier(db: Database, values: dict[str, int]) -> None:
    """Its addresses, with the record of requests for them, and its failures."""
    run = db.conn.execute
    run(
        "UPDATE suspect_versions SET url_id = NULL "
        "WHERE url_id IN (SELECT id FROM urls WHERE source_id = :source)",
        values,
    )
    run("DELETE FROM failures WHERE source_id = :source", values)
    run("DELETE FROM fetch_days WHERE source_id = :source", values)
    run("DELETE FROM urls WHERE source_id = :source", values)


def _delete_pages(db: Database, values: dict[str, int]) -> None:
    """Raw pages of the source that nothing is read from any more."""
    db.conn.execute(
        "DELETE FROM pages WHERE hash IN going_pages "
        "AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.page_hash = pages.hash) "
        "AND NOT EXISTS (SELECT 1 FROM article_pages p WHERE p.page_hash = pages.hash) "
        "AND hash NOT IN (SELECT page_hash FROM suspect_versions WHERE page_hash IS NOT NULL)",
        values,
    )
