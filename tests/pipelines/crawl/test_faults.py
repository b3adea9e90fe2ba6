"""A crawl among hosts that each do one thing wrong: each fault one row, and nobody else pays."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport
from pipelines.crawl.options import CrawlOptions
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from pipelines.store.database.times import parse_utc
from tests.pipelines.loopback_site import Answer, Site, story
from tests.scraper.fetch.misbehaving_server import (
    FAULTS,
    Handler,
    MisbehavingServer,
    redirect,
    respond,
    retry_date,
)

GOOD = "/news/the-bridge-opens-again-0001.html"

# What stands at /page on a host of its own, and the error its row is to name.
PAGES: dict[str, tuple[Handler, str]] = {
    "hang-up": (FAULTS["/hang-up"], "ConnectFailedError"),
    "garbage": (FAULTS["/garbage"], "UnreadableError"),
    "truncated-chunk": (FAULTS["/truncated-chunk"], "CutShort"),
    "header-flood": (FAULTS["/header-flood"], "TooLargeError"),
    "endless": (FAULTS["/endless"], "TooLargeError"),
    "declared-large": (FAULTS["/declared-large"], "TooLargeError"),
    "bomb-br": (redirect("/bomb?br"), "TooLargeError"),
    "bomb-zstd": (redirect("/bomb?zstd"), "TooLargeError"),
    "loop": (redirect("/loop/a"), "RedirectError"),
    "to-metadata": (FAULTS["/to-metadata"], "RefusedAddressError"),
    "to-database": (FAULTS["/to-database"], "RefusedAddressError"),
    "to-file": (FAULTS["/to-file"], "RedirectError"),
    "pdf": (FAULTS["/pdf-as-html"], "ContentTypeError"),
    "busy-seconds": (respond("429 Too Many Requests", retry_after="7200"), "StatusError"),
    "busy-date": (
        respond("503 Service Unavailable", retry_after=retry_date(7200)),
        "StatusError",
    ),
}
ROBOTS: dict[str, tuple[Handler, str]] = {
    "robots-500": (respond("500 Internal Server Error"), "StatusError"),
    "robots-hang-up": (FAULTS["/hang-up"], "ConnectFailedError"),
    "robots-closed": (
        respond("200 OK", b"User-agent: *\nDisallow: /\n", content_type="text/plain"),
        "RobotsError",
    ),
}


@dataclass(frozen=True)
class Crawled:
    """The database after a crawl of all these hosts and of one that is in order."""

    db: Database
    report: CrawlReport

    def failure(self, name: str) -> tuple[str, str]:
        """Error and message of the one failure of a source."""
        rows = self.db.conn.execute(
            "SELECT error, message FROM failures f JOIN sources s ON s.id = f.source_id "
            "WHERE s.name = ? AND stage = 'fetch'",
            (name,),
        ).fetchall()
        assert len(rows) == 1, (name, rows)
        return str(rows[0][0]), str(rows[0][1])

    def backoff(self, name: str) -> timedelta:
        """How long the host of a source is backed off from, from now."""
        ((until,),) = self.db.conn.execute(
            "SELECT backoff_until FROM hosts h JOIN urls u ON u.host = h.host "
            "JOIN sources s ON s.id = u.source_id WHERE s.name = ? LIMIT 1",
            (name,),
        ).fetchall()
        moment = parse_utc(until)
        assert moment is not None, name
        return moment - datetime.now(UTC)


async def _crawl_everything(db: Database) -> CrawlReport:
    async with AsyncExitStack() as running:
        sources = []
        for number, (name, (handler, _)) in enumerate((PAGES | ROBOTS).items(), start=1):
            server = MisbehavingServer(address=f"127.0.2.{number}")
            server.pages["/robots.txt" if name in ROBOTS else "/page"] = handler
            await running.enter_async_context(server)
            sources.append((name, server.url("/page")))
        good = MisbehavingServer(address="127.0.2.200")
        good.pages[GOOD] = respond("200 OK", story(1))
        await running.enter_async_context(good)
        good.pages["/page"] = respond("200 OK", _feed(good), content_type="application/rss+xml")
        sources.append(("good", good.url("/page")))
        toml = "".join(
            f'[[source]]\nname = "{name}"\nurl = "{url}"\nallow_private = true\n'
            "delay_seconds = 0.0\n"
            for name, url in sources
        )
        return await crawl(parse_settings(toml), db, CrawlOptions(workers=1))


def _feed(server: MisbehavingServer) -> bytes:
    link = server.url(GOOD)
    return f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>".encode()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    db = open_database(tmp_path_factory.mktemp("faults") / "a.db")
    report = asyncio.run(_crawl_everything(db))
    yield Crawled(db, report)
    db.close()


@pytest.mark.parametrize("name", [*PAGES, *ROBOTS])
def test_each_fault_is_a_row_that_names_it(crawled: Crawled, name: str) -> None:
    error, message = crawled.failure(name)
    assert error == (PAGES | ROBOTS)[name][1], message
    assert message


def test_the_host_in_order_gives_its_article(crawled: Crawled) -> None:
    assert crawled.report.sources["good"].new == 1, crawled.report.sources["good"]
    assert crawled.db.conn.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
    assert crawled.db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("name", ["busy-seconds", "busy-date"])
def test_a_host_gets_the_time_it_asks_for(crawled: Crawled, name: str) -> None:
    assert timedelta(hours=1.9) < crawled.backoff(name) < timedelta(hours=2.1)


@pytest.mark.parametrize("name", ["hang-up", "robots-hang-up"])
def test_a_host_that_breaks_off_is_given_a_minute(crawled: Crawled, name: str) -> None:
    assert timedelta(seconds=20) < crawled.backoff(name) <= timedelta(seconds=60)


@pytest.mark.parametrize("kind", ["rss", "urlset", "sitemapindex", "feed"])
def test_xml_neither_grows_nor_reaches_for_the_network_or_a_file(site: Site, kind: str) -> None:
    (path,) = site.add_articles(1)
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    doctype = (
        f'<?xml version="1.0"?><!DOCTYPE {kind} SYSTEM "{site.url}/evil.dtd" [<!ENTITY l0 "ha">'
        f'{layers}<!ENTITY % p SYSTEM "{site.url}/evil.ent"> %p;'
        f'<!ENTITY net SYSTEM "{site.url}/evil.xml"><!ENTITY file SYSTEM "file:///etc/passwd">]>'
    )
    entities = "&l8; &net; &file;"
    url = site.url + path
    entry = {
        "rss": f"<channel><item><title>{entities}</title><link>{url}</link></item></channel>",
        "feed": f'<entry><title>{entities}</title><link href="{url}"/></entry>',
        "urlset": f"<url><loc>{url}</loc></url><url><loc>{site.url}/{entities}</loc></url>",
        "sitemapindex": f"<sitemap><loc>{site.url}/{entities}</loc></sitemap>",
    }[kind]
    site.pages["/list"] = Answer(
        f"{doctype}<{kind}>{entry}</{kind}>".encode(), content_type="application/xml"
    )
    db = open_database(":memory:")
    settings = parse_settings(site.sources_toml(path="/list"))
    report = asyncio.run(crawl(settings, db, CrawlOptions(executor="local")))
    assert not [asked for asked in site.requests if "evil" in asked]
    assert report.total("new") == (kind != "sitemapindex")
    urls = db.conn.execute("SELECT url FROM urls").fetchall()
    assert all(len(found) < 300 and "root:" not in found for (found,) in urls)
    db.close()
