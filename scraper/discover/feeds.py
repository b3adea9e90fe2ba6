"""RSS, Atom and JSON feeds: what they say there is to read."""

import calendar
import html
import io
import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser
import orjson

from scraper.discover.dates import checked_moment, parse_moment
from scraper.discover.document import clean_title
from scraper.discover.gzipped import unzipped
from scraper.discover.links import Link
from scraper.discover.urls import normalize_url
from scraper.page import Page

MAX_FEED_BYTES = 10_000_000
MAX_FEED_LINKS = 5_000

_XML_FEED = re.compile(rb"<(?:rss\b|feed\b|(?:\w+:)?RDF\b|channel\b|\w+:feed\b)")
_OTHER_ROOT = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|urlset|sitemapindex)\b")
_TAG = re.compile(r"<[^<>]{0,500}>")


def is_feed(page: Page) -> bool:
    """Whether a page is an RSS, Atom or JSON feed, by its first bytes."""
    head = unzipped(page.body, max_bytes=4096)[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return b"jsonfeed.org" in head or "feed+json" in (page.content_type or "")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    found, other = _XML_FEED.search(head), _OTHER_ROOT.search(head)
    return found is not None and (other is None or found.start() < other.start())


def parse_feed(page: Page) -> tuple[Link, ...]:
    """The entries of a feed, in its order, each URL once; () when there are none to be read.

    Broken XML is read as far as it goes. `lastmod` is when the entry was updated, else published.
    """
    body = unzipped(page.body, max_bytes=MAX_FEED_BYTES)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _unique(_json_entries(body, page.url))
    return _unique(_xml_entries(body, page))


def _unique(links: Iterable[Link]) -> tuple[Link, ...]:
    kept: dict[str, Link] = {}
    for link in links:
        kept.setdefault(link.url, link)
        if len(kept) >= MAX_FEED_LINKS:
            break
    return tuple(kept.values())


def feed_title(page: Page) -> str | None:
    """What a feed is called; None when it does not say or cannot be read."""
    body = unzipped(page.body, max_bytes=MAX_FEED_BYTES)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        try:
            feed = orjson.loads(body.lstrip(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            return None
        title = feed.get("title") if isinstance(feed, dict) else None
    else:
        title = _parsed(body, page).feed.get("title")
    return clean_title(html.unescape(_TAG.sub(" ", title))) if isinstance(title, str) else None


def _parsed(body: bytes, page: Page) -> feedparser.FeedParserDict:
    headers = {"content-location": page.url}
    if page.content_type:
        headers["content-type"] = page.content_type
    # A stream, never a string: feedparser takes a string for a file's name or a URL to open.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        resolve_relative_uris=False,  # both work on the entries' HTML, which is not wanted here
        sanitize_html=False,
    )


def _xml_entries(body: bytes, page: Page) -> Iterable[Link]:
    for entry in _parsed(body, page).entries:
        link = entry.get("feedburner_origlink") or entry.get("link") or _permalink(entry)
        url = normalize_url(str(link), page.url) if link else None
        if url is not None:
            title = html.unescape(_TAG.sub(" ", str(entry.get("title") or "")))
            yield Link(url=url, title=clean_title(title), lastmod=_entry_moment(entry), score=1.0)


def _permalink(entry: Mapping[str, Any]) -> str:
    name = str(entry.get("id") or "")
    return name if name.startswith(("http://", "https://")) else ""


def _entry_moment(entry: Mapping[str, Any]) -> datetime | None:
    moments = []
    for key in ("updated_parsed", "published_parsed"):
        parsed = dict.get(entry, key) if isinstance(entry, dict) else None
        if isinstance(parsed, time.struct_time):
            try:
                moment = checked_moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
            except (ValueError, OverflowError, OSError):
                continue
            if moment is not None:
                moments.append(moment)
    return max(moments, default=None)


def _json_entries(body: bytes, base: str) -> Iterable[Link]:
    """Entries of a JSON Feed (jsonfeed.org, version 1.1)."""
    try:
        feed = orjson.loads(body.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return
    items = feed.get("items") if isinstance(feed, dict) else None
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        address = item.get("url") or item.get("external_url") or item.get("id")
        url = normalize_url(address, base) if isinstance(address, str) else None
        if url is None:
            continue
        title = item.get("title")
        moments = [
            moment
            for key in ("date_modified", "date_published")
            if isinstance(text := item.get(key), str) and (moment := parse_moment(text))
        ]
        yield Link(
            url=url,
            title=clean_title(title) if isinstance(title, str) else None,
            lastmod=max(moments, default=None),
            score=1.0,
        )
