"""Probing a site before it is crawled: which feeds and sitemaps it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipelines.crawl.parse.parse_page import ParseJob, Parser, ParseResult, failed_parse
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.errors import WorkerLostError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS
from pipelines.settings import DiscoverMethod
from scraper.discover.alternates import candidate_feeds, candidate_sitemaps
from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchOptions
from scraper.page import Page
from scraper.urls.normal_urls import normalize_url

# Requests are a second apart and somebody waits for the answer: main feeds and the likeliest
# guesses come first.
_MOST_FEEDS: Final = 5
_MOST_SITEMAPS: Final = 10
_MOST_GUESSES: Final = 4
_ALL_METHODS: Final[frozenset[DiscoverMethod]] = frozenset({"feed", "sitemap", "links"})
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
        unread: Pages that could not be read, each with what stood in the way.
    """

    url: str
    kind: str
    feeds: tuple[FoundFeed, ...] = ()
    sitemaps: tuple[FoundFeed, ...] = ()
    article_links: int = 0
    unread: tuple[str, ...] = ()


async def probe_site(
    url: str,
    *,
    contact: str | None = None,
    allow_private: bool = False,
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS,
) -> SiteProbe:
    """What the site at `url` offers, asked politely: some ten requests, a second apart.

    A page that cannot be read, or not in time, is as one with nothing on it; `unread` names it.

    Raises:
        FetchError: The address itself cannot be fetched.
        WorkerStartError: There is no process to read pages.
    """
    delay_seconds = 0.0 if allow_private else 1.0  # a site on one's own machine needs no manners
    options = FetchOptions(contact=contact, delay_seconds=delay_seconds, retries=1)
    async with Fetcher(options) as fetcher, ParserPool(1, page_timeout_seconds) as parser:
        look = _Look(fetcher, parser, allow_private)
        page = await fetcher.fetch_page(url, allow_private=allow_private)
        front = await look.into(page)
        if front.kind == "feed":
            return SiteProbe(page.url, "feed", feeds=(FoundFeed(page.url, _size(front)),))
        if front.kind == "sitemap":
            return SiteProbe(page.url, "sitemap", sitemaps=(FoundFeed(page.url, _size(front)),))
        feeds = [link.url for link in front.feeds if link.score > 0]
        named = await fetcher.robots.sitemaps(page.url, allow_private=allow_private)
        sitemaps = [normalize_url(sitemap) or sitemap for sitemap in named]
        return SiteProbe(
            url=page.url,
            kind="page",
            feeds=await look.at(feeds[:_MOST_FEEDS], candidate_feeds(page.url), "feed"),
            sitemaps=await look.at(
                sitemaps[:_MOST_SITEMAPS], candidate_sitemaps(page.url), "sitemap"
            ),
            article_links=sum(link.score >= _ARTICLE_SCORE for link in front.links),
            unread=tuple(look.unread),
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """How to fetch and read what may be a feed or a sitemap, and what could not be read."""

    fetcher: Fetcher
    parser: Parser
    allow_private: bool
    unread: list[str] = field(default_factory=list)

    async def at(
        self, named: Sequence[str], guesses: Iterable[str], kind: DiscoverMethod
    ) -> tuple[FoundFeed, ...]:
        """Those of `named` that have entries; where none has, the first of `guesses` that does."""
        found = [item for url in named if (item := await self._one(url, kind)) is not None]
        if not found:
            for url in [url for url in guesses if url not in named][:_MOST_GUESSES]:
                item = await self._one(url, kind)
                if item is not None:
                    return (item,)
        return tuple(found)

    async def into(self, page: Page) -> ParseResult:
        """What a page holds, read as a crawl reads it."""
        job = ParseJob(page=page, kind="page", discover_methods=_ALL_METHODS, keep_page=False)
        try:
            parsed = await self.parser.parse(job)
        except WorkerLostError as error:
            parsed = failed_parse(job.kind, "discover", error)
        if parsed.stage is not None:
            self.unread.append(f"{page.url}: {parsed.message}")
        return parsed

    async def _one(self, url: str, kind: DiscoverMethod) -> FoundFeed | None:
        try:
            page = await self.fetcher.fetch_page(url, allow_private=self.allow_private)
        except FetchError:
            return None  # not there: what a guess is for
        parsed = await self.into(page)
        entries = _size(parsed) if parsed.kind == kind else 0
        return FoundFeed(url, entries) if entries else None


def _size(parsed: ParseResult) -> int:
    return len(parsed.links) + len(parsed.sitemaps)
