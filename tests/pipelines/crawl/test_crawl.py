"""A crawl over a site on loopback: what ends up in the database, and what a second one costs."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport, Progress
from pipelines.crawl.options import CrawlOptions
from pipelines.errors import PipelineError, SettingsError
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from pipelines.store.database.times import utc_text
from tests.pipelines.loopback_site import Answer, Site, serve, story, story_title

DAY = timedelta(days=1)


def run_crawl(
    db: Database,
    sources: str,
    options: CrawlOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> CrawlReport:
    settings = parse_settings(sources)
    return asyncio.run(
        crawl(settings, db, options or CrawlOptions(workers=1), on_progress=on_progress)
    )


def query(db: Database, sql: str) -> list[tuple[object, ...]]:
    return db.conn.execute(sql).fetchall()


def test_a_crawl_finds_and_stores_everything_once(site: Site) -> None:
    paths = site.add_articles(12)
    site.add_index(paths[:5])
    site.add_sitemap(paths)
    site.pages["/robots.txt"] = Answer(
        f"User-agent: *\nDisallow: /private/\nSitemap: {site.url}/sitemap.xml\n".encode(),
        content_type="text/plain",
    )
    db = open_database(":memory:")
    seen: list[Progress] = []

    first = run_crawl(db, site.sources_toml(), on_progress=seen.append)
    assert first.total("new") == 12
    assert (first.total("failed"), first.left, first.was_stopped) == (0, 0, False)
    assert first.total("bytes") > 12 * 1000
    assert {title for (title,) in query(db, "SELECT title FROM articles")} == {
        story_title(i) for i in range(12)
    }
    assert seen[-1].waiting == 0
    assert seen[-1].articles == 12
    # One request for each page, and all of it in the record.
    assert set(site.requests.values()) == {1}
    assert query(db, "SELECT count(*), sum(status = 200), count(error) FROM fetches") == [
        (14, 14, 0)
    ]
    assert query(db, "SELECT count(*) FROM pages") == [(12,)]
    assert query(db, "SELECT DISTINCT state FROM urls") == [("done",)]

    # Nothing has changed: the front page and the sitemap are asked for, and say so.
    second = run_crawl(db, site.sources_toml())
    assert second.total("fetched") == 0
    assert second.total("not_modified") == 2
    assert second.total("bytes") < first.total("bytes") / 50
    assert query(db, "SELECT count(*) FROM articles") == [(12,)]

    # One article is new and one has changed: these two are fetched, and one is a revision.
    new_paths = site.add_articles(13)
    site.pages[paths[3]] = Answer(story(3, extra="<p>This was added later in the day.</p>"))
    site.add_sitemap(new_paths)
    db.execute("UPDATE urls SET next_fetch_at = added_at WHERE url LIKE ?", [f"%{paths[3]}"])
    db.conn.commit()
    third = run_crawl(db, site.sources_toml())
    assert (third.total("new"), third.total("changed")) == (1, 1)
    assert query(db, "SELECT revision FROM revisions") == [(1,)]
    assert query(db, "SELECT count(*) FROM articles") == [(13,)]
    db.close()


def test_only_wanted_paths_and_no_more_than_allowed(site: Site) -> None:
    news, videos = site.add_articles(8), site.add_articles(4, folder="video")
    site.add_sitemap([*news, *videos])
    db = open_database(":memory:")
    sources = site.sources_toml(
        path="/sitemap.xml",
        more='exclude = ["/video/**"]\nmax_articles_per_crawl = 5\nkeep_pages = false',
    )
    first = run_crawl(db, sources)
    assert first.total("new") == 5
    assert first.left == 3
    second = run_crawl(db, sources, CrawlOptions(workers=1, limit=2))
    assert (second.total("new"), second.left) == (2, 1)
    assert not any(path.startswith("/video") for path in site.requests)
    assert query(db, "SELECT count(*) FROM pages") == [(0,)]
    db.close()


def test_a_slow_host_holds_up_nobody(site: Site) -> None:
    """While one host makes us wait a minute between requests, the other is done."""
    with serve("127.0.0.9") as slow:
        for each, count in ((site, 20), (slow, 3)):
            each.add_sitemap(each.add_articles(count))
        slow.pages["/robots.txt"] = Answer(
            b"User-agent: *\nCrawl-delay: 60\n", content_type="text/plain"
        )
        db = open_database(":memory:")
        sources = site.sources_toml(path="/sitemap.xml") + slow.sources_toml("slow", "/sitemap.xml")

        async def stopped_when_done() -> CrawlReport:
            stop = asyncio.Event()

            def watch(progress: Progress) -> None:
                if progress.articles == 20:
                    stop.set()

            return await crawl(
                parse_settings(sources),
                db,
                CrawlOptions(workers=1, stop_grace_seconds=0.2),
                on_progress=watch,
                stop=stop,
            )

        report = asyncio.run(stopped_when_done())
        assert report.was_stopped
        assert report.sources["local"].new == 20
        assert slow.requests.total() <= 3
        # What was not fetched is nobody's: the next crawl takes it at once.
        assert query(db, "SELECT count(*) FROM urls WHERE state = 'leased'") == [(0,)]
        assert query(db, "SELECT max(attempts) FROM urls WHERE state = 'due'") == [(0,)]
        assert report.left == 3
        db.close()


def test_sources_are_crawled_by_name_or_when_due(site: Site) -> None:
    site.add_sitemap(site.add_articles(1))
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml", more='every = "1h"')
    assert run_crawl(db, sources).total("fetched") == 2
    assert run_crawl(db, sources).total("not_modified") == 0
    named = run_crawl(db, sources, CrawlOptions(sources=("local",), workers=1))
    assert named.total("not_modified") == 1
    with pytest.raises(SettingsError, match=r'no source "lokal".*local'):
        run_crawl(db, sources, CrawlOptions(sources=("lokal",)))
    with pytest.raises(SettingsError, match="names no source"):
        run_crawl(db, "")
    db.close()


def test_a_page_found_under_several_addresses_is_one_article(site: Site) -> None:
    paths = site.add_articles(2)
    site.pages["/old"] = Answer(b"", 301, headers={"Location": paths[0]})
    site.add_sitemap(["/old", *paths])
    db = open_database(":memory:")
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert report.total("failed") == 0
    assert query(db, "SELECT count(*) FROM articles") == [(2,)]
    db.close()


def test_robots_txt_is_asked_for_once_a_day_however_often_a_crawl_runs(
    site: Site, tmp_path: Path
) -> None:
    paths = site.add_articles(2)
    site.add_sitemap(paths)
    closed = f"User-agent: *\nDisallow: {paths[1]}\n".encode()
    site.pages["/robots.txt"] = Answer(closed, content_type="text/plain")
    for _ in range(3):  # each as a process of its own would
        db = open_database(tmp_path / "a.db")
        run_crawl(db, site.sources_toml(path="/sitemap.xml"))
        db.close()
    assert site.requests["/robots.txt"] + site.unchanged["/robots.txt"] == 1
    assert site.requests[paths[1]] == 0

    # A day later it is asked for again, and what it says now holds.
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", content_type="text/plain")
    db = open_database(tmp_path / "a.db")
    db.execute("UPDATE robots SET fetched_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-25 hours')")
    db.execute("UPDATE urls SET next_fetch_at = added_at")
    db.conn.commit()
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert site.requests["/robots.txt"] == 2
    assert site.requests[paths[1]] == 1

    # Out of reach, what it said before goes on holding.
    site.pages["/robots.txt"] = Answer(b"", 500)
    db.execute("UPDATE robots SET fetched_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-25 hours')")
    db.conn.commit()
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert (report.total("not_modified"), report.total("failed")) == (1, 0)
    db.close()


def test_two_crawls_at_once_share_the_work(site: Site, tmp_path: Path) -> None:
    site.add_sitemap(site.add_articles(40))
    databases = [open_database(tmp_path / "a.db") for _ in range(2)]
    settings = parse_settings(site.sources_toml(path="/sitemap.xml"))

    async def both() -> list[CrawlReport]:
        return await asyncio.gather(
            *(crawl(settings, db, CrawlOptions(workers=1)) for db in databases)
        )

    asyncio.run(both())
    articles = {path: n for path, n in site.requests.items() if path.startswith("/news/")}
    assert len(articles) == 40
    assert set(articles.values()) == {1}
    assert query(databases[0], "SELECT count(*) FROM articles") == [(40,)]
    assert query(databases[0], "PRAGMA integrity_check") == [("ok",)]
    for db in databases:
        db.close()


def test_two_crawls_at_once_never_ask_a_host_sooner_than_its_delay(
    site: Site, tmp_path: Path
) -> None:
    site.add_sitemap(site.add_articles(24))
    databases = [open_database(tmp_path / "a.db") for _ in range(2)]
    sources = site.sources_toml(path="/sitemap.xml").replace("_seconds = 0.0", "_seconds = 0.2")
    settings = parse_settings(sources)

    async def both() -> list[CrawlReport]:
        at_work = asyncio.Event()
        first = asyncio.create_task(
            crawl(
                settings,
                databases[0],
                CrawlOptions(workers=1),
                on_progress=lambda progress: at_work.set() if progress.done > 2 else None,
            )
        )
        await at_work.wait()
        return [await crawl(settings, databases[1], CrawlOptions(workers=1)), await first]

    reports = asyncio.run(both())
    times = [at for at, path in site.asked_at if path.startswith("/news/")]
    assert len(times) == 24
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.1
    assert reports[0].elsewhere == (site.url.removeprefix("http://"),)
    assert [report.total("new") for report in reports] == [0, 24]
    for db in databases:
        db.close()


def test_a_crawl_right_after_another_waits_out_the_delay(site: Site) -> None:
    site.add_sitemap(site.add_articles(2))
    sources = site.sources_toml(path="/sitemap.xml").replace("_seconds = 0.0", "_seconds = 1.5")
    db = open_database(":memory:")
    run_crawl(db, sources)
    db.execute("UPDATE urls SET state = 'due'")
    run_crawl(db, sources)
    times = [at for at, path in site.asked_at if path != "/robots.txt"]
    assert len(times) == 6
    assert min(after - before for before, after in itertools.pairwise(times)) > 1.3
    db.close()


def test_an_upgrade_under_a_crawl_ends_it_in_one_line_and_the_next_one_goes_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add_sitemap(site.add_articles(3))
    sources = site.sources_toml(path="/sitemap.xml")
    db = open_database(":memory:")
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.crawl.parse.fork_server.code_version", lambda: "0.0.1+1")
        with pytest.raises(PipelineError, match="winnow was upgraded while this crawl ran"):
            run_crawl(db, sources)
    assert query(db, "SELECT count(*) FROM articles") == [(0,)]
    assert query(db, "SELECT count(*) FROM urls WHERE state = 'leased'") == [(0,)]
    assert run_crawl(db, sources).total("new") == 3
    db.close()


def test_the_history_of_a_source_is_kept_as_long_as_it_says(site: Site, tmp_path: Path) -> None:
    paths = site.add_articles(2)
    site.add_sitemap([*paths, "/news/lost"])
    settings = site.sources_toml(path="/sitemap.xml", more="keep_history_days = 30")
    db = open_database(tmp_path / "a.db")
    run_crawl(db, settings)
    asked, failed = db.table("fetches").count, db.table("failures").count
    assert asked > failed > 0
    now = datetime.now(UTC)
    db.execute("UPDATE fetches SET fetched_at = ?", [utc_text(now - 31 * DAY)])
    db.execute("UPDATE failures SET failed_at = ?", [utc_text(now - 29 * DAY)])
    db.execute("UPDATE site_blocks SET last_seen_at = '2020-01-01T00:00:00.000000+00:00'")
    assert db.table("site_blocks").count
    db.conn.commit()
    report = run_crawl(db, settings)
    assert db.table("fetches").count == report.total("fetched") + report.total("not_modified")
    assert db.table("failures").count == failed
    assert db.table("site_blocks").count == 0  # each was seen in one article
    assert db.table("articles").count == 2
    db.close()
