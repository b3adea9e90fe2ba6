"""Probing a site before it is crawled: which feeds and sitemaps it has, and what keeps us out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeVar

from pipelines.adding.obstacles import (
    Obstacle,
    RobotsNotes,
    find_refusal_of_answer,
    find_wall,
    unread,
)
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.errors import WorkerLostError
from scraper.discover.alternates import (
    candidate_feeds,
    candidate_sitemaps,
    find_feed_page,
    find_feeds,
)
from scraper.discover.feeds import is_feed, parse_feed
from scraper.discover.links import ARTICLE_SCORE, find_links
from scraper.discover.opml import Opml, is_opml, parse_opml
from scraper.discover.sitemaps import is_sitemap, parse_sitemap
from scraper.errors import FetchError
from scraper.extract.scripted import looks_scripted
from scraper.fetch import Fetcher
from scraper.page import Page
from scraper.request_settings import PLAIN, RequestSettings
from scraper.urls.normal_urls import normalize_url

# Requests are a second apart and somebody waits for the answer: main feeds and the likeliest
# guesses come first.
_MOST_FEEDS: Final = 5
_MOST_SITEMAPS: Final = 10
_MOST_GUESSES: Final = 14
_MOST_SITEMAP_GUESSES: Final = 6
_FEWER_SITEMAP_GUESSES: Final = 3  # where a feed is known
# A wall has a link or two: to the terms, to the log-in; a front page has its stories.
_FEWEST_STORIES: Final = 3

R = TypeVar("R")
ProbeKind = Literal["page", "feed", "sitemap", "opml"]


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed or a sitemap; `entries` counts what it names: pages and further sitemaps."""

    url: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProbe:
    """What a site offers to find its articles by.

    Attributes:
        url: The address that was asked for, after redirects.
        kind: What is there.
        feeds: The main ones first; those of comments are left out. One that the page names counts
            while it has no entry, too.
        sitemaps: Named by robots.txt, or where sitemaps usually are.
        article_links: Links on the page that look like articles.
        more_feeds: How many more feeds the page names, which were not asked for.
        is_scripted: Whether the page is still to be built by its scripts.
        obstacle: What keeps us from the page; None when it can be read.
        remark: What else the page says about reading it; empty for nothing.
        opml: What an OPML file lists; None for anything else.
        unread: Pages beside it that could not be read, each with the reason.
    """

    url: str
    kind: ProbeKind = "page"
    feeds: tuple[FoundFeed, ...] = ()
    sitemaps: tuple[FoundFeed, ...] = ()
    article_links: int = 0
    more_feeds: int = 0
    is_scripted: bool = False
    obstacle: Obstacle | None = None
    remark: str = ""
    opml: Opml | None = None
    unread: tuple[str, ...] = ()

    @property
    def leads_anywhere(self) -> bool:
        """Whether there is anything to find articles by."""
        return bool(self.feeds or self.sitemaps or self.article_links)


@dataclass(frozen=True, slots=True)
class Prober:
    """Whom sites are probed by.

    Attributes:
        fetcher: Whom to ask by; it keeps the delay of each host.
        notes: The robots memory of `fetcher`.
        pool: Who reads what comes, and gives up a page without an end.
    """

    fetcher: Fetcher
    notes: RobotsNotes
    pool: ParserPool


async def probe_site(
    prober: Prober,
    url: str,
    *,
    allow_private: bool = False,
    requests: RequestSettings = PLAIN,
) -> SiteProbe:
    """What the site at `url` offers, asked as politely as its fetcher is: some twenty requests.

    Args:
        prober: Who asks, and who reads.
        url: The address.
        allow_private: Whether loopback and private addresses may be reached.
        requests: What requests say beside what all do.

    Raises:
        FetchError: The address itself cannot be fetched, and not because somebody refuses it.
        WorkerStartError: There is no process to read pages.
    """
    look = _Look(prober, allow_private, requests)
    fetcher = prober.fetcher
    try:
        page = await look.page(url)
    except FetchError as error:
        obstacle = find_refusal_of_answer(error, prober.notes, fetcher.options.robots_token)
        if obstacle is None:
            raise
        return await look.around(SiteProbe(url=url, obstacle=obstacle), ())
    try:
        front = await prober.pool.run(_read_front, page)
    except WorkerLostError as error:
        return await look.around(SiteProbe(url=page.url, obstacle=unread(str(error))), ())
    if not front.has_more:
        return front.probe
    declared = front.declared
    if not declared and front.feed_page:
        declared = await look.feeds_listed_at(front.feed_page)
    probe = replace(front.probe, more_feeds=max(len(declared) - _MOST_FEEDS, 0))
    return await look.around(probe, declared[:_MOST_FEEDS])


@dataclass(frozen=True, slots=True)
class _Front:
    """What is read on the page that was asked for.

    Attributes:
        probe: What it offers by itself.
        has_more: Whether there may be more beside it. Feeds are often open where a page is not.
        declared: The feeds that it names.
        feed_page: Its page about feeds; None when it has none, or names feeds itself.
    """

    probe: SiteProbe
    has_more: bool = False
    declared: tuple[str, ...] = ()
    feed_page: str | None = None


