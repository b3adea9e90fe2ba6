"""Leases: taking URLs of the frontier so that nobody else does.

A lease that runs out makes its URL due again, so that nothing is lost with a killed process; and
two processes never get the same URL, because leases are taken under the write lock. Nor do they get
URLs of the same host: who asks a host keeps its delay, and can do so only alone. Every step walks
an index: a lease from a million URLs costs what one from a thousand does.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import merge

from sqlite_utils import Database

from pipelines.store.crawl.hosts import load_backing_off
from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text
from pipelines.store.frontier.lanes import ALL_PRIORITIES, WAITING_SINCE_DUE, PriorityRange
from pipelines.store.frontier.urls import UrlKind

# A lease looks at this many queues (a source at a host) before it is content with what it has.
_MOST_QUEUES_PER_LEASE = 512
_MOST_REVIVED_PER_LEASE = 2_000


@dataclass(frozen=True, slots=True)
class LeasedUrl:
    """A URL that is ours to fetch until the lease runs out.

    Attributes:
        attempts: How many times it was tried since it last succeeded, this time included.
        etag: To ask with If-None-Match; None when the page was never seen or gave none.
        last_modified: To ask with If-Modified-Since.
        last_fetched_at: When it was last asked for; None when it never was.
        lastmod: When it changed, by the newest word of a feed or sitemap.
        listing: What such a list said of its story, as `Listing.to_json` wrote it.
    """

    id: int
    url: str
    source_id: int
    host: str
    kind: UrlKind
    depth: int
    priority: int
    attempts: int
    etag: str | None
    last_modified: str | None
    last_fetched_at: str | None
    lastmod: str | None
    listing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseOptions:
    """Which URLs to lease, and for how long.

    Attributes:
        limit: At most so many URLs.
        lease_seconds: How long they are ours.
        per_host: At most so many of one host, so that many hosts stay busy.
        source_ids: Of these sources only; None for all.
        ranges: Of a source that stands here only URLs of these priorities, the highest first.
        skip_hosts: Of none of these hosts, beside those that are backing off.
    """

    limit: int = 100
    lease_seconds: float = 300.0
    per_host: int = 8
    source_ids: Sequence[int] | None = None
    ranges: Mapping[int, Sequence[PriorityRange]] = field(default_factory=dict)
    skip_hosts: frozenset[str] = field(default_factory=frozenset)


_LEASED_COLUMNS = ", ".join(LeasedUrl.__dataclass_fields__)


def lease_urls(
    db: Database, owner: str, options: LeaseOptions | None = None, *, now: datetime | None = None
) -> list[LeasedUrl]:
    """Take URLs that are due; the most urgent first, but no more than a few of one host.

    Args:
        db: The database.
        owner: Who takes them; any text that no other process uses.
        options: How many, of what.
        now: The moment that counts; the present when None.

    Returns:
        What was taken; empty when nothing is due for these sources and hosts, or others are at work
        on all of them (`hosts_of_others`).

    Raises:
        StoreError: The database cannot be written.
    """
    wanted = options or LeaseOptions()
    moment = now or datetime.now(UTC)
    with transaction(db):
        _revive(db.conn, utc_text(moment))
        others = hosts_of_others(db, owner, now=moment)
        skipped = wanted.skip_hosts | others | frozenset(load_backing_off(db, moment))
        leased = _choose(db.conn, wanted, skipped)
        expires = utc_text(moment + timedelta(seconds=wanted.lease_seconds))
        db.conn.executemany(
            "UPDATE urls SET state = 'leased', lease_owner = ?, lease_expires_at = ?, "
            "attempts = attempts + 1 WHERE id = ?",
            [(owner, expires, url.id) for url in leased],
        )
    return leased


def hosts_of_others(db: Database, owner: str, *, now: datetime | None = None) -> frozenset[str]:
    """Hosts of which somebody else than `owner` has leased a URL.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT host FROM urls "
            "WHERE state = 'leased' AND lease_owner <> ? AND lease_expires_at > ?",
            (owner, utc_text(now)),
        ).fetchall()
    return frozenset(row[0] for row in rows)


def sources_with_lists(db: Database, owner: str) -> frozenset[int]:
    """Ids of sources of which `owner` has leased a front page, section, feed or sitemap.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT source_id FROM urls "
            "WHERE state = 'leased' AND lease_owner = ? AND kind <> 'article'",
            (owner,),
        ).fetchall()
    return frozenset(row[0] for row in rows)


def sources_at_work(db: Database, *, now: datetime | None = None) -> frozenset[str]:
    """Names of sources of which a URL is leased: some crawl is at it.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT s.name FROM urls u JOIN sources s ON s.id = u.source_id "
            "WHERE u.state = 'leased' AND u.lease_expires_at > ?",
            (utc_text(now),),
        ).fetchall()
    return frozenset(row[0] for row in rows)


def _revive(conn: sqlite3.Connection, now: str) -> None:
    """What waited for its time, or was leased by somebody who died, is due again."""
    conn.execute(
        "UPDATE urls SET state = 'due', lease_owner = NULL, lease_expires_at = NULL WHERE id IN ("
        "SELECT id FROM urls WHERE state = 'leased' AND lease_expires_at <= ? LIMIT ?)",
        (now, _MOST_REVIVED_PER_LEASE),
    )
    for state in ("done", "failed"):
        conn.execute(
            f"UPDATE urls SET state = 'due', priority = {WAITING_SINCE_DUE} "
            "WHERE id IN (SELECT id FROM urls "
            "WHERE state = ? AND next_fetch_at <= ? ORDER BY next_fetch_at LIMIT ?)",
            (state, now, _MOST_REVIVED_PER_LEASE),
        )


