"""The frontier: nothing leased twice, nothing lost, every host busy, whatever its size."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.store.crawl.hosts import load_backing_off, load_backoffs, save_backoff
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.frontier.leases import (
    LeaseOptions,
    hosts_of_others,
    lease_owners,
    lease_urls,
    release_leases,
    renew_leases,
)
from pipelines.store.frontier.source_lists import count_sitemaps, make_source_due
from pipelines.store.frontier.urls import (
    NewUrl,
    add_urls,
    count_urls,
    mark_done,
    mark_failed,
    next_due_at,
)
from scraper.backoff import Backoff

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = LeaseOptions(lease_seconds=86_400.0)


def _fill(db: Database, hosts: int, per_host: int, source: str = "s") -> int:
    source_id = save_source(db, source)
    add_urls(
        db,
        source_id,
        [
            NewUrl(url=f"https://h{host}.example/{source}/{page}")
            for page in range(per_host)
            for host in range(hosts)
        ],
    )
    return source_id


def test_urls_are_added_once(db: Database) -> None:
    source_id = save_source(db, "s")
    urls = [NewUrl(url="https://a.example/1"), NewUrl(url="https://a.example/2")]
    assert add_urls(db, source_id, urls) == 2
    assert add_urls(db, source_id, [*urls, NewUrl(url="https://a.example/3")]) == 1
    assert add_urls(db, source_id, []) == 0
    assert count_urls(db) == {"due": 3, "leased": 0, "done": 0, "failed": 0, "gone": 0}


def test_the_most_urgent_come_first_and_few_of_each_host(db: Database) -> None:
    source_id = _fill(db, hosts=3, per_host=10)
    add_urls(db, source_id, [NewUrl(url="https://h1.example/breaking", priority=9)])
    leased = lease_urls(db, "me", LeaseOptions(limit=5, per_host=2))
    assert leased[0].url == "https://h1.example/breaking"
    assert len(leased) == 5
    assert max(Counter(url.host for url in leased).values()) == 2
    assert all(url.attempts == 1 for url in leased)


def test_one_host_stays_one_host_for_two_sources(db: Database) -> None:
    _fill(db, hosts=1, per_host=5, source="a")
    _fill(db, hosts=1, per_host=5, source="b")
    assert len(lease_urls(db, "me", LeaseOptions(per_host=3))) == 3


def test_nothing_is_leased_twice_until_the_lease_runs_out(db: Database) -> None:
    _fill(db, hosts=2, per_host=2)
    options = LeaseOptions(lease_seconds=60)
    first = lease_urls(db, "dead", options, now=NOW)
    assert len(first) == 4
    assert lease_urls(db, "other", options, now=NOW + timedelta(seconds=59)) == []
    again = lease_urls(db, "other", options, now=NOW + timedelta(seconds=61))
    assert {url.id for url in again} == {url.id for url in first}
    assert all(url.attempts == 2 for url in again)


def test_a_host_is_in_one_pair_of_hands(db: Database) -> None:
    _fill(db, hosts=2, per_host=5)
    options = LeaseOptions(
        limit=3, per_host=3, lease_seconds=60, skip_hosts=frozenset({"h1.example"})
    )
    assert len(lease_urls(db, "one", options, now=NOW)) == 3
    theirs = lease_urls(db, "two", LeaseOptions(per_host=9), now=NOW)
    assert [url.host for url in theirs] == ["h1.example"] * 5
    assert hosts_of_others(db, "two", now=NOW) == {"h0.example"}
    assert hosts_of_others(db, "one", now=NOW + timedelta(days=1)) == frozenset()
    release_leases(db, "one")
    assert {url.host for url in lease_urls(db, "two", now=NOW)} == {"h0.example"}


def test_released_leases_are_as_if_never_taken(db: Database) -> None:
    _fill(db, hosts=2, per_host=2)
    lease_urls(db, "me", now=NOW)
    assert release_leases(db, "somebody else") == 0
    assert release_leases(db, "me") == 4
    assert {url.attempts for url in lease_urls(db, "me", now=NOW)} == {1}


def test_done_urls_come_back_at_their_time_with_their_validators(db: Database) -> None:
    _fill(db, hosts=1, per_host=1)
    (url,) = lease_urls(db, "me", now=NOW)
    mark_done(db, url.id, next_fetch_at=NOW + HOUR, etag='"v1"', last_modified="Wed")
    assert next_due_at(db) == "2026-03-04T13:00:00.000Z"
    assert lease_urls(db, "me", now=NOW + HOUR / 2) == []
    (again,) = lease_urls(db, "me", now=NOW + HOUR)
    assert (again.etag, again.last_modified, again.attempts) == ('"v1"', "Wed", 1)
    mark_done(db, again.id)
    assert lease_urls(db, "me", now=NOW + 9999 * HOUR) == []


def test_failed_urls_are_tried_again_when_told_and_gone_ones_never(db: Database) -> None:
    _fill(db, hosts=3, per_host=1)
    one, two, three = lease_urls(db, "me", now=NOW)
    mark_failed(db, one.id, "timeout", NOW + HOUR)
    mark_failed(db, two.id, "no way")
    mark_failed(db, three.id, "404", NOW + HOUR, gone=True)
    assert count_urls(db) == {"due": 0, "leased": 0, "done": 0, "failed": 2, "gone": 1}
    (again,) = lease_urls(db, "me", now=NOW + 9999 * HOUR)
    assert (again.id, again.attempts) == (one.id, 2)


def test_a_feed_that_says_changed_makes_a_done_url_due(db: Database) -> None:
    source_id = save_source(db, "s")
    past, future = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + HOUR
    add_urls(db, source_id, [NewUrl(url="https://a.example/1", lastmod=past)])
    (url,) = lease_urls(db, "me")
    mark_done(db, url.id)
    add_urls(db, source_id, [NewUrl(url="https://a.example/1", lastmod=past)])
    assert lease_urls(db, "me") == []
    add_urls(db, source_id, [NewUrl(url="https://a.example/1", lastmod=future)])
    assert [u.id for u in lease_urls(db, "me")] == [url.id]


def test_only_the_sources_asked_for(db: Database) -> None:
    one, two = (
        _fill(db, hosts=2, per_host=1, source="a"),
        _fill(db, hosts=2, per_host=1, source="b"),
    )
    assert {u.source_id for u in lease_urls(db, "x", LeaseOptions(source_ids=[two]))} == {two}
    assert lease_urls(db, "x", LeaseOptions(source_ids=[])) == []
    assert {u.source_id for u in lease_urls(db, "x", LeaseOptions(source_ids=[one, 99]))} == {one}


def test_hosts_that_are_backed_off_from_are_not_leased(db: Database) -> None:
    _fill(db, hosts=2, per_host=3)
    backing_off = Backoff(3, NOW + 4 * HOUR, "no connection: refused")
    save_backoff(db, "h0.example", backing_off, NOW)
    assert {url.host for url in lease_urls(db, "me", LEASE, now=NOW)} == {"h1.example"}
    assert load_backing_off(db, NOW) == {"h0.example": backing_off}
    assert load_backing_off(db, NOW + 4 * HOUR) == {}
    assert {url.host for url in lease_urls(db, "me", LEASE, now=NOW + 4 * HOUR)} == {"h0.example"}


def test_how_a_host_stands_is_kept_until_it_answers(db: Database) -> None:
    down, slow = Backoff(3, NOW + HOUR, "no connection"), Backoff(2, None, "HTTP 500")
    for host, backoff in (("down.example", down), ("slow.example", slow), ("b.example", down)):
        save_backoff(db, host, backoff, NOW)
    asked = {"down.example", "slow.example", "never.example"}
    assert load_backoffs(db, asked) == {"down.example": down, "slow.example": slow}
    save_backoff(db, "down.example", Backoff(), NOW + HOUR)
    assert load_backoffs(db, asked) == {"slow.example": slow}
    assert db.conn.execute("SELECT * FROM hosts WHERE host = 'down.example'").fetchall() == [
        ("down.example", 0, None, "no connection", "2026-03-04T13:00:00.000Z",
         "2026-03-04T12:00:00.000Z", 0)
    ]  # fmt: skip


def test_hosts_to_skip_are_skipped(db: Database) -> None:
    _fill(db, hosts=3, per_host=1)
    options = LeaseOptions(skip_hosts=frozenset({"h0.example", "h1.example"}))
    assert {url.host for url in lease_urls(db, "me", options)} == {"h2.example"}


def test_more_hosts_than_one_lease_looks_at_all_get_their_turn(db: Database) -> None:
    _fill(db, hosts=1500, per_host=1)
    seen: set[str] = set()
    for _ in range(60):
        leased = lease_urls(db, "me", LeaseOptions(limit=100))
        if not leased:
            break
        seen.update(url.host for url in leased)
        for url in leased:
            mark_done(db, url.id)
    assert len(seen) == 1500


def test_a_lease_walks_indexes_only(db: Database) -> None:
    """What makes a million URLs as fast as a thousand: no step of a lease scans the table."""
    source_id = _fill(db, hosts=5, per_host=5)
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    lease_urls(db, "me", LeaseOptions(source_ids=[source_id]))
    db.conn.set_trace_callback(None)
    plans = [
        row[3]
        for sql in statements
        if sql.startswith(("SELECT", "UPDATE urls"))
        for row in db.conn.execute("EXPLAIN QUERY PLAN " + sql)
    ]
    assert any("idx_urls_due" in line for line in plans)
    assert [line for line in plans if line.startswith("SCAN urls") and "PRIMARY" not in line] == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: make_source_due(db, 1),
        lambda db: count_sitemaps(db, 1),
        lease_owners,
        next_due_at,
        lambda db: release_leases(db, "me"),
        lambda db: renew_leases(db, "me", 60.0),
    ],
    ids=["make due", "sitemaps", "owners", "next", "release", "renew"],
)
def test_what_a_crawl_asks_of_the_frontier_walks_indexes_only(
    db: Database, ask: Callable[[Database], object]
) -> None:
    """Nor does it look at each article's URL of a source, of which there are a million."""
    _fill(db, hosts=5, per_host=5)
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    ask(db)
    db.conn.set_trace_callback(None)
    plans = [
        row[3]
        for sql in statements
        if sql.startswith(("SELECT", "UPDATE urls"))
        for row in db.conn.execute("EXPLAIN QUERY PLAN " + sql)
        if " urls" in row[3]
    ]
    assert plans
    assert [line for line in plans if "SCAN" in line or "idx_urls_source_id_state" in line] == []


def _work(path: str, owner: str, done: "Queue[list[int]]") -> None:
    db, ids = open_database(path), []
    while leased := lease_urls(db, owner, LeaseOptions(limit=7)):
        for url in leased:
            ids.append(url.id)
            mark_done(db, url.id)
    done.put(ids)


def test_two_processes_share_the_work(tmp_path: Path, db: Database) -> None:
    _fill(db, hosts=10, per_host=20)
    fork = multiprocessing.get_context("fork")  # no time lost with importing again
    done: Queue[list[int]] = fork.Queue()
    workers = [
        fork.Process(target=_work, args=(str(tmp_path / "articles.db"), name, done))
        for name in ("one", "two")
    ]
    for worker in workers:
        worker.start()
    ids = done.get(timeout=60) + done.get(timeout=60)
    for worker in workers:
        worker.join()
    assert sorted(ids) == list(range(1, 201))
    assert count_urls(db)["done"] == 200
