"""Sources, crawls, requests, failures, raw pages, what is learned of a site, and the sums of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.errors import StoreError
from pipelines.retention import forget_old_pages
from pipelines.settings import SourceDefaults
from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.crawls import CrawlCounts, finish_crawl, start_crawl
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, prune_fetches, record_fetch, sum_up_fetches
from pipelines.store.crawl.site_blocks import add_site_blocks, load_known_blocks, prune_site_blocks
from pipelines.store.crawl.sources import load_sources, record_success, save_source
from pipelines.store.database.database import open_database
from pipelines.store.database.maintenance import (
    backup_database,
    check_database,
    database_stats,
    vacuum_database,
)
from pipelines.store.database.times import parse_utc, published_utc, utc_text
from pipelines.store.frontier.leases import lease_urls
from pipelines.store.frontier.urls import NewUrl, add_urls
from pipelines.store.pages.packing import pack_page
from pipelines.store.pages.raw_pages import (
    count_pages,
    iter_pages,
    prune_pages,
    save_page,
)
from pipelines.store.statistics.source_status import database_totals, source_health
from scraper.article import Article
from scraper.page import Page
from scraper.sites.learned import KnownBlocks, fingerprint_text

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_source_is_one_row_however_often_it_is_named(db: Database) -> None:
    first = save_source(db, "harbour", "https://a.example/")
    assert save_source(db, "harbour", "https://a.example/news", kind="demo") == first
    (source,) = load_sources(db)
    assert (source.url, source.kind, source.last_success_at) == (
        "https://a.example/news",
        "demo",
        None,
    )
    record_success(db, first, NOW)
    record_success(db, first, NOW - DAY)
    assert load_sources(db)[0].last_success_at == utc_text(NOW)


def test_a_crawl_says_what_it_did_and_a_killed_one_has_no_end(db: Database) -> None:
    killed, finished = start_crawl(db), start_crawl(db)
    finish_crawl(db, finished, CrawlCounts(fetched=7, articles_new=5, bytes=900))
    rows = {row["id"]: row for row in db.table("crawls").rows}
    assert rows[killed]["finished_at"] is None
    assert (rows[finished]["fetched"], rows[finished]["articles_new"]) == (7, 5)
    assert rows[finished]["finished_at"] is not None


def test_failures_know_their_url_and_source(db: Database) -> None:
    source_id = save_source(db, "harbour")
    add_urls(db, source_id, [NewUrl(url="https://a.example/1")])
    crawl_id = start_crawl(db)
    save_failure(db, "https://a.example/1", "fetch", "FetchTimeoutError", "20 s", crawl_id=crawl_id)
    save_failure(db, "https://b.example/\ud800", "extract", "ExtractionError", "x" * 9000 + "\x00")
    known, stranger = db.table("failures").rows
    assert (known["url_id"], known["source_id"], known["crawl_id"]) == (1, source_id, crawl_id)
    assert (stranger["url_id"], stranger["source_id"], stranger["crawl_id"]) == (None, None, None)
    assert len(stranger["message"]) == 2000


def test_a_page_comes_back_and_equal_content_is_kept_once(db: Database) -> None:
    page = Page(
        url="https://a.example/1",
        body=b"<p>rain</p>" * 1000,
        headers={"content-type": "text/html; charset=latin-1", "set-cookie": "secret"},
        fetched_at=NOW,
    )
    key = save_page(db, page)
    assert save_page(db, pack_page(page)) == key
    assert count_pages(db) == 1
    (stored,) = iter_pages(db)
    loaded = stored.page
    assert (stored.hash, loaded.body, loaded.url, loaded.fetched_at) == (
        key,
        page.body,
        page.url,
        NOW,
    )
    assert dict(loaded.headers) == {"content-type": "text/html; charset=latin-1"}
    assert len(next(iter(db.table("pages").rows))["body"]) < 200


def test_pages_are_read_with_the_articles_made_of_them(db: Database) -> None:
    source_id = save_source(db, "harbour")
    shared = save_page(db, Page(url="https://a.example/print", body=b"shared"))
    save_page(db, Page(url="https://a.example/none", body=b"alone"))
    for number in range(2):
        save_article(
            db,
            Article(url=f"https://a.example/{number}", text="Rain."),
            page_hash=shared,
            source_id=source_id,
        )
    found = [(p.page.url, p.article_id) for p in iter_pages(db)]
    assert found == [
        ("https://a.example/0", 1),
        ("https://a.example/1", 2),
        ("https://a.example/none", None),
    ]
    assert [p.article_id for p in iter_pages(db, source_id=source_id)] == [1, 2]


def test_many_pages_are_read_while_the_reader_writes(db: Database) -> None:
    for number in range(150):
        save_page(db, Page(url=f"https://a.example/{number}", body=str(number).encode()))
    seen = []
    for stored in iter_pages(db):
        seen.append(int(stored.page.body))
        save_article(db, Article(url=stored.page.url, text="Rain."), page_hash=stored.hash)
    assert seen == list(range(150))


def test_old_pages_are_forgotten_per_source(db: Database) -> None:
    one, two = save_source(db, "one"), save_source(db, "two")
    for number, source_id in enumerate((one, two, one)):
        key = save_page(
            db,
            Page(
                url="https://a.example/", body=str(number).encode(), fetched_at=NOW - number * DAY
            ),
            source_id=source_id,
        )
        save_article(
            db,
            Article(url=f"https://a.example/{number}", text="x"),
            page_hash=key,
            source_id=source_id,
        )
    assert prune_pages(db, NOW - DAY / 2, source_id=one) == 1
    assert prune_pages(db, NOW - DAY / 2) == 1
    assert count_pages(db) == 1
    assert db.table("articles").count == 3


def test_each_source_keeps_its_pages_as_long_as_it_says(db: Database) -> None:
    short, long, ever = (save_source(db, name) for name in ("short", "long", "ever"))
    for source_id in (short, long, ever):
        for days in (1, 20, 40):
            page = Page(
                url=f"https://a.example/{days}",
                body=f"{source_id} {days}".encode(),
                fetched_at=NOW - days * DAY,
            )
            save_page(db, page, source_id=source_id)
    # Another source's article was read from a page of the first one: that page is still needed.
    shared = save_page(
        db, Page(url="https://a.example/s", body=b"s", fetched_at=NOW - 50 * DAY), source_id=short
    )
    save_article(db, Article(url="https://b.example/s", text="x"), page_hash=shared, source_id=ever)
    wanted = {
        short: SourceDefaults(keep_pages_days=7),
        long: SourceDefaults(keep_pages_days=30),
        ever: SourceDefaults(),
    }
    assert forget_old_pages(db, wanted, NOW) == 3
    assert forget_old_pages(db, wanted, NOW) == 0
    left = dict(
        db.conn.execute("SELECT source_id, count(*) FROM pages GROUP BY source_id").fetchall()
    )
    assert left == {short: 2, long: 2, ever: 3}
    assert shared in {stored.hash for stored in iter_pages(db)}


def test_blocks_of_a_site_are_counted_by_article(db: Database) -> None:
    share, news, more = (fingerprint_text("p", text) for text in ("Share this", "Rain", "Sun"))
    high = "ffffffffffffffff"
    add_site_blocks(db, "a.example", [share, news, share, share, high])
    add_site_blocks(db, "a.example", iter([share, more, high]))
    add_site_blocks(db, "b.example", [news])
    assert load_known_blocks(db, "a.example", at_least=2) == KnownBlocks(2, {share: 2, high: 2})
    everything = KnownBlocks(2, {share: 2, news: 1, more: 1, high: 2})
    assert load_known_blocks(db, "a.example", at_least=1) == everything
    assert load_known_blocks(db, "a.example").counts == {}
    assert load_known_blocks(db, "c.example") == KnownBlocks()
    assert prune_site_blocks(db, datetime.now(UTC) + DAY) == 3
    left = load_known_blocks(db, "a.example", at_least=1)
    assert left.counts == {share: 2, high: 2}


def test_what_a_site_has_given_up_is_forgotten_and_its_rows_stay_few(db: Database) -> None:
    old, new = fingerprint_text("p", "Follow us"), fingerprint_text("p", "Join us")
    for number in range(300):
        box = old if number < 100 else new
        own = [fingerprint_text("p", f"{number} {part}") for part in range(5)]
        add_site_blocks(db, "a.example", [box, *own])
    known = load_known_blocks(db, "a.example")
    assert 50 <= known.pages < 100
    assert known.limit(new) > 0
    assert known.limit(old) == 0
    assert db["site_blocks"].count <= 100 * 6


def test_health_tells_lately_from_usual(db: Database) -> None:
    source_id = save_source(db, "harbour", "https://a.example/")
    save_source(db, "asleep")
    for days_ago in range(20):
        # Two articles a day as a rule, one today; sure of them until the layout changed.
        for number in range(1 if days_ago == 0 else 2):
            save_article(
                db,
                Article(
                    url=f"https://a.example/{days_ago}/{number}",
                    text="Rain.",
                    confidence=0.4 if days_ago < 7 else 0.9,
                ),
                source_id=source_id,
                seen_at=NOW - days_ago * DAY - timedelta(hours=1),
            )
    add_urls(db, source_id, [NewUrl(url="https://a.example/x"), NewUrl(url="https://b.example/y")])
    url = lease_urls(db, "me")[0]
    for number in range(4):
        record_fetch(
            db,
            FetchRecord(
                url_id=url.id,
                fetched_at=NOW - DAY,
                status=None if number else 200,
                error="timeout" if number else None,
            ),
        )
    record_fetch(db, FetchRecord(url_id=url.id, fetched_at=NOW - 30 * DAY, error="long ago"))
    save_failure(db, url.url, "fetch", "FetchTimeoutError", "too slow")
    record_success(db, source_id, NOW)
    asleep, harbour = source_health(db, now=NOW)
    assert (asleep.articles, asleep.failure_share, asleep.usual_per_day) == (0, None, None)
    assert (harbour.articles, harbour.new_last_day) == (39, 1)
    assert harbour.usual_per_day == pytest.approx(2, abs=0.2)
    assert harbour.confidence_recent == pytest.approx(0.4)
    assert harbour.confidence_usual == pytest.approx(0.9)
    assert (harbour.fetches, harbour.failures, harbour.failure_share) == (4, 3, 0.75)
    assert (harbour.last_error, harbour.waiting) == ("too slow", 2)
    assert harbour.last_success_at == utc_text(NOW)
    totals = database_totals(db)
    assert (totals.sources, totals.articles, totals.failures) == (2, 39, 1)
    assert totals.urls["due"] + totals.urls["leased"] == 2
    assert totals.bytes > 0
    assert {row["name"] for row in db["source_health"].rows} == {"harbour", "asleep"}
    assert prune_fetches(db, NOW - 20 * DAY, source_id=source_id) == 1
    assert db.table("fetches").count == 4


def test_a_backup_is_whole_while_another_process_writes(tmp_path: Path, db: Database) -> None:
    for number in range(50):
        save_article(db, Article(url=f"https://a.example/{number}", text="Rain. " * 50))
    writer = open_database(tmp_path / "articles.db")
    writer.conn.execute("BEGIN IMMEDIATE")
    writer.conn.execute("DELETE FROM articles WHERE id > 10")
    size = backup_database(db, tmp_path / "backups" / "copy.db")
    writer.conn.execute("ROLLBACK")
    copy = open_database(tmp_path / "backups" / "copy.db")
    assert copy.table("articles").count == 50
    assert copy.journal_mode == "wal"
    assert check_database(copy) == []
    assert size > 50_000
    assert [p.name for p in (tmp_path / "backups").iterdir() if "partial" in p.name] == []
    with pytest.raises(StoreError, match="the database itself"):
        backup_database(db, tmp_path / "articles.db")
    with pytest.raises(StoreError):
        backup_database(db, tmp_path / "articles.db" / "below")


def test_vacuum_gives_space_back_and_stats_account_for_every_byte(db: Database) -> None:
    for number in range(300):
        save_article(db, Article(url=f"https://a.example/{number}", text=f"Rain {number}. " * 80))
    db.conn.execute("DELETE FROM articles WHERE id > 20")
    stats = database_stats(db)
    assert stats.free_bytes > 0
    parts = sum(table.data_bytes + table.index_bytes for table in stats.tables)
    assert parts + stats.free_bytes == stats.total_bytes
    assert vacuum_database(db) > 100_000
    sizes = {table.name: table for table in database_stats(db).tables}
    assert sizes["articles"].rows == 20
    assert sizes["articles_fts"].data_bytes > 0
    assert check_database(db) == []


def test_a_broken_reference_is_found(db: Database) -> None:
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    db.conn.execute("PRAGMA foreign_keys = OFF")
    db.conn.execute("INSERT INTO quotes VALUES (77, 0, 'whose?')")
    (problem,) = check_database(db)
    assert "quotes" in problem


@given(st.datetimes(timezones=st.timezones()))
@settings(max_examples=50, deadline=None)
def test_times_keep_their_order_as_text(moment: datetime) -> None:
    try:
        text, later = utc_text(moment), utc_text(moment.astimezone(UTC) + timedelta(milliseconds=1))
    except OverflowError:
        return
    assert len(text) == 24
    assert text < later
    parsed = parse_utc(text)
    assert parsed is not None
    assert abs(parsed - moment) < timedelta(milliseconds=1)


def test_a_time_without_zone_is_refused_and_a_published_one_kept() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        utc_text(datetime(2026, 3, 4))  # noqa: DTZ001 - what is tested
    assert published_utc("2026-03-04T10:00") == "2026-03-04T10:00"
    assert published_utc("2026-03-04T10:00:00-0200") == "2026-03-04T12:00:00Z"
    assert published_utc("2026-03-04T99:00:00Z") == "2026-03-04T99:00:00Z"
    assert published_utc("spring") == "spring"


def test_old_requests_are_summed_up_by_day_and_none_is_counted_twice(db: Database) -> None:
    source_id = save_source(db, "a")
    add_urls(db, source_id, [NewUrl(url="https://example.org/a")])
    moments = [NOW - 40 * DAY, NOW - 40 * DAY, NOW - 39 * DAY, NOW - 2 * DAY]
    for moment, status in zip(moments, (200, 304, None, 200), strict=True):
        error = None if status else "no answer"
        record_fetch(
            db, FetchRecord(url_id=1, fetched_at=moment, status=status, bytes=10, error=error)
        )
    assert sum_up_fetches(db, NOW - 35 * DAY, source_id=source_id) == 3
    assert sum_up_fetches(db, NOW - 35 * DAY, source_id=source_id) == 0
    days = db.execute("SELECT status, requests, failed, bytes FROM fetch_days").fetchall()
    assert sorted(days) == [(0, 1, 1, 10), (200, 1, 0, 10), (304, 1, 0, 10)]
    assert db.execute("SELECT count(*) FROM fetches").fetchone() == (1,)
    prune_fetches(db, NOW - 39 * DAY, source_id=source_id)
    assert db.execute("SELECT sum(requests) FROM fetch_days").fetchone() == (1,)
