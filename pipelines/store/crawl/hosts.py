"""How hosts behave, from one crawl to the next: the value by which they are backed off from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipelines.store.database.database import Connected, reading, transaction
from pipelines.store.database.times import optional_utc_text, parse_utc, utc_text
from scraper.backoff import Backoff

if TYPE_CHECKING:
    from sqlite_utils import Database


def save_backoff(db: Database, host: str, backoff: Backoff, at: datetime | None = None) -> None:
    """Keep how a host stands after the request answered or failed at `at` (now when None).

    Raises:
        StoreError: The database cannot be written.
    """
    has_failed = backoff.failures_in_a_row or backoff.refusals
    column = "last_failure_at" if has_failed else "last_success_at"
    with transaction(db):
        db.conn.execute(
            "INSERT INTO hosts (host, failures_in_a_row, refusals, backoff_until, "
            f"last_error, {column}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET "
            "failures_in_a_row = excluded.failures_in_a_row, "
            "refusals = excluded.refusals, "
            "backoff_until = excluded.backoff_until, "
            "last_error = coalesce(excluded.last_error, last_error), "
            f"{column} = excluded.{column}",
            (
                host,
                backoff.failures_in_a_row,
                backoff.refusals,
                optional_utc_text(backoff.until),
                backoff.why,
                utc_text(at),
            ),
        )


def load_backoffs(db: Database, hosts: Collection[str]) -> dict[str, Backoff]:
    """How those of these hosts stand that have failed since they last answered.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            f"SELECT {_COLUMNS} FROM hosts "
            "WHERE (failures_in_a_row > 0 OR refusals > 0) "
            "AND host IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(hosts)),),
        ).fetchall()
    return _by_host(rows)


def load_backing_off(db: Connected, at: datetime | None = None) -> dict[str, Backoff]:
    """Hosts that are backed off from at `at` (now when None), those the longest to go first.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            f"SELECT {_COLUMNS} FROM hosts WHERE backoff_until > ? ORDER BY backoff_until DESC",
            (utc_text(at),),
        ).fetchall()
    return _by_host(rows)


_COLUMNS: Final = "host, failures_in_a_row, backoff_until, last_error, refusals"


def _by_host(rows: Iterable[tuple[str, int, str | None, str | None, int]]) -> dict[str, Backoff]:
    return {
        host: Backoff(failures, parse_utc(until), error, refusals)
        for host, failures, until, error, refusals in rows
    }
