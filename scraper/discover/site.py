"""What a site offers for a crawl: its name, feeds, sitemaps and sections."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scraper.discover.alternates import candidate_feeds, candidate_sitemaps, find_feeds
from scraper.discover.document import clean_title, parse_document, text_of
from scraper.discover.feeds import feed_title, is_feed, parse_feed
from scraper.discover.links import ARTICLE_SCORE, Link, find_links
from scraper.discover.sitemaps import is_sitemap, parse_sitemap
from scraper.discover.url_score import score_url
from scraper.discover.urls import is_same_site, normalize_url
from scraper.errors import FetchError, HostPausedError, RefusedAddressError
from scraper.page import Page
from scraper.urls import host_of, parse_web_url

FetchPage = Callable[[str], Awaitable[Page]]
"""A URL in, its page out, or a FetchError: `Fetcher.fetch_page` with its options filled in."""

_MOST_TRIED = 5  # addresses asked for when nothing is declared, of each kind
_MOST_SECTIONS = 12
_MOST_FEEDS = 10
_MOST_SITEMAPS = 20
_SITEMAP_LINE = re.compile(r"(?im)^\s*site-?maps?\s*:\s*(\S+)")
_SECTION = re.compile(r"(?i)^/(?:category|kategorie|categoria|rubrik|sections?|topics?|themen?)/.")
_TITLE_TAIL = re.compile(r"\s+(?:[|–—·»:]|-)\s+.*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOffer:
    """What was found for one address.

    Attributes:
        url: The address, after redirects.
        name: What the site calls itself; its host when it does not say.
        kind: What the address itself is: ``page``, ``feed`` or ``sitemap``.
        feeds: Feeds that can be read, the main one first.
        sitemaps: Sitemaps that can be read.
        sections: Index pages that the front page leads to.
        articles: How many links on the page, entries of the feed or URLs of the sitemap look
            like articles.
    """

    url: str
    name: str
    kind: str = "page"
    feeds: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()
    sections: tuple[Link, ...] = ()
    articles: int = 0


async def discover_site(fetch: FetchPage, url: str) -> SiteOffer:
    """Everything at a site that a crawl can start from.

    What the site declares is believed once it has been fetched and is what it should be; where it
    declares nothing, the usual addresses are tried.

    Args:
        fetch: Gets a page; every request goes through it.
        url: A front page, a section, a feed or a sitemap.

    Raises:
        FetchError: The address itself cannot be fetched.
    """
    page = await fetch(url)
    host = host_of(page.url).removeprefix("www.")
    if is_feed(page):
        own = Link(url=page.url, title=feed_title(page), score=1.0)
        return SiteOffer(
            url=page.url,
            name=own.title or host,
            kind="feed",
            feeds=(own,),
            articles=len(parse_feed(page)),
        )
    if is_sitemap(page):
        found = parse_sitemap(page)
        own = Link(url=page.url)
        return SiteOffer(
            url=page.url, name=host, kind="sitemap", sitemaps=(own,), articles=len(found.links)
        )
    links = find_links(page)
    return SiteOffer(
        url=page.url,
        name=_site_name(page) or host,
        feeds=await _offered_feeds(fetch, page),
        sitemaps=await _offered_sitemaps(fetch, page),
        sections=_sections(links, page),
        articles=sum(1 for link in links if link.score >= ARTICLE_SCORE),
    )


async def _offered_feeds(fetch: FetchPage, page: Page) -> tuple[Link, ...]:
    declared = [link for link in find_feeds(page) if link.score > 0.0][:_MOST_FEEDS]
    found = await _readable(fetch, declared, is_feed)
    if not found:
        guesses = [Link(url=guess) for guess in candidate_feeds(page.url)[:_MOST_TRIED]]
        found = await _readable(fetch, guesses, is_feed, most=1)
    return tuple(
        Link(url=link.url, title=link.title or feed_title(answer), score=1.0)
        for link, answer in found
    )


async def _offered_sitemaps(fetch: FetchPage, page: Page) -> tuple[Link, ...]:
    declared = [Link(url=url) for url in await _robots_sitemaps(fetch, page)][:_MOST_SITEMAPS]
    found = await _readable(fetch, declared, is_sitemap)
    if not found:
        guesses = [Link(url=guess) for guess in candidate_sitemaps(page.url)[:_MOST_TRIED]]
        found = await _readable(fetch, guesses, is_sitemap, most=1)
    return tuple(link for link, _ in found)


async def _robots_sitemaps(fetch: FetchPage, page: Page) -> tuple[str, ...]:
    parsed = parse_web_url(page.url)
    if parsed is None:
        return ()
    try:
        robots = await fetch(f"{parsed.origin}/robots.txt")
    except FetchError:
        return ()
    named = _SITEMAP_LINE.findall(robots.body.decode("utf-8", "replace"))
    urls = (normalize_url(name, page.url) for name in named)
    return tuple(dict.fromkeys(url for url in urls if url is not None))


async def _readable(
    fetch: FetchPage, links: list[Link], is_right: Callable[[Page], bool], most: int = 100
) -> list[tuple[Link, Page]]:
    """Those links that lead to what they should, with what they lead to."""
    found: dict[str, tuple[Link, Page]] = {}
    for link in links:
        try:
            answer = await fetch(link.url)
        except (HostPausedError, RefusedAddressError):
            break  # asking for more of the same would be no use
        except FetchError:
            continue
        if is_right(answer):
            at = Link(url=answer.url, title=link.title, score=link.score)
            found.setdefault(answer.url, (at, answer))
            if len(found) >= most:
                break
    return list(found.values())


def _site_name(page: Page) -> str | None:
    """What the site calls itself: og:site_name, else the shorter side of the title."""
    document = parse_document(page)
    if document is None:
        return None
    for meta in document.root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or "").lower()
        if key in ("og:site_name", "application-name") and (
            name := clean_title(meta.get("content"))
        ):
            return name
    title = document.root.find(".//title")
    return clean_title(_TITLE_TAIL.sub("", text_of(title))) if title is not None else None


def _sections(links: tuple[Link, ...], page: Page) -> tuple[Link, ...]:
    """Short links with short names, as in a navigation bar: /news, /sport."""
    found = []
    for link in links:
        parsed = parse_web_url(link.url)
        if parsed is None or parsed.search or not link.title or len(link.title) > 30:
            continue
        depth = parsed.pathname.strip("/").count("/") + 1
        is_section = _SECTION.search(parsed.pathname) or 0.0 < score_url(link.url) < ARTICLE_SCORE
        if depth <= 2 and is_section and is_same_site(link.url, page.url):
            found.append(Link(url=link.url, title=link.title, score=link.score))
    return tuple(found[:_MOST_SECTIONS])
