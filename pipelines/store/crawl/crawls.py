"""One row a crawl: when it ran, and what came of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text

CrawlOutcome = Literal["done", "stopped", "killed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlCounts:
    """What a crawl did.

    Attributes:
        fetched: Requests answered with a page.
        not_modified: Requests answered with "what you have is current".
        failed: Requests and pages that failed; each is a row in `failures`.
        bytes: Transferred over the wire.
    """

    fetched: int = 0
    not_modified: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    failed: int = 0
    bytes: int = 0
    suspect: int = 0


def start_crawl(db: Database, owner: str | None = None) -> int:
    """Add a crawl that begins now and return its id.

    Args:
        db: The database.
        owner: Which process runs it, so that the next one knows whether it was killed.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        cursor = db.conn.execute(
            "INSERT INTO crawls (started_at, owner) VALUES (?, ?)", (utc_text(), owner)
        )
        return int(cursor.lastrowid or 0)


def finish_crawl(
    db: Database, crawl_id: int, counts: CrawlCounts, *, outcome: CrawlOutcome = "done"
) -> None:
    """Note that a crawl ended, and how.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.table("crawls").update(
            crawl_id, {"finished_at": utc_text(), "outcome": outcome, **asdict(counts)}
        )


def close_killed_crawls(db: Database, is_gone: Callable[[str], bool]) -> int:
    """Note of crawls that ended without a word that they were killed, and what they had done.

    They ended with their last request; what they stored is counted from what is there.

    Args:
        db: The database.
        is_gone: Whether the process that ran a crawl has certainly ended.

    Returns:
        How many crawls were closed.

    Raises:
        StoreError: The database cannot be written.
    """
    a_day_ago = utc_text(datetime.now(UTC) - timedelta(days=1))
    with transaction(db):
        rows = db.conn.execute(
            "SELECT id, owner, started_at FROM crawls WHERE finished_at IS NULL"
        ).fetchall()
        killed = [
            crawl_id
            for crawl_id, owner, started_at in rows
            if (is_gone(owner) if owner is not None else started_at < a_day_ago)
        ]
        db.conn.executemany(_CLOSE, [(crawl_id,) for crawl_id in killed])
    return len(killed)


def open_crawl_owners(db: Database) -> list[str]:
    """Which processes began a crawl whose end is not noted: they run it, or were killed.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT owner FROM crawls WHERE finished_at IS NULL AND owner IS NOT NULL"
        ).fetchall()
    return [row[0] for row in rows]


_OF_IT: Final = "FROM fetches f WHERE f.crawl_id = crawls.id"
_ITS_ARTICLES: Final = (
    "SELECT count(*) FROM articles a WHERE a.source_id IN "
    f"(SELECT f.source_id {_OF_IT}) AND a.{{column}} BETWEEN crawls.started_at AND "
    f"(SELECT max(f.fetched_at) {_OF_IT})"
)
_CLOSE: Final = (
    f"UPDATE crawls SET outcome = 'killed', "
    f"finished_at = coalesce((SELECT max(f.fetched_at) {_OF_IT}), started_at), "
    f"fetched = (SELECT count(*) {_OF_IT} AND f.status BETWEEN 200 AND 299), "
    f"not_modified = (SELECT count(*) {_OF_IT} AND f.status = 304), "
    f"bytes = (SELECT coalesce(sum(f.bytes), 0) {_OF_IT}), "
    "failed = (SELECT count(*) FROM failures x WHERE x.crawl_id = crawls.id), "
    f"articles_new = ({_ITS_ARTICLES.format(column='first_seen_at')}), "
    f"articles_changed = ({_ITS_ARTICLES.format(column='changed_at')} AND a.revision > 1) "
    "WHERE id = ?"
)


def prune_crawls(db: Database, before: datetime) -> int:
    """Forget crawls that ended before a moment; how many.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "DELETE FROM crawls WHERE finished_at < ?", (utc_text(before),)
        ).rowcount
