"""One row a crawl: when it ran, and what came of it."""

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from pipelines.store.database.database import transaction
from pipelines.store.database.times import utc_text


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


def start_crawl(db: Database) -> int:
    """Add a crawl that begins now and return its id.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        cursor = db.conn.execute("INSERT INTO crawls (started_at) VALUES (?)", (utc_text(),))
        return int(cursor.lastrowid or 0)


def finish_crawl(db: Database, crawl_id: int, counts: CrawlCounts) -> None:
    """Note that a crawl ended, and how; one without an end was killed.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.table("crawls").update(crawl_id, {"finished_at": utc_text(), **asdict(counts)})
