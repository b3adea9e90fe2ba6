"""What a crawl leaves behind whose clock was ahead: dates that would keep URLs waiting for days."""

from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.store.database.database import transaction
from pipelines.store.database.times import utc_text

_AGAIN: Final = timedelta(days=1)
_SLACK: Final = timedelta(minutes=10)  # computers that share a database differ by less


def bring_back(db: Database, now: datetime) -> int:
    """Put what was done in the future back to now, and look at it again within a day.

    The time between two looks decides when the next one is: with a wrong one in between, that says
    nothing. Articles that were seen in the future would take no newer version before. Only where a
    crawl began in the future; otherwise it costs one look at the newest ones.

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
            "UPDATE urls SET next_fetch_at = min(next_fetch_at, ?3), last_fetched_at = ?1 "
            "WHERE last_fetched_at > ?2",
            (present, latest, utc_text(now + _AGAIN)),
        ).rowcount
        db.conn.execute(
            "UPDATE articles SET last_seen_at = ?1, first_seen_at = min(first_seen_at, ?1), "
            "changed_at = min(changed_at, ?1) WHERE last_seen_at > ?2",
            (present, latest),
        )
        db.conn.execute(
            "UPDATE revisions SET replaced_at = ?1, seen_at = min(seen_at, ?1) "
            "WHERE replaced_at > ?2",
            (present, latest),
        )
        db.conn.execute(
            "UPDATE sources SET last_success_at = ?1 WHERE last_success_at > ?2",
            (present, latest),
        )
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
