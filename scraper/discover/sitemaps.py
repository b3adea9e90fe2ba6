"""Sitemaps (sitemaps.org 0.9): URL sets, indexes, news sitemaps, gzipped and plain text."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from scraper.discover.change_dates import parse_moment
from scraper.discover.document import clean_title
from scraper.discover.doubtful_dates import without_doubtful_dates
from scraper.discover.entry_facts import facts_of_sitemap_entry
from scraper.discover.feeds import is_feed, parse_feed
from scraper.discover.gzipped import unzipped
from scraper.discover.links import Outlink
from scraper.page import Page
from scraper.urls.dated_urls import dated_by_address
from scraper.urls.normal_urls import normalize_url
from scraper.urls.url_score import score_url

MAX_SITEMAP_BYTES = 52_428_800  # 50 MB and 50,000 URLs are the protocol's own limits
MAX_SITEMAP_LINKS = 50_000
_MOST_READ = 200_000  # of a longer one, to find the newest in: lists that grow have them at the end
_PIECE_BYTES = 65_536
_LONGEST_REFERENCE_BYTES = 12

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b")
_ENTRY_TAGS = frozenset(("url", "sitemap"))
# A field counts where the protocol has it: images and videos have a <loc> and a <title> too.
_FIELD_PARENTS = {
    "loc": _ENTRY_TAGS,
    "lastmod": _ENTRY_TAGS,
    "title": frozenset(("news",)),
    "publication_date": frozenset(("news",)),
    "keywords": frozenset(("news",)),
}
_CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])  # XML allows none of them
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")

# Bounded, so that a hostile document costs no more than its length.
_ENTRY_START = re.compile(rb"(?i)<(?:[\w.-]{1,40}:)?(url|sitemap)\b[^<>]{0,200}>")
_BROKEN_FIELDS = {
    name: re.compile(
        rb"(?i)<%s%s\s{0,20}>\s{0,200}(?:<!\[CDATA\[)?([^<\]]{1,4096})(?:\]\]>|\s)*</"
        % (prefix, name.encode())
    )
    for name, prefix in {
        "loc": rb"(?:(?!image|video)[\w.-]{1,40}:)?",
        "lastmod": rb"(?:[\w.-]{1,40}:)?",
        "title": rb"news:",
        "publication_date": rb"news:",
        "keywords": rb"news:",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, and further sitemaps."""

    links: tuple[Outlink, ...] = ()
    sitemaps: tuple[Outlink, ...] = ()


