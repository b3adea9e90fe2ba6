"""The demo sites, crawled once into a database for all tests here."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport
from pipelines.crawl.options import CrawlOptions
from pipelines.demo.run_demo import demo_settings
from pipelines.demo.server import ServedSite, serve_demo
from pipelines.store.database.database import open_database


@dataclass(frozen=True)
class CrawledDemo:
    """The sites, the database they were crawled into, and what the crawl said of it."""

    sites: tuple[ServedSite, ...]
    path: Path
    report: CrawlReport


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrawledDemo]:
    path = tmp_path_factory.mktemp("demo") / "articles.db"
    with serve_demo() as sites:
        yield CrawledDemo(sites, path, crawl_into(path, sites))


def crawl_into(path: Path, sites: tuple[ServedSite, ...]) -> CrawlReport:
    with closing(open_database(path)) as db:
        return asyncio.run(crawl(demo_settings(sites), db, CrawlOptions()))
