"""What a site offers, found by fetching from a server."""

import asyncio
from functools import partial
from urllib.parse import urlsplit

import pytest

from scraper.discover.site import SiteOffer, discover_site
from scraper.errors import StatusError
from scraper.fetch import Fetcher
from tests.scraper.fetch.misbehaving_server import Handler, MisbehavingServer, respond
from tests.scraper.fetch.visit import QUICK

FEED = b"""<rss version="2.0"><channel><title>Harbour feed</title>
<item><title>Ferry</title><link>/2026/03/02/ferry-sails-again</link></item></channel></rss>"""
SITEMAP = b"<urlset><url><loc>/2026/03/02/ferry-sails-again</loc></url></urlset>"
FRONT = b"""<html><head><title>News from the coast | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">%s</head><body>
<nav><a href="/politics/">Politics</a><a href="/sport/">Sport</a><a href="/login">Sign in</a></nav>
<h2><a href="/2026/03/02/ferry-sails-again">The ferry sails again after the storm</a></h2>
</body></html>"""


def discover(pages: dict[str, Handler], *, robots: bytes = b"", path: str = "/") -> SiteOffer:
    async def run() -> SiteOffer:
        async with (
            MisbehavingServer(pages=pages, robots=robots) as server,
            Fetcher(QUICK) as fetcher,
        ):
            fetch = partial(fetcher.fetch_page, allow_private=True)
            return await discover_site(fetch, server.url(path))

    return asyncio.run(run())


def paths(offer: SiteOffer) -> dict[str, list[str]]:
    groups = {"feeds": offer.feeds, "sitemaps": offer.sitemaps, "sections": offer.sections}
    return {name: [urlsplit(link.url).path for link in links] for name, links in groups.items()}


def test_declared_feeds_and_sitemaps() -> None:
    declared = b'<link rel="alternate" type="application/rss+xml" href="/news.rss">'
    offer = discover(
        {
            "/": respond("200 OK", FRONT % declared),
            "/news.rss": respond("200 OK", FEED, content_type="application/rss+xml"),
            "/maps/news.xml": respond("200 OK", SITEMAP, content_type="text/xml"),
        },
        robots=b"User-agent: *\nDisallow: /x\nSitemap: /maps/news.xml\nsitemap: /gone.xml\n",
    )
    assert offer.name == "Harbour Post"
    assert offer.articles == 1
    assert offer.feeds[0].title == "Harbour feed"
    assert paths(offer) == {
        "feeds": ["/news.rss"],
        "sitemaps": ["/maps/news.xml"],
        "sections": ["/politics/", "/sport/"],
    }


def test_usual_addresses_are_tried() -> None:
    offer = discover(
        {
            "/": respond("200 OK", FRONT % b""),
            "/feed": respond("200 OK", b"<html>no feed</html>"),
            "/rss.xml": respond("200 OK", FEED, content_type="application/rss+xml"),
            "/sitemap_index.xml": respond("200 OK", SITEMAP, content_type="text/xml"),
        }
    )
    assert paths(offer)["feeds"] == ["/rss.xml"]
    assert paths(offer)["sitemaps"] == ["/sitemap_index.xml"]


def test_site_with_nothing_but_links() -> None:
    offer = discover({"/": respond("200 OK", FRONT % b"")})
    assert (offer.kind, offer.feeds, offer.sitemaps, offer.articles) == ("page", (), (), 1)


def test_address_of_a_feed() -> None:
    offer = discover({"/f": respond("200 OK", FEED, content_type="application/rss+xml")}, path="/f")
    assert (offer.kind, offer.name, offer.articles) == ("feed", "Harbour feed", 1)
    assert paths(offer)["feeds"] == ["/f"]


def test_address_of_a_sitemap() -> None:
    offer = discover({"/s.xml": respond("200 OK", SITEMAP, content_type="text/xml")}, path="/s.xml")
    assert (offer.kind, offer.articles) == ("sitemap", 1)


def test_address_that_is_not_there() -> None:
    with pytest.raises(StatusError):
        discover({}, path="/nothing")
