"""What leads to stories: front pages, sections, feeds and sitemaps."""

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text
from pipelines.store.frontier.lanes import LANES

_IS_PART = f"priority < {LANES['lists'].low}"


def note_links(db: Database, url_id: int, count: int) -> None:
    """How many stories a feed, sitemap or page led to, for its silence to be noticed.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET links_found = ?1, links_usual = CASE WHEN ?1 > 0 "
            "THEN 0.8 * coalesce(links_usual, ?1) + 0.2 * ?1 ELSE links_usual END WHERE id = ?2",
            (count, url_id),
        )


def make_source_due(db: Database, source_id: int) -> int:
    """Make everything a source finds its articles on due now; how many addresses that are.

    These are its own URL and the sections, feeds and sitemaps that were found. A sitemap that an
    index names rests until its own time, or until the index says that it changed. What failed or is
    gone waits until it is to be asked again, or for a week, except the source's own URL.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "UPDATE urls SET state = 'due', next_fetch_at = NULL WHERE source_id = ?1 "
            "AND kind <> 'article' AND ("
            f"(state = 'done' AND (NOT {_IS_PART} OR coalesce(next_fetch_at, '') <= ?2)) OR "
            "(state IN ('failed', 'gone') AND (depth = 0 OR coalesce(next_fetch_at, "
            "strftime('%Y-%m-%dT%H:%M:%fZ', last_fetched_at, '7 days')) <= ?2)))",
            (source_id, utc_text()),
        ).rowcount


def read_lists_anew(db: Database, source_id: int) -> None:
    """Make every list of a source due, to be read in full though it did not change.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = 'due', next_fetch_at = NULL, etag = NULL, "
            "last_modified = NULL WHERE source_id = ? AND kind <> 'article' AND state = 'done'",
            (source_id,),
        )


def count_sitemaps(db: Database, source_id: int) -> int:
    """How many sitemaps of a source are in the frontier.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT count(*) FROM urls WHERE source_id = ? AND kind <> 'article' "
            "AND kind = 'sitemap'",
            (source_id,),
        ).fetchone()
    return int(row[0])
