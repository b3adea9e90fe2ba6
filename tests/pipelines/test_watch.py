"""Crawling on a schedule."""

import asyncio
from pathlib import Path

from pipelines.crawl.options import CrawlOptions
from pipelines.store.database.database import open_database
from pipelines.watch import WatchEvent, watch
from tests.pipelines.loopback_site import serve


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
