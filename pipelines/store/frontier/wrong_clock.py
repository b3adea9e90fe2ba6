"""What a crawl leaves behind whose clock was ahead: dates that would keep URLs waiting for days."""

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.store.database.database import transaction
from pipelines.store.database.times import utc_text

_SLACK: Final = timedelta(minutes=10)  # computers that share a database differ by less


def bring_back(db: Database, now: datetime) -> int:
    """Put what was done in the future back to now, and its next date as much earlier.

    Only where a crawl began in the future, which costs one look at the newest ones otherwise.

    Args:
        db: The database.
        now: The present, of which this computer is sure.

    Returns:
        How many URLs that concerned.

    Raises:
        StoreError: The database cannot be written.
    """
    present, latest = utc_text(now), utc_text(now + _SLACK)
    with transaction(db):
        if not _is_anything_ahead(db, latest):
            return 0
        moved = db.conn.execute(
            "UPDATE urls SET next_fetch_at = strftime('%Y-%m-%dT%H:%M:%fZ', "
            "julianday(next_fetch_at) - julianday(last_fetched_at) + julianday(?1)), "
            "last_fetched_at = ?1 WHERE last_fetched_at > ?2",
            (present, latest),
        ).rowcount
        db.conn.execute(
            "UPDATE hosts SET backoff_until = NULL, last_failure_at = ?1 "
            "WHERE last_failure_at > ?2",
            (present, latest),
        )
        db.conn.execute(
            "UPDATE suspect_versions SET last_seen_at = ?1, first_seen_at = min(first_seen_at, ?1) "
            "WHERE last_seen_at > ?2",
            (present, latest),
        )
    return moved


def _is_anything_ahead(db: Database, latest: str) -> bool:
    row = db.conn.execute(
        "SELECT 1 FROM (SELECT started_at FROM crawls ORDER BY id DESC LIMIT 100) "
        "WHERE started_at > ? LIMIT 1",
        (latest,),
    ).fetchone()
    return row is not None
