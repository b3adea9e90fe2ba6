"""Asking again now: for what failed, is gone or is in doubt, and hosts that are backed off from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from pipelines.store.database.database import transaction

_WHAT_FAILED: Final = "(state IN ('failed', 'gone') OR (state = 'done' AND last_error IS NOT NULL))"


@dataclass(frozen=True, slots=True)
class Retried:
    """What will be asked again.

    Attributes:
        urls: Addresses that are due now.
        hosts: Hosts that are no longer backed off from.
    """

    urls: int
    hosts: int


def retry_source(db: Database, source_id: int) -> Retried:
    """Make everything of a source due that failed, is gone or was not believed.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        hosts = _forget_backoffs(db, "source_id = ?", source_id)
        return Retried(_make_due(db, f"source_id = ? AND {_WHAT_FAILED}", source_id), hosts)


def retry_urls(db: Database, urls: Sequence[str]) -> tuple[Retried, tuple[int, ...]]:
    """Make addresses due.

    Returns:
        What will be asked again, and the ids of the sources it belongs to; none when no address is
        in the frontier.

    Raises:
        StoreError: The database cannot be written.
    """
    addresses, named = "url IN (SELECT value FROM json_each(?))", json.dumps(list(urls))
    with transaction(db):
        sources = db.conn.execute(
            f"SELECT DISTINCT source_id FROM urls WHERE {addresses}", (named,)
        ).fetchall()
        hosts = _forget_backoffs(db, addresses, named)
        return Retried(_make_due(db, addresses, named), hosts), tuple(row[0] for row in sources)


def _make_due(db: Database, condition: str, *values: object) -> int:
    """Make addresses due, to be fetched in full and as if for the first time."""
    return db.conn.execute(
        "UPDATE urls SET state = 'due', next_fetch_at = NULL, attempts = 0, etag = NULL, "
        f"last_modified = NULL WHERE state <> 'leased' AND {condition}",
        values,
    ).rowcount


def _forget_backoffs(db: Database, condition: str, *values: object) -> int:
    return db.conn.execute(
        "UPDATE hosts SET backoff_until = NULL, failures_in_a_row = 0, refusals = 0 "
        "WHERE (backoff_until IS NOT NULL OR failures_in_a_row > 0 OR refusals > 0) "
        f"AND host IN (SELECT host FROM urls WHERE {condition})",
        values,
    ).rowcount
