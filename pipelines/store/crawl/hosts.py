"""How hosts behave: which ones keep failing and until when they are left alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import parse_utc, utc_text

_FIRST_BACKOFF_SECONDS = 60.0
_LONGEST_BACKOFF_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class HostState:
    """One row of `hosts`; `backoff_until` is None for a host that answers."""

    host: str
    failures_in_a_row: int
    backoff_until: datetime | None
    last_error: str | None


def record_host_success(db: Database, host: str, at: datetime | None = None) -> None:
    """Note that a host answered: it is asked again as ever."""
    now = utc_text(at)
    with transaction(db):
        db.conn.execute(
            "INSERT INTO hosts (host, failures_in_a_row, last_success_at) VALUES (?, 0, ?) "
            "ON CONFLICT (host) DO UPDATE SET failures_in_a_row = 0, backoff_until = NULL, "
            "last_success_at = excluded.last_success_at",
            (host, now),
        )


def record_host_failure(
    db: Database,
    host: str,
    error: str,
    *,
    at: datetime | None = None,
    retry_after_seconds: float | None = None,
) -> HostState:
    """Note that a host failed, and leave it alone for twice as long as the last time.

    The first failure costs a minute, the longest pause is a day; what the host itself asks for
    (`retry_after_seconds`) is the least it gets.

    Raises:
        StoreError: The database cannot be written.
    """
    moment = at or datetime.now(UTC)
    with transaction(db):
        row = db.conn.execute(
            "SELECT failures_in_a_row FROM hosts WHERE host = ?", (host,)
        ).fetchone()
        failures = (row[0] if row else 0) + 1
        seconds = min(
            _FIRST_BACKOFF_SECONDS * 2.0 ** min(failures - 1, 30), _LONGEST_BACKOFF_SECONDS
        )
        until = moment + timedelta(seconds=max(seconds, retry_after_seconds or 0.0))
        db.conn.execute(
            "INSERT INTO hosts (host, failures_in_a_row, backoff_until, last_error, "
            "last_failure_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET "
            "failures_in_a_row = excluded.failures_in_a_row, "
            "backoff_until = excluded.backoff_until, last_error = excluded.last_error, "
            "last_failure_at = excluded.last_failure_at",
            (host, failures, utc_text(until), error, utc_text(moment)),
        )
    return HostState(host, failures, until, error)


def load_backing_off(db: Database, at: datetime | None = None) -> list[HostState]:
    """Hosts that are being left alone at `at` (now when None), those the longest to go first."""
    with reading(db):
        rows = db.conn.execute(
            "SELECT host, failures_in_a_row, backoff_until, last_error FROM hosts "
            "WHERE backoff_until > ? ORDER BY backoff_until DESC",
            (utc_text(at),),
        ).fetchall()
    return [HostState(host, count, parse_utc(until), error) for host, count, until, error in rows]


def hosts_backing_off(db: Database, at: datetime | None = None) -> frozenset[str]:
    """The names of `load_backing_off`."""
    return frozenset(state.host for state in load_backing_off(db, at))


def forget_backoff(db: Database, hosts: Iterable[str]) -> None:
    """Ask these hosts again at once."""
    with transaction(db):
        db.conn.executemany(
            "UPDATE hosts SET backoff_until = NULL WHERE host = ?", [(host,) for host in hosts]
        )