def _choose(
    conn: sqlite3.Connection, wanted: LeaseOptions, skipped: frozenset[str]
) -> list[LeasedUrl]:
    heads = [url for url in _find_heads(conn, wanted) if url.host not in skipped]
    queues = (_read_queue(conn, head, wanted) for head in heads)
    chosen: list[LeasedUrl] = []
    of_host: Counter[str] = Counter()
    for url in merge(*queues, key=lambda url: (-url.priority, url.id)):
        if len(chosen) == wanted.limit:
            break
        if of_host[url.host] < wanted.per_host:
            of_host[url.host] += 1
            chosen.append(replace(url, attempts=url.attempts + 1))
    return chosen


def _read_queue(
    conn: sqlite3.Connection, head: LeasedUrl, wanted: LeaseOptions
) -> Iterator[LeasedUrl]:
    """The most urgent URLs of a queue; those after its head are read when they are wanted.

    Most queues are not, so that what is due of a large frontier costs no more than what is taken.
    """
    yield head
    for priorities in wanted.ranges.get(head.source_id, (ALL_PRIORITIES,)):
        rows = conn.execute(
            f"SELECT {_LEASED_COLUMNS} FROM urls WHERE state = 'due' AND source_id = ? "
            "AND host = ? AND priority >= ? AND priority < ? ORDER BY priority DESC, id LIMIT ?",
            (head.source_id, head.host, priorities.low, priorities.high, wanted.per_host),
        ).fetchall()
        yield from (LeasedUrl(*row) for row in rows if row[0] != head.id)


def _find_heads(conn: sqlite3.Connection, wanted: LeaseOptions) -> list[LeasedUrl]:
    """The most urgent URL of each queue that has any: of one (source, host) after the other.

    With more queues than one call looks at, it starts where a random URL is, so that all of them
    get their turn.
    """
    sources = (
        sorted(set(wanted.source_ids))
        if wanted.source_ids is not None
        else [row[0] for row in conn.execute("SELECT id FROM sources ORDER BY id")]
    )
    heads: list[LeasedUrl] = []
    if not sources:
        return heads
    start = _random_queue(conn)
    first = next((i for i, source in enumerate(sources) if source >= start[0]), 0)
    has_start = sources[first] == start[0]
    for source in sources[first:] + sources[:first]:
        after = start[1] if has_start and source == start[0] else ""
        _walk(conn, source, wanted.ranges.get(source), (after, None), heads)
    if has_start:
        _walk(conn, start[0], wanted.ranges.get(start[0]), ("", start[1]), heads)
    return heads


def _walk(
    conn: sqlite3.Connection,
    source_id: int,
    ranges: Sequence[PriorityRange] | None,
    between: tuple[str, str | None],
    heads: list[LeasedUrl],
) -> None:
    """Add the queues of a source at hosts from `between[0]` on, up to but without `between[1]`."""
    host, end = between
    comparison = ">="
    while len(heads) < _MOST_QUEUES_PER_LEASE:
        row = conn.execute(
            f"SELECT {_LEASED_COLUMNS} FROM urls WHERE state = 'due' AND source_id = ? "
            f"AND host {comparison} ? ORDER BY host, priority DESC, id LIMIT 1",
            (source_id, host),
        ).fetchone()
        if row is None:
            return
        head = LeasedUrl(*row)
        if end is not None and head.host >= end:
            return
        host, comparison = head.host, ">"
        if ranges is None:
            heads.append(head)
        else:
            heads += _first_within(conn, source_id, host, ranges)


def _first_within(
    conn: sqlite3.Connection, source_id: int, host: str, ranges: Sequence[PriorityRange]
) -> list[LeasedUrl]:
    """The most urgent URL of a queue with one of these priorities; [] when there is none."""
    for priorities in ranges:
        row = conn.execute(
            f"SELECT {_LEASED_COLUMNS} FROM urls WHERE state = 'due' AND source_id = ? "
            "AND host = ? AND priority >= ? AND priority < ? ORDER BY priority DESC, id LIMIT 1",
            (source_id, host, priorities.low, priorities.high),
        ).fetchone()
        if row is not None:
            return [LeasedUrl(*row)]
    return []


def _random_queue(conn: sqlite3.Connection) -> tuple[int, str]:
    row = conn.execute(
        "SELECT source_id, host FROM urls WHERE id >= "
        "(SELECT abs(random()) % (coalesce(max(id), 0) + 1) FROM urls) ORDER BY id LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, "")


def release_leases(db: Database, owner: str) -> int:
    """Give back what `owner` has taken and not fetched, as if never taken; how many that were.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "UPDATE urls SET state = 'due', lease_owner = NULL, lease_expires_at = NULL, "
            "attempts = max(attempts - 1, 0) WHERE state = 'leased' AND lease_owner = ?",
            (owner,),
        ).rowcount


def renew_leases(db: Database, owner: str, lease_seconds: float) -> int:
    """Keep what `owner` has taken for so much longer from now; how many that are.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "UPDATE urls SET lease_expires_at = ? WHERE state = 'leased' AND lease_owner = ?",
            (utc_text(datetime.now(UTC) + timedelta(seconds=lease_seconds)), owner),
        ).rowcount


def owners_at_work(db: Database, *, now: datetime | None = None) -> list[str]:
    """Everybody who holds a lease that has not run out.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT lease_owner FROM urls WHERE state = 'leased' "
            "AND lease_owner IS NOT NULL AND lease_expires_at > ? ORDER BY lease_owner",
            (utc_text(now),),
        ).fetchall()
    return [row[0] for row in rows]


def lease_owners(db: Database) -> list[str]:
    """Everybody who holds a lease, run out or not.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT DISTINCT lease_owner FROM urls "
            "WHERE state = 'leased' AND lease_owner IS NOT NULL"
        ).fetchall()
    return [row[0] for row in rows]
