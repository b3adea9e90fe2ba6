"""The record of requests: one row for each, whatever came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text

_AT_ONCE: Final = timedelta(days=31)
_LATEST: Final = 2_000  # requests: those of the last minute, of a crawl as fast as they come


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One request and what came of it; `status` is None when no answer came."""

    url_id: int
    source_id: int | None = None
    crawl_id: int | None = None
    fetched_at: datetime | None = None
    status: int | None = None
    bytes: int = 0
    elapsed_ms: int = 0
    error: str | None = None


def record_fetch(db: Database, fetch: FetchRecord) -> None:
    """Add a request to the record of requests.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "INSERT INTO fetches (url_id, crawl_id, source_id, fetched_at, status, bytes, "
            "elapsed_ms, error) VALUES (?, ?, "
            "coalesce(?, (SELECT source_id FROM urls WHERE id = ?)), ?, ?, ?, ?, ?)",
            (
                fetch.url_id,
                fetch.crawl_id,
                fetch.source_id,
                fetch.url_id,
                utc_text(fetch.fetched_at),
                fetch.status,
                fetch.bytes,
                fetch.elapsed_ms,
                fetch.error,
            ),
        )


def last_asked(db: Database, hosts: Collection[str]) -> dict[str, datetime]:
    """When each of these hosts was last asked, as far as the latest requests of all tell.

    Raises:
        StoreError: The database cannot be read.
    """
    if not hosts:
        return {}
    with reading(db):
        rows = db.conn.execute(
            "SELECT u.host, max(f.fetched_at) FROM fetches f JOIN urls u ON u.id = f.url_id "
            "WHERE f.id > (SELECT max(id) FROM fetches) - ? GROUP BY u.host",
            (_LATEST,),
        ).fetchall()
    return {host: datetime.fromisoformat(at) for host, at in rows if host in hosts}


def sum_up_fetches(db: Database, before: datetime, *, source_id: int) -> int:
    """Put the sums of each day from before a moment in the place of its requests; how many.

    A month at a time, so that nobody waits for long where years have gathered.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        first = db.conn.execute(
            "SELECT min(fetched_at) FROM fetches WHERE source_id = ?", (source_id,)
        ).fetchone()[0]
        if first is None:
            return 0
        end = min(utc_text(before), utc_text(datetime.fromisoformat(first) + _AT_ONCE))[:10]
        db.conn.execute(
            "INSERT INTO fetch_days (source_id, day, status, requests, failed, bytes, elapsed_ms) "
            "SELECT source_id, substr(fetched_at, 1, 10) AS day, coalesce(status, 0) AS code, "
            "count(*), count(error), sum(bytes), sum(elapsed_ms) FROM fetches "
            "WHERE source_id = ? AND fetched_at < ? GROUP BY day, code "
            "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, "
            "failed = failed + excluded.failed, bytes = bytes + excluded.bytes, "
            "elapsed_ms = elapsed_ms + excluded.elapsed_ms",
            (source_id, end),
        )
        return db.conn.execute(
            "DELETE FROM fetches WHERE source_id = ? AND fetched_at < ?", (source_id, end)
        ).rowcount


def prune_fetches(db: Database, before: datetime, *, source_id: int) -> int:
    """Forget requests for a source from before a moment, and return how many that were.

    `source_health` looks back seven days; older requests are history only. Sums of days go as well.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "DELETE FROM fetch_days WHERE source_id = ? AND day < ?",
            (source_id, utc_text(before)[:10]),
        )
        return db.conn.execute(
            "DELETE FROM fetches WHERE source_id = ? AND fetched_at < ?",
            (source_id, utc_text(before)),
        ).rowcount
