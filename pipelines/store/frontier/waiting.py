"""Stories that wait for their first turn: how many, how far back, and the last of them in time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from pipelines.store.database.database import Connected, reading, transaction
from pipelines.store.frontier.lanes import FIRST_STORY, LANES, story_date

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST_HOSTS: Final = 50
_SHARE_OF_THE_LAST: Final = 10
_STORIES: Final = LANES["stories"]
_WAITING: Final = (
    "state = 'due' AND source_id = ? AND host = ? "
    f"AND priority >= {_STORIES.low} AND priority < {FIRST_STORY}"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The stories of a source that were found and not asked for yet.

    Attributes:
        count: How many there are.
        newest: When the next of them is from, UTC; None when none has a date.
        oldest: When the last of them is from.
    """

    count: int
    newest: datetime | None
    oldest: datetime | None


def count_waiting(db: Connected, source_id: int) -> Waiting:
    """What of a source waits for its first turn.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        count, newest, oldest = db.conn.execute(
            "SELECT count(*), max(iif(priority < ?2, priority, NULL)), "
            "min(iif(priority >= 16, priority, NULL)) FROM urls WHERE state = 'due' "
            "AND source_id = ?1 AND priority >= ?3 AND priority < ?4",
            (source_id, FIRST_STORY, _STORIES.low, _STORIES.high),
        ).fetchone()
    return Waiting(
        count=count,
        newest=None if newest is None else story_date(newest),
        oldest=None if oldest is None else story_date(oldest),
    )


def lift_last(db: Database, source_id: int, *, most: int) -> int:
    """Put the last of the waiting stories first, where more wait than a crawl takes.

    A tenth of a crawl's share goes to them. The newest come first otherwise, so that on a site that
    publishes as much as is taken the others would wait for ever.

    Args:
        db: The database.
        source_id: Whose stories.
        most: How many a crawl takes.

    Returns:
        How many were put first.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        hosts = list(islice(_hosts(db.conn, source_id), _MOST_HOSTS))
        waiting = sum(_count_up_to(db.conn, source_id, host, most + 1) for host in hosts)
        if waiting <= most:
            return 0
        share = max(most // _SHARE_OF_THE_LAST // len(hosts), 1)
        return sum(_lift(db.conn, source_id, host, share) for host in hosts)


def forget_unwanted(db: Database, source_id: int, is_wanted: Callable[[str], bool]) -> int:
    """Take stories out that were found, never asked for, and are not wanted any more; how many.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        rows = db.conn.execute(
            "SELECT id, url FROM urls WHERE source_id = ? AND state = 'due' AND kind = 'article' "
            "AND last_fetched_at IS NULL",
            (source_id,),
        ).fetchall()
        unwanted = [(url_id,) for url_id, url in rows if not is_wanted(url)]
        db.conn.executemany("DELETE FROM urls WHERE id = ?", unwanted)
    return len(unwanted)


def _hosts(conn: sqlite3.Connection, source_id: int) -> Iterator[str]:
    """Hosts at which something of a source is due, each looked up in the index."""
    host = ""
    while True:
        row = conn.execute(
            "SELECT host FROM urls WHERE state = 'due' AND source_id = ? AND host > ? "
            "ORDER BY host LIMIT 1",
            (source_id, host),
        ).fetchone()
        if row is None:
            return
        host = row[0]
        yield host


def _count_up_to(conn: sqlite3.Connection, source_id: int, host: str, most: int) -> int:
    row = conn.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM urls WHERE {_WAITING} LIMIT ?)",
        (source_id, host, most),
    ).fetchone()
    return int(row[0])


def _lift(conn: sqlite3.Connection, source_id: int, host: str, most: int) -> int:
    return conn.execute(
        "UPDATE urls SET priority = ? WHERE id IN (SELECT id FROM urls "
        f"WHERE {_WAITING} ORDER BY priority, id DESC LIMIT ?)",
        (FIRST_STORY, source_id, host, most),
    ).rowcount
