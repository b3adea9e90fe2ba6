"""RSS, Atom and JSON feeds: what they say there is to read."""

import calendar
import io
import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser
import orjson
from bs4 import BeautifulSoup

from scraper.attribute_limit import limit_attributes
from scraper.discover.change_dates import checked_moment, parse_moment
from scraper.discover.document import clean_title
from scraper.discover.doubtful_dates import without_doubtful_dates
from scraper.discover.entry_facts import facts_of_feed_entry, facts_of_json_item
from scraper.discover.gzipped import unzipped
from scraper.discover.links import Outlink
from scraper.page import Page
from scraper.urls.normal_urls import normalize_url
from scraper.urls.url_score import is_media
from scraper.urls.web_urls import split_normal

# Far beyond what people subscribe to; they bound what a hostile feed costs.
MAX_FEED_BYTES = 10_000_000
MAX_FEED_LINKS = 5_000

_HEAD_BYTES = 65_536  # a licence in a comment, or a list of entities, comes before the first tag
# What is not closed ends with the text: looked for from each beginning, it would take for ever.
_NOISE = re.compile(rb"(?is)<!--(?:.*?-->|.*+)|<!doctype[^<>\[\]]{0,1000}\[(?:.*?\]\s*+>|.*+)")
_XML_FEED = re.compile(rb"(?i)<(?:rss\b|feed\b|(?:\w+:)?RDF\b|channel\b|\w+:feed\b)")
_OTHER_ROOT = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|urlset|sitemapindex)\b")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{1,40})")
_XML_ENCODING = re.compile(rb"\s{0,100}<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),  # without a mark
    (b"\0<", "utf-16-be"),
)
_UTF_16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]{0,500}\?>")
_DOCTYPE = re.compile(r"(?is)<!doctype[^<>\[\]]{0,1000}(?:>|\[(?:.*?\]\s*+>|.*+))")
_ENTITY = re.compile(r"(?i)<!entity[^<>]{0,1000}>?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"(?i)&#(x[0-9a-f]+|[0-9]+);?")


def is_feed(page: Page) -> bool:
    """Whether a page is an RSS, Atom or JSON feed, by its first element."""
    head = unzipped(page.body, max_bytes=_HEAD_BYTES)[:_HEAD_BYTES]
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return _is_json_feed(page, head)
    if head.startswith(_UTF_16_STARTS):  # without its zeros it is ASCII
        head = head.replace(b"\0", b"")
    head = _NOISE.sub(b"", head)[:4096]
    found, other = _XML_FEED.search(head), _OTHER_ROOT.search(head)
    return found is not None and (other is None or found.start() < other.start())


def _is_json_feed(page: Page, head: bytes) -> bool:
    """Whether JSON is a feed: its version may stand anywhere, often behind the entries."""
    tail = unzipped(page.body, max_bytes=MAX_FEED_BYTES)[-4096:]
    return (
        b"jsonfeed.org" in head
        or "feed+json" in (page.content_type or "")
        or (b"jsonfeed.org/version" in tail and b'"items"' in head)
    )


def parse_feed(page: Page) -> tuple[Outlink, ...]:
    """The entries of a feed, in its order, each URL once; () when there are none to be read.

    Broken XML is read as far as it goes. `lastmod` is when the entry was updated, else published;
    a date that nearly all entries share, or that is just now for all, is left out. Sound and films
    are no entries.
    """
    body = unzipped(page.body, max_bytes=MAX_FEED_BYTES)
    is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    entries = _json_entries(body, page.url) if is_json else _xml_entries(body, page)
    links = _unique(link for link in entries if not is_media(link.url))
    return without_doubtful_dates(links, page.fetched_at or datetime.now(UTC))


def _unique(links: Iterable[Outlink]) -> tuple[Outlink, ...]:
    kept: dict[str, Outlink] = {}
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
    return clean_title(_plain(title)) if isinstance(title, str) else None


def _parsed(body: bytes, page: Page) -> feedparser.FeedParserDict:
    text = _clean_text(body, page.content_type or "").encode("utf-8", "replace")
    # A stream, never a string: feedparser takes a string for a file's name or a URL to open.
    return feedparser.parse(
        io.BytesIO(limit_attributes(text)),
        response_headers={
            "content-location": page.url,
            "content-type": "application/xml; charset=utf-8",
        },
        resolve_relative_uris=False,  # both work on the entries' HTML, which is not wanted here
        sanitize_html=False,
    )


def _clean_text(body: bytes, content_type: str) -> str:
    """A feed's text without its declarations: no encoding to get wrong, no entities to expand."""
    text = _decoded(body, content_type)
    for noise in (_DECLARATION, _DOCTYPE, _ENTITY, _CONTROLS):
        text = noise.sub("", text)
    return _REFERENCE.sub(_known_reference, text).lstrip("\ufeff \t\r\n")


def _known_reference(reference: re.Match[str]) -> str:
    """A character reference; nothing for one to no character, at which feedparser falls over."""
    digits = reference.group(1).lower()
    if len(digits) > 8:  # beyond Unicode, and slow to turn into a number when it is a long one
        return ""
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    is_known = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return reference.group() if is_known else ""


def _decoded(body: bytes, content_type: str) -> str:
    """The text of a feed: by its byte order mark, what is declared, or as UTF-8 (RFC 7303, 3)."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    outside, inside = _CHARSET.search(content_type), _XML_ENCODING.match(body)
    labels = (
        outside.group(1) if outside else "",
        inside.group(1).decode("latin-1") if inside else "",
    )
    for name in filter(None, labels):
        if name.lower().startswith(("utf-16", "utf16", "ucs-2")):
            continue  # two bytes a character begin with a mark, or the label is wrong
        try:
            return body.decode(name, "replace")
        except (LookupError, UnicodeError, ValueError):
            continue  # no such encoding, or one that is not for text
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _xml_entries(body: bytes, page: Page) -> Iterable[Outlink]:
    for entry in _parsed(body, page).entries:
        url = _entry_url(entry, page.url)
        if url is not None:
            moments = _entry_moments(entry)
            title = clean_title(_plain(str(entry.get("title") or "")))
            published = moments.get("published_parsed")
            yield Outlink(
                url=url,
                title=title,
                lastmod=max(moments.values(), default=None),
                published=published,
                score=1.0,
                listing=facts_of_feed_entry(entry, title, published),
            )


def _entry_url(entry: Mapping[str, Any], base: str) -> str | None:
    """Where an entry leads; None when it leads nowhere on the web."""
    # FeedBurner's links count readers and redirect; the page's own address stands beside them.
    link = entry.get("feedburner_origlink") or entry.get("link") or _permalink(entry)
    url = normalize_url(str(link), base) if link else None
    if url is not None and split_normal(url)[1:] == ("/", "") and _permalink(entry):
        return normalize_url(_permalink(entry), base)  # all of them link the front page
    return url


def _plain(title: str) -> str:
    """A title without the markup and references that feeds put into it, escaped or not."""
    if "<" not in title and "&" not in title:
        return title
    return BeautifulSoup(title, "html.parser").get_text(" ")


def _permalink(entry: Mapping[str, Any]) -> str:
    """The address in an entry's id, or where its content is; "" when there is none."""
    contents = entry.get("content")
    sources = [str(c.get("src") or "") for c in contents] if isinstance(contents, list) else []
    for name in (str(entry.get("id") or ""), *sources):
        if name.startswith(("http://", "https://")):
            return name
    return ""


def _entry_moments(entry: Mapping[str, Any]) -> dict[str, datetime]:
    """When an entry was updated and when it was published, as far as it says so."""
    moments = {}
    for key in ("updated_parsed", "published_parsed"):
        # Its own `get` gives the date of publication, with a warning, when asked for an update.
        parsed = dict.get(entry, key) if isinstance(entry, dict) else None
        if isinstance(parsed, time.struct_time):
            try:
                moment = checked_moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
            except (ValueError, OverflowError, OSError):
                continue
            if moment is not None:
                moments[key] = moment
    return moments


def _json_entries(body: bytes, base: str) -> Iterable[Outlink]:
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
        moments = {
            key: moment
            for key in ("date_modified", "date_published")
            if isinstance(text := item.get(key), str) and (moment := parse_moment(text))
        }
        title = clean_title(title) if isinstance(title, str) else None
        published = moments.get("date_published")
        yield Outlink(
            url=url,
            title=title,
            lastmod=max(moments.values(), default=None),
            published=published,
            score=1.0,
            listing=facts_of_json_item(item, title, published),
        )
