"""Feeds a page declares, further pages of a list, and where feeds and sitemaps usually are."""

import re

from lxml import etree

from scraper.discover.document import PageTree, clean_title, parse_document, text_of
from scraper.discover.links import Outlink
from scraper.discover.opml import web_address
from scraper.page import Page
from scraper.urls.normal_urls import normalize_url
from scraper.urls.web_urls import is_same_or_subdomain, parse_web_url

_FEED_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/feed+json application/rdf+xml "
    "application/x.atom+xml application/x-atom+xml text/rss text/atom".split()
)
# What feeds are served as, but other things too: the link has to be called or named like a feed.
_WIDER_TYPES = frozenset("text/xml application/xml application/json".split())
_FEED_TEXT = re.compile(r"(?i)\b(?:rss|atom|feeds?)\b")
_FEED_PATH = re.compile(
    r"(?i)(?:/(?:feed|rss|atom)s?/?$|\.(?:rss|atom)$|/(?:feed|rss|atom|index)\.xml$)"
)
_COMMENTS = re.compile(r"(?i)/comments?/|comments? feed|kommentar-feed")

# The likeliest first, since few guesses are made: WordPress's, then those of other systems.
_FEED_PATHS = (
    "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss", "/index.xml", "/feeds/posts/default",
    "/feed/", "/rss/", "/feed.json", "/?feed=rss2", "/index.rss", "/rss/index.rss",
)  # fmt: skip
_SITEMAP_PATHS = (
    "/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/wp-sitemap.xml",
    "/sitemap-index.xml", "/sitemap-news.xml", "/sitemap.xml.gz", "/sitemap.txt",
)  # fmt: skip
_NEXT_TEXT = re.compile(
    r"(?i)^\W*(?:next(?: page)?|older(?: posts| entries| stories)?|more stories|nächste(?: seite)?|"
    r"weiter|ältere(?: beiträge)?|suivante?|page suivante|siguiente|próxima|volgende)\W*$"
)


def find_feeds(page: Page) -> tuple[Outlink, ...]:
    """The feeds that a page declares, its main ones first; () when there are none.

    `<link rel=alternate>` counts, then links to what is called or named like a feed. Feeds of
    comments come last, with a score of 0.
    """
    document = parse_document(page)
    return _feeds_of(document, page.url) if document is not None else ()


def _feeds_of(document: PageTree, page_url: str) -> tuple[Outlink, ...]:
    found: dict[str, Outlink] = {}
    for element in document.root.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if "feed" in rel or ("alternate" in rel and _is_feed_link(element, kind)):
            _add_feed(found, document, element.get("href"), element.get("title"))
    if not found:
        for element in document.root.iter("a"):
            href = element.get("href") or ""
            text = text_of(element)
            is_named = _FEED_PATH.search(href.partition("?")[0])
            if is_named or (len(text) < 30 and _FEED_TEXT.search(text) and ".xml" in href):
                url = normalize_url(href, document.base_url)
                if url is not None and is_same_or_subdomain(url, page_url):
                    _add_feed(found, document, href, text)
    return tuple(sorted(found.values(), key=lambda link: -link.score))


def _is_feed_link(element: etree._Element, kind: str) -> bool:
    """Whether an alternate of a page is a feed, by its type, or by that and how it is called."""
    path, title = (element.get("href") or "").partition("?")[0], element.get("title") or ""
    return kind in _FEED_TYPES or (
        kind in _WIDER_TYPES and bool(_FEED_PATH.search(path) or _FEED_TEXT.search(title))
    )


def _add_feed(
    found: dict[str, Outlink], document: PageTree, href: str | None, title: str | None
) -> None:
    url = normalize_url(web_address(href) or href, document.base_url) if href else None
    if url is not None and len(found) < 100:  # blogs link a feed of comments for every post
        is_comments = _COMMENTS.search(url) or _COMMENTS.search(title or "")
        link = Outlink(url=url, title=clean_title(title), score=0.0 if is_comments else 1.0)
        found.setdefault(url, link)


def find_feed_page(page: Page) -> str | None:
    """The page of a site that lists its feeds, by what the link to it is called; None without one.

    Example:
        >>> find_feed_page(Page(url="https://example.org/", body=b"<a href=/rss-feeds>RSS</a>"))
        'https://example.org/rss-feeds'
    """
    document = parse_document(page)
    for element in document.root.iter("a") if document is not None else ():
        text = text_of(element)
        if document is not None and len(text) < 30 and _FEED_TEXT.search(text):
            url = normalize_url(element.get("href") or "", document.base_url)
            if url is not None and is_same_or_subdomain(url, page.url):
                return url
    return None


def find_next_pages(page: Page) -> tuple[Outlink, ...]:
    """The page that follows in a list of articles; () when there is none.

    By `rel=next`, on <link> and <a>, or else by what the link is called.
    """
    document = parse_document(page)
    if document is None:
        return ()
    found: dict[str, Outlink] = {}
    called = []
    for element in document.root.iter("link", "a"):
        url = normalize_url(element.get("href") or "", document.base_url)
        if url is None or not is_same_or_subdomain(url, page.url) or url == normalize_url(page.url):
            continue
        if "next" in (element.get("rel") or "").lower().split():
            found.setdefault(url, Outlink(url=url))
        elif element.tag == "a" and _NEXT_TEXT.match(text_of(element)):
            called.append(Outlink(url=url))
    return tuple(found.values())[:1] or tuple(called[:1])


def candidate_feeds(url: str) -> tuple[str, ...]:
    """Where a site's feed may be when the site declares none: the likeliest first.

    Example:
        >>> candidate_feeds("https://example.org/news/")[:2]
        ('https://example.org/news/feed', 'https://example.org/feed')
    """
    parsed = parse_web_url(url)
    if parsed is None:
        return ()
    section = parsed.pathname.rstrip("/")
    of_section = (f"{parsed.origin}{section}/feed",) if section and "." not in section else ()
    return tuple(dict.fromkeys((*of_section, *(f"{parsed.origin}{path}" for path in _FEED_PATHS))))


def candidate_sitemaps(url: str) -> tuple[str, ...]:
    """Where a site's sitemap may be when robots.txt names none: the likeliest first.

    Example:
        >>> candidate_sitemaps("https://example.org/news/")[0]
        'https://example.org/sitemap.xml'
    """
    parsed = parse_web_url(url)
    return tuple(f"{parsed.origin}{path}" for path in _SITEMAP_PATHS) if parsed is not None else ()
