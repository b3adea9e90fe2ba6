"""Crawling on a schedule."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.crawl.options import CrawlOptions
from pipelines.store.database.database import open_database
from pipelines.watch import WatchEvent, watch
from tests.pipelines.loopback_site import Answer, serve


def test_it_crawls_when_due_reads_new_settings_and_survives_broken_ones(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with serve() as site:
        site.add_sitemap(site.add_articles(2))
        good = site.sources_toml(path="/sitemap.xml", more='every = "1s"')
        path.write_text(good)
        events: list[WatchEvent] = []

        async def follow() -> None:
            stop = asyncio.Event()

            def note(event: WatchEvent) -> None:
                events.append(event)
                match len(events):
                    case 1:
                        path.write_text(good + "evry = 3\n")
                    case 2:
                        site.add_sitemap(site.add_articles(3))
                        path.write_text(good)
                    case _ if len(events) > 8 or (event.report and event.report.total("new")):
                        stop.set()

            db = open_database(tmp_path / "a.db")
            async with asyncio.timeout(60):
                await watch(path, db, CrawlOptions(workers=1), note, stop)
            db.close()

        asyncio.run(follow())
    first, second, last = events[0], events[1], events[-1]
    assert first.report is not None
    assert first.report.total("new") == 2
    assert second.error is not None
    assert "did you mean `every`?" in second.error
    assert last.report is not None
    assert last.report.total("new") == 1


def test_a_slow_host_holds_up_no_other_source(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with serve() as slow, serve("127.0.0.8") as quick:
        slow.pages["/robots.txt"] = Answer(
            b"User-agent: *\nCrawl-delay: 2\n", content_type="text/plain"
        )
        slow.add_sitemap(slow.add_articles(30))
        quick.add_sitemap(quick.add_articles(1))
        path.write_text(
            slow.sources_toml("slow", "/sitemap.xml", 'every = "1h"')
            + quick.sources_toml("quick", "/sitemap.xml", 'every = "1s"')
        )
        db = open_database(tmp_path / "a.db")

        async def follow() -> list[WatchEvent]:
            stop = asyncio.Event()
            events: list[WatchEvent] = []

            def note(event: WatchEvent) -> None:
                events.append(event)
                if quick.unchanged["/sitemap.xml"] >= 2:
                    stop.set()

            async with asyncio.timeout(60):
                await watch(path, db, CrawlOptions(workers=1), note, stop)
            return events

        events = asyncio.run(follow())
        assert quick.unchanged["/sitemap.xml"] >= 2
        assert len(slow.requests) < 30
        assert sum(event.report is not None for event in events) >= 3
        rows = db.execute("SELECT count(*) FROM crawls WHERE finished_at IS NULL").fetchall()
        assert rows == [(0,)]
        db.close()


def test_it_says_what_is_due_next(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with serve() as site:
        site.add_sitemap(site.add_articles(1))
        path.write_text(site.sources_toml("harbour", "/sitemap.xml", 'every = "2h"'))
        db = open_database(tmp_path / "a.db")

        async def follow() -> tuple[str, datetime]:
            stop = asyncio.Event()
            told: list[tuple[str, datetime]] = []

            def note(event: WatchEvent) -> None:
                if event.next_due is not None:
                    told.append(event.next_due)
                    stop.set()

            async with asyncio.timeout(60):
                await watch(path, db, CrawlOptions(workers=1), note, stop)
            return told[0]

        name, at = asyncio.run(follow())
        assert name == "harbour"
        assert timedelta(hours=1.9) < at - datetime.now(UTC) <= timedelta(hours=2)
        db.close()
