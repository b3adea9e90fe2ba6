"""Probing a site before it is crawled: which feeds and sitemaps it has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from scraper.discover.alternates import candidate_feeds, candidate_sitemaps, find_feeds
from scraper.discover.feeds import is_feed, parse_feed
from scraper.discover.links import find_links
from scraper.discover.sitemaps import is_sitemap, parse_sitemap
from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchOptions
from scraper.page import Page
from scraper.urls.normal_urls import normalize_url

# Requests are a second apart and somebody waits for the answer: main feeds and the likeliest
# guesses come first.
_MOST_FEEDS: Final = 5
_MOST_SITEMAPS: Final = 10
_MOST_GUESSES: Final = 4
_ARTICLE_SCORE: Final = 0.5  # as `scraper.discover.links.ARTICLE_SCORE`


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed or a sitemap; `entries` counts what it names: pages and further sitemaps."""

    url: str
    entries: int


@dataclass(frozen=True, slots=True)
class SiteProbe:
    """What a site offers to find its articles by.

    Attributes:
        url: The address to crawl, after redirects.
        kind: What is there: ``page``, ``feed`` or ``sitemap``.
        feeds: With at least one entry, the main ones first; those of comments are left out.
        sitemaps: Named by robots.txt, or where sitemaps usually are.
        article_links: Links on the page that look like articles.
    """

    url: str
    kind: str
    feeds: tuple[FoundFeed, ...] = ()
    sitemaps: tuple[FoundFeed, ...] = ()
    article_links: int = 0


async def probe_site(
    url: str, *, contact: str | None = None, allow_private: bool = False
) -> SiteProbe:
    """What the site at `url` offers, asked politely: some ten requests, a second apart.

    Raises:
        FetchError: The address itself cannot be fetched.
    """
    delay_seconds = 0.0 if allow_private else 1.0  # a site on one's own machine needs no manners
    async with Fetcher(
        FetchOptions(contact=contact, delay_seconds=delay_seconds, retries=1)
    ) as fetcher:
        page = await fetcher.fetch_page(url, allow_private=allow_private)
        if is_feed(page):
            return SiteProbe(page.url, "feed", (FoundFeed(page.url, len(parse_feed(page))),))
        if is_sitemap(page):
            return SiteProbe(page.url, "sitemap", (), (FoundFeed(page.url, _sitemap_size(page)),))
        look = _Look(fetcher, allow_private)
        feeds = [link.url for link in find_feeds(page) if link.score > 0]
        named = await fetcher.robots.sitemaps(page.url, allow_private=allow_private)
        sitemaps = [normalize_url(sitemap) or sitemap for sitemap in named]
        return SiteProbe(
            url=page.url,
            kind="page",
            feeds=await look.at(feeds[:_MOST_FEEDS], candidate_feeds(page.url), _feed_size),
            sitemaps=await look.at(
                sitemaps[:_MOST_SITEMAPS], candidate_sitemaps(page.url), _sitemap_size
            ),
            article_links=sum(link.score >= _ARTICLE_SCORE for link in find_links(page)),
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """How to fetch what may be a feed or a sitemap, and to count what it names."""

    fetcher: Fetcher
    allow_private: bool

    async def at(
        self, named: Iterable[str], guesses: Iterable[str], size: Callable[[Page], int]
    ) -> tuple[FoundFeed, ...]:
        """Those of `named` that have entries; where none has, the first of `guesses` that does."""
        found = [item for url in named if (item := await self._one(url, size)) is not None]
        if not found:
            for url in tuple(guesses)[:_MOST_GUESSES]:
                item = await self._one(url, size)
                if item is not None:
                    return (item,)
        return tuple(found)

    async def _one(self, url: str, size: Callable[[Page], int]) -> FoundFeed | None:
        try:
            page = await self.fetcher.fetch_page(url, allow_private=self.allow_private)
        except FetchError:
            return None  # not there: what a guess is for
        entries = size(page)
        return FoundFeed(url, entries) if entries else None


def _feed_size(page: Page) -> int:
    return len(parse_feed(page)) if is_feed(page) else 0


def _sitemap_size(page: Page) -> int:
    if not is_sitemap(page):
        return 0
    sitemap = parse_sitemap(page)
    return len(sitemap.links) + len(sitemap.sitemaps)
