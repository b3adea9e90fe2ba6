"""Probing a site before it is crawled: which feeds and sitemaps it has, and what keeps us out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from pipelines.adding.obstacles import (
    Obstacle,
    RobotsNotes,
    find_refusal_of_answer,
    find_wall,
)
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

    @property
    def leads_anywhere(self) -> bool:
        """Whether there is anything to find articles by."""
        return bool(self.feeds or self.sitemaps or self.article_links)


async def probe_site(
    fetcher: Fetcher,
    notes: RobotsNotes,
    url: str,
    *,
    allow_private: bool = False,
    requests: RequestSettings = PLAIN,
) -> SiteProbe:
    """What the site at `url` offers, asked as politely as `fetcher` is: some twenty requests.

    Args:
        fetcher: Whom to ask by; it keeps the delay of each host.
        notes: The robots memory of `fetcher`.
        url: The address.
        allow_private: Whether loopback and private addresses may be reached.
        requests: What requests say beside what all do.

    Raises:
        FetchError: The address itself cannot be fetched, and not because somebody refuses it.
    """
    look = _Look(fetcher, allow_private, requests)
    try:
        page = await look.page(url)
    except FetchError as error:
        obstacle = find_refusal_of_answer(error, notes, fetcher.options.robots_token)
        if obstacle is None:
            raise
        return await _probe_around(look, url, obstacle)
    if is_opml(page.body):
        return SiteProbe(url=page.url, kind="opml", opml=parse_opml(page.body))
    if is_feed(page):
        feed = FoundFeed(page.url, len(parse_feed(page)))
        return SiteProbe(url=page.url, kind="feed", feeds=(feed,))
    if is_sitemap(page):
        sitemap = FoundFeed(page.url, _sitemap_size(page) or 0)
        return SiteProbe(url=page.url, kind="sitemap", sitemaps=(sitemap,))
    return await _probe_page(look, page)


async def _probe_page(look: "_Look", page: Page) -> SiteProbe:
    links = sum(link.score >= ARTICLE_SCORE for link in find_links(page))
    wall, remark = find_wall(page)
    is_scripted = links < _FEWEST_STORIES and looks_scripted(page)
    # A page that asks for JavaScript and has it is no wall: a browser shows what is behind it.
    if wall is not None and links < _FEWEST_STORIES:
        if not wall.is_wall:
            return SiteProbe(url=page.url, obstacle=wall)
        if not is_scripted or wall.cause != "browser":
            return await _probe_around(look, page.url, wall)
    declared = _declared(page)
    if not declared and (feed_page := find_feed_page(page)):
        declared = await look.feeds_listed_at(feed_page)
    probe = SiteProbe(
        url=page.url,
        article_links=links,
        more_feeds=max(len(declared) - _MOST_FEEDS, 0),
        is_scripted=is_scripted,
        remark=remark,
    )
    return await look.around(probe, declared[:_MOST_FEEDS])


def _declared(page: Page) -> list[str]:
    """The feeds that a page names, but for those of comments."""
    return [link.url for link in find_feeds(page) if link.score > 0]


async def _probe_around(look: "_Look", url: str, obstacle: Obstacle) -> SiteProbe:
    """What a site offers beside a page that cannot be read: feeds are often open all the same."""
    return await look.around(SiteProbe(url=url, obstacle=obstacle), ())


@dataclass(frozen=True, slots=True)
class _Look:
    """How to fetch what may be a feed or a sitemap, and to count what it names."""

    fetcher: Fetcher
    allow_private: bool
    requests: RequestSettings

    async def page(self, url: str) -> Page:
        """What is at an address.

        Raises:
            FetchError: It cannot be fetched.
        """
        return await self.fetcher.fetch_page(
            url, allow_private=self.allow_private, settings=self.requests
        )

    async def feeds_listed_at(self, url: str) -> list[str]:
        """The feeds that a page about feeds names; itself when it turns out to be one."""
        try:
            page = await self.page(url)
        except FetchError:
            return []
        return [url] if is_feed(page) else _declared(page)

    async def around(self, probe: SiteProbe, declared: Sequence[str]) -> SiteProbe:
        """The probe with the feeds and sitemaps of its site."""
        feeds = await self._at(declared, candidate_feeds(probe.url)[:_MOST_GUESSES], _feed_size)
        named = await self.fetcher.robots.sitemaps(
            probe.url, allow_private=self.allow_private, settings=self.requests
        )
        most = _FEWER_SITEMAP_GUESSES if feeds else _MOST_SITEMAP_GUESSES
        sitemaps = await self._at(
            [normalize_url(sitemap) or sitemap for sitemap in named][:_MOST_SITEMAPS],
            candidate_sitemaps(probe.url)[:most],
            _sitemap_size,
        )
        return replace(
            probe, feeds=feeds, sitemaps=tuple(item for item in sitemaps if item.entries)
        )

    async def _at(
        self, named: Sequence[str], guesses: Sequence[str], size: Callable[[Page], int | None]
    ) -> tuple[FoundFeed, ...]:
        """Those of `named` that are there; where none has an entry, the first guess that has."""
        found = [item for url in named if (item := await self._one(url, size)) is not None]
        if not any(item.entries for item in found):
            for url in guesses:
                item = await self._one(url, size)
                if item is not None and item.entries:
                    return (*found, item)
        return tuple(found)

    async def _one(self, url: str, size: Callable[[Page], int | None]) -> FoundFeed | None:
        try:
            page = await self.page(url)
        except FetchError:
            return None  # not there: what a guess is for
        entries = size(page)
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