def _read_front(page: Page) -> _Front:
    if is_opml(page.body):
        return _Front(SiteProbe(url=page.url, kind="opml", opml=parse_opml(page.body)))
    if is_feed(page):
        feed = FoundFeed(page.url, len(parse_feed(page)))
        return _Front(SiteProbe(url=page.url, kind="feed", feeds=(feed,)))
    if is_sitemap(page):
        sitemap = FoundFeed(page.url, _sitemap_size(page) or 0)
        return _Front(SiteProbe(url=page.url, kind="sitemap", sitemaps=(sitemap,)))
    links = sum(link.score >= ARTICLE_SCORE for link in find_links(page))
    wall, remark = find_wall(page)
    is_scripted = links < _FEWEST_STORIES and looks_scripted(page)
    # A page that asks for JavaScript and has it is no wall: a browser shows what is behind it.
    if wall is not None and links < _FEWEST_STORIES:
        if not wall.is_wall:
            return _Front(SiteProbe(url=page.url, obstacle=wall))
        if not is_scripted or wall.cause != "browser":
            return _Front(SiteProbe(url=page.url, obstacle=wall), has_more=True)
    declared = _declared(page)
    return _Front(
        SiteProbe(url=page.url, article_links=links, is_scripted=is_scripted, remark=remark),
        has_more=True,
        declared=declared,
        feed_page=None if declared else find_feed_page(page),
    )


def _declared(page: Page) -> tuple[str, ...]:
    """The feeds that a page names, but for those of comments."""
    return tuple(link.url for link in find_feeds(page) if link.score > 0)


def _feeds_listed(page: Page) -> tuple[str, ...]:
    return (page.requested_url,) if is_feed(page) else _declared(page)


@dataclass(frozen=True, slots=True)
class _Look:
    """How to fetch what may be a feed or a sitemap, and to count what it names.

    Attributes:
        unread: What came and could not be read, each with the reason.
    """

    prober: Prober
    allow_private: bool
    requests: RequestSettings
    unread: list[str] = field(default_factory=list)

    async def page(self, url: str) -> Page:
        """What is at an address.

        Raises:
            FetchError: It cannot be fetched.
        """
        return await self.prober.fetcher.fetch_page(
            url, allow_private=self.allow_private, settings=self.requests
        )

    async def feeds_listed_at(self, url: str) -> tuple[str, ...]:
        """The feeds that a page about feeds names; itself when it turns out to be one."""
        return await self._read(url, _feeds_listed) or ()

    async def _read(self, url: str, function: Callable[[Page], R]) -> R | None:
        """What a function finds at an address; None when nothing can be fetched or read there."""
        try:
            page = await self.page(url)
            return await self.prober.pool.run(function, page)
        except FetchError:
            return None  # not there: what a guess is for
        except WorkerLostError as error:
            self.unread.append(f"{url}: {error}")
            return None

    async def around(self, probe: SiteProbe, declared: Sequence[str]) -> SiteProbe:
        """The probe with the feeds and sitemaps of its site."""
        feeds = await self._at(declared, candidate_feeds(probe.url)[:_MOST_GUESSES], _feed_size)
        named = await self.prober.fetcher.robots.sitemaps(
            probe.url, allow_private=self.allow_private, settings=self.requests
        )
        most = _FEWER_SITEMAP_GUESSES if feeds else _MOST_SITEMAP_GUESSES
        sitemaps = await self._at(
            [normalize_url(sitemap) or sitemap for sitemap in named][:_MOST_SITEMAPS],
            candidate_sitemaps(probe.url)[:most],
            _sitemap_size,
        )
        return replace(
            probe,
            feeds=feeds,
            sitemaps=tuple(item for item in sitemaps if item.entries),
            unread=tuple(self.unread),
        )

    async def _at(
        self, named: Sequence[str], guesses: Sequence[str], size: Callable[[Page], int | None]
    ) -> tuple[FoundFeed, ...]:
        """Those of `named` that are there; where none has an entry, the first guess that has."""
        found = [item for url in named if (item := await self._one(url, size)) is not None]
        if not any(item.entries for item in found):
            for url in (url for url in guesses if url not in named):
                item = await self._one(url, size)
                if item is not None and item.entries:
                    return (*found, item)
        return tuple(found)

    async def _one(self, url: str, size: Callable[[Page], int | None]) -> FoundFeed | None:
        entries = await self._read(url, size)
        return None if entries is None else FoundFeed(url, entries)


def _feed_size(page: Page) -> int | None:
    """How many entries a feed has; None for what is none, such as a page at every address."""
    return len(parse_feed(page)) if is_feed(page) else None


def _sitemap_size(page: Page) -> int | None:
    """How many pages and sitemaps a sitemap names; None for what is none."""
    if not is_sitemap(page):
        return None
    sitemap = parse_sitemap(page)
    return len(sitemap.links) + len(sitemap.sitemaps)