def is_sitemap(page: Page) -> bool:
    """Whether a page is a sitemap, by its first bytes; plain text when each line is a URL."""
    head = unzipped(page.body, max_bytes=4096)[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: without its zeros it is ASCII
        head = head.replace(b"\0", b"")
    if _ROOT.search(head):
        return True
    is_text = (page.content_type or "text/plain").startswith(("text/plain", "application/"))
    lines = head.split(b"\n")[:-1] or [head]  # the last one may be cut
    urls = [line.strip() for line in lines if line.strip(b"\xef\xbb\xbf \r\t")]
    return (
        is_text
        and bool(urls)
        and all(
            url.removeprefix(b"\xef\xbb\xbf").startswith((b"http://", b"https://")) for url in urls
        )
    )


def parse_sitemap(page: Page) -> Sitemap:
    """The pages and child sitemaps that a sitemap names, each once, in its order.

    Of more than the protocol allows the newest are kept. Dates that nearly all entries share, or
    that are all of just now, are left out: they say when the sitemap was made. Broken XML is read
    as far as it goes; entities and external parts are never resolved. A feed that serves as a
    sitemap, which the protocol allows, is read as a feed.
    """
    if is_feed(page):
        return Sitemap(links=parse_feed(page))
    read_at = page.fetched_at or datetime.now(UTC)
    body = unzipped(page.body, max_bytes=MAX_SITEMAP_BYTES)
    entries = _xml_entries(body, page.url) if b"<" in body[:4096] else _text_entries(body, page.url)
    links: dict[str, Outlink] = {}
    sitemaps: dict[str, Outlink] = {}
    for kind, link in entries:
        (sitemaps if kind == "sitemap" else links).setdefault(link.url, link)
        if len(links) + len(sitemaps) >= _MOST_READ:
            break
    return Sitemap(
        *(
            _newest(without_doubtful_dates(tuple(found.values()), read_at))
            for found in (links, sitemaps)
        )
    )


def _newest(links: tuple[Outlink, ...]) -> tuple[Outlink, ...]:
    """As many as the protocol allows, in their order: the newest, and undated ones after them."""
    if len(links) <= MAX_SITEMAP_LINKS:
        return links
    newest = sorted(range(len(links)), key=lambda place: -_seconds(links[place]))
    return tuple(links[place] for place in sorted(newest[:MAX_SITEMAP_LINKS]))


def _seconds(link: Outlink) -> float:
    moment = dated_by_address(link.url) or link.lastmod
    return 0.0 if moment is None else moment.timestamp()


def _xml_entries(body: bytes, base: str) -> Iterator[tuple[str, Outlink]]:
    """(kind, link) for every <url> and <sitemap>, one in memory at a time."""
    events = etree.iterparse(
        _stream(body),
        events=("end",),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    fields: dict[str, str] = {}
    try:
        for _, element in events:
            if not isinstance(element.tag, str):
                continue
            name, parent = _local_name(element), element.getparent()
            if name in _FIELD_PARENTS:
                if parent is not None and _local_name(parent) in _FIELD_PARENTS[name]:
                    fields.setdefault(name, "".join(element.itertext()).strip())
            elif name in _ENTRY_TAGS:
                link, fields = _entry_link(fields, base), {}
                element.clear()
                while parent is not None and len(parent) > 1:
                    del parent[0]  # entries that are done
                if link is not None:
                    yield name, link
    except etree.XMLSyntaxError:
        # libxml2's own recovery loses every "&amp;" after the first error, and with it the URLs.
        yield from _broken_entries(body, base)


def _stream(body: bytes) -> io.BytesIO | _Cleaned:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.BytesIO(body)  # UTF-16: cleaning works on bytes of ASCII
    return _Cleaned(body)


class _Cleaned:
    """A document piece by piece, without the slips that would stop a parser."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        head = body[:_PIECE_BYTES]
        self._at = len(head) - len(head.removeprefix(b"\xef\xbb\xbf").lstrip())

    def read(self, _size: int = -1) -> bytes:
        """The next piece; empty at the end."""
        while self._at < len(self._body):
            piece = self._body[self._at : self._at + _PIECE_BYTES]
            if self._at + len(piece) < len(self._body):
                # A reference is not torn apart, nor is it taken for a bare "&" by its beginning.
                cut = piece.rfind(b"&", len(piece) - _LONGEST_REFERENCE_BYTES)
                piece = piece[:cut] if cut > 0 else piece
            self._at += len(piece)
            if cleaned := piece.translate(None, _CONTROLS):
                return _AMPERSAND.sub(b"&amp;", cleaned) if b"&" in cleaned else cleaned
        return b""


def _broken_entries(body: bytes, base: str) -> Iterator[tuple[str, Outlink]]:
    """Entries of a document that is no XML: each from its start tag to the next one's."""
    parts = _ENTRY_START.split(body)
    for kind, entry in zip(parts[1::2], parts[2::2], strict=True):
        fields = {}
        for name, pattern in _BROKEN_FIELDS.items():
            if found := pattern.search(entry):
                fields[name] = html.unescape(found.group(1).decode("utf-8", "replace")).strip()
        link = _entry_link(fields, base)
        if link is not None:
            yield kind.decode().lower(), link


def _local_name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower()


def _entry_link(fields: dict[str, str], base: str) -> Outlink | None:
    url = normalize_url(fields.get("loc", ""), base) if fields.get("loc") else None
    if url is None:
        return None
    published = parse_moment(fields.get("publication_date"))
    is_news = "publication_date" in fields  # a news sitemap lists articles and nothing else
    title = clean_title(fields.get("title"))
    return Outlink(
        url=url,
        title=title,
        lastmod=parse_moment(fields.get("lastmod")) or published,
        published=published,
        score=1.0 if is_news else score_url(url),
        listing=facts_of_sitemap_entry(fields, title, published),
    )


def _text_entries(body: bytes, base: str) -> Iterator[tuple[str, Outlink]]:
    for line in body.removeprefix(b"\xef\xbb\xbf").splitlines():
        text = line.decode("utf-8", "replace").strip()
        if text.startswith(("http://", "https://")) and (url := normalize_url(text, base)):
            yield "url", Outlink(url=url, title=None, lastmod=None, score=score_url(url))
