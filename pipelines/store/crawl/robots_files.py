"""robots.txt of the sites that were met, so that a crawl every few minutes asks once a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import parse_utc, utc_text

_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """A robots.txt as it was; `body` is empty for a site that has none."""

    body: bytes
    fetched_at: datetime


def save_robots(db: Database, origin: str, body: bytes, fetched_at: datetime | None = None) -> None:
    """Keep the robots.txt of an origin (``https://example.org``) in place of the one before.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "INSERT INTO robots (origin, body, fetched_at) VALUES (?, ?, ?) ON CONFLICT (origin) "
            "DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
            (origin, body.decode("utf-8", "replace"), utc_text(fetched_at)),
        )


def load_robots(db: Database, origin: str) -> StoredRobots | None:
    """The robots.txt of an origin, however old; None when it was never fetched.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT body, fetched_at FROM robots WHERE origin = ?", (origin,)
        ).fetchone()
    fetched_at = parse_utc(row[1]) if row is not None else None
    return None if fetched_at is None else StoredRobots(row[0].encode(), fetched_at)


def forget_old_robots(db: Database, now: datetime | None = None) -> int:
    """Forget those fetched more than a month ago, and return how many.

    Raises:
        StoreError: The database cannot be written.
    """
    before = (now or datetime.now(UTC)) - _KEPT
    with transaction(db):
        return db.conn.execute(
            "DELETE FROM robots WHERE fetched_at < ?", (utc_text(before),)
        ).rowcount
