"""Sites that go on for ever: a crawl of them ends, with the articles there are."""

import asyncio

import pytest

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport
from pipelines.crawl.options import CrawlOptions
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from tests.pipelines.loopback_site import story
from tests.scraper.fetch.misbehaving_server import Exchange, Handler, MisbehavingServer, respond

GOOD = "/news/the-bridge-opens-again-0001.html"
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _number(exchange: Exchange) -> int:
    return int(exchange.request.path.partition("=")[2] or 0)


async def _endless_sitemaps(exchange: Exchange) -> None:
    """Each index names two further ones, and they an article."""
    number = _number(exchange)
    base = exchange.server.url("/trap")
    if number == 7:
        body = f"<urlset {_SITEMAPS}><url><loc>{exchange.server.url(GOOD)}</loc></url></urlset>"
    else:
        names = "".join(f"<sitemap><loc>{base}?n={2 * number + k}</loc></sitemap>" for k in (1, 2))
        body = f"<sitemapindex {_SITEMAPS}>{names}</sitemapindex>"
    await exchange.reply(body=body.encode(), content_type="application/xml")


async def _endless_list(exchange: Exchange) -> None:
    """A list of articles whose next page is always there."""
    following = f"/trap?page={_number(exchange) + 1}"
    body = (
        f'<html><head><link rel="next" href="{following}"></head><body>'
        f'<h2><a href="{GOOD}">The bridge opens again after the long winter</a></h2>'
        f'<a rel="next" href="{following}">Next page</a></body></html>'
    )
    await exchange.reply(body=body.encode())


async def _endless_feeds(exchange: Exchange) -> None:
    """A page with a feed that is a page with a feed."""
    number = _number(exchange)
    body = (
        '<html><head><link rel="alternate" type="application/rss+xml" '
        f'href="/trap?n={number + 1}"></head><body>'
        f'<h2><a href="{GOOD}">The bridge opens again after the long winter</a></h2></body></html>'
    )
    await exchange.reply(body=body.encode())


async def _endless_article(exchange: Exchange) -> None:
    """An article that goes on, page after page."""
    number = _number(exchange)
    link = f'<link rel="next" href="/trap?page={number + 1}"></head>'.encode()
    await exchange.reply(body=story(number).replace(b"</head>", link))


async def _endless_sessions(exchange: Exchange) -> None:
    """Each answer has links with a session id of its own, and a calendar."""
    session = f"phpsessid={len(exchange.server.requests):032x}"
    body = (
        f'<html><body><h2><a href="{GOOD}?{session}">The bridge opens again after winter</a></h2>'
        f'<h2><a href="/calendar/{2000 + len(exchange.server.requests)}/05/">What is on</a></h2>'
        f'<h2><a href="/trap?{session}">The front page of the bridge</a></h2></body></html>'
    )
    await exchange.reply(body=body.encode())


def _crawl(trap: Handler, more: str = "") -> tuple[CrawlReport, int, list[str]]:
    """What a crawl of a trap did, the articles it stored, and what it asked for."""

    async def run() -> tuple[CrawlReport, int, list[str]]:
        async with MisbehavingServer(address="127.0.3.1") as server:
            server.pages |= {"/trap": trap, GOOD: respond("200 OK", story(1))}
            toml = (
                f'[[source]]\nname = "trap"\nurl = "{server.url("/trap")}"\n{more}\n'
                "allow_private = true\ndelay_seconds = 0.0\n"
            )
            async with asyncio.timeout(30):
                report = await crawl(parse_settings(toml), db, CrawlOptions(executor="local"))
            return report, db["articles"].count, [request.path for request in server.requests]

    db = open_database(":memory:")
    try:
        return asyncio.run(run())
    finally:
        db.close()


@pytest.mark.parametrize(
    ("trap", "most", "failed"),
    [
        (_endless_sitemaps, 60, 0),
        (_endless_list, 60, 0),
        (_endless_feeds, 60, 1),  # a feed that is a page is told
        (_endless_sessions, 8, 0),
    ],
)
def test_a_crawl_of_a_trap_ends_with_the_article_there_is(
    trap: Handler, most: int, failed: int
) -> None:
    report, articles, asked = _crawl(trap)
    assert articles == 1
    assert report.total("failed") == failed
    assert len(asked) <= most


def test_an_article_that_never_ends_is_cut() -> None:
    feed = "<rss version='2.0'><channel><item><link>/trap?page=0</link></item></channel></rss>"

    async def handler(exchange: Exchange) -> None:
        if "?" in exchange.request.path:
            await _endless_article(exchange)
        else:
            await exchange.reply(body=feed.encode(), content_type="application/rss+xml")

    _, articles, asked = _crawl(handler)
    assert articles == 1
    assert 20 <= len(asked) <= 23


def test_the_sitemaps_of_a_source_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.crawl.save.new_urls.MOST_SITEMAPS_OF_A_SOURCE", 5)
    _, _, asked = _crawl(_endless_sitemaps)
    assert len([path for path in asked if path.startswith("/trap?")]) <= 6
