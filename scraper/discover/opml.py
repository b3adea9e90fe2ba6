"""OPML (opml.org 2.0): the list of feeds that one feed reader hands to another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from scraper.attribute_limit import limit_attributes
from scraper.discover.document import clean_title
from scraper.discover.gzipped import unzipped
from scraper.urls.web_urls import parse_web_url

MAX_OPML_BYTES: Final = 10_000_000
MAX_SUBSCRIPTIONS: Final = 5_000  # people who follow a lot follow a few hundred

_ROOT: Final = re.compile(rb"(?i)<opml\b")
_OTHER_ROOT: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|rss|feed|urlset)\b")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^<>]{0,500}\?>")
_FEED_SCHEME: Final = re.compile(r"(?i)^feed:(?://)?(?=https?://)")
_FEED_HOST: Final = re.compile(r"(?i)^feed://")
_CONTROLS: Final = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])  # XML allows none of them
# Feed readers write addresses with a bare "&"; and an entity of the file's own stays its name.
_AMPERSAND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


@dataclass(frozen=True, slots=True)
class Subscription:
    """An outline that names an address.

    Attributes:
        title: What the feed is called; None when it is not.
        feed_url: The feed; None where only a page is named.
        page_url: The site's page; None where only the feed is named.
    """

    title: str | None
    feed_url: str | None
    page_url: str | None


@dataclass(frozen=True, slots=True)
class Opml:
    """What an OPML file holds.

    Attributes:
        subscriptions: In its order, those of folders inside of folders as well, each once.
        unusable: Addresses in it that are none of the web.
        is_cut_short: Whether there are more of them than are read, or the file is longer.
    """

    subscriptions: tuple[Subscription, ...] = ()
    unusable: tuple[str, ...] = ()
    is_cut_short: bool = False


def is_opml(body: bytes) -> bool:
    """Whether bytes are an OPML file, by the first of them.

    Example:
        >>> is_opml(b'<?xml version="1.0"?><opml version="2.0"/>'), is_opml(b"<html>")
        (True, False)
    """
    head = unzipped(body, max_bytes=4096)[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: without its zeros it is ASCII
        head = head.replace(b"\0", b"")
    found, other = _ROOT.search(head), _OTHER_ROOT.search(head)
    return found is not None and (other is None or found.start() < other.start())


def parse_opml(body: bytes) -> Opml:
    """The subscriptions that an OPML file lists; none when nothing of it can be read.

    A broken file is read as far as it goes; entities and external parts are never resolved.

    Example:
        >>> parse_opml(b'<opml><outline xmlUrl="https://a.example/feed"/></opml>').subscriptions
        (Subscription(title=None, feed_url='https://a.example/feed', page_url=None),)
    """
    text = unzipped(body, max_bytes=MAX_OPML_BYTES + 1)
    is_cut_short = len(text) > MAX_OPML_BYTES
    kept: dict[tuple[str | None, str | None], Subscription] = {}
    unusable: dict[str, None] = {}
    for outline in _outlines(text[:MAX_OPML_BYTES]):
        if len(kept) + len(unusable) >= MAX_SUBSCRIPTIONS:
            is_cut_short = True
            break
        found = _read_outline(outline)
        if isinstance(found, Subscription):
            kept.setdefault((found.feed_url, found.page_url), found)
        elif found:
            unusable[found] = None
    return Opml(tuple(kept.values()), tuple(unusable), is_cut_short)


def web_address(text: str) -> str | None:
    """An address as it is asked for, `feed:` being another word for it; None when it is none.

    Example:
        >>> web_address("feed://a.example/rss"), web_address("mailto:a@a.example")
        ('http://a.example/rss', None)
    """
    parsed = parse_web_url(_FEED_HOST.sub("http://", _FEED_SCHEME.sub("", text.strip())))
    return str(parsed.href) if parsed is not None else None


def _outlines(text: bytes) -> Iterator[Mapping[str, str]]:
    """The attributes of every outline, their names in lower case, as readers write them any way."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(limit_attributes(_cleaned(text)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    for element in root.iter():
        name = element.tag if isinstance(element.tag, str) else ""
        if name.rpartition("}")[2].lower() == "outline":
            yield {str(key).lower(): str(value) for key, value in element.attrib.items()}


def _cleaned(text: bytes) -> bytes:
    """The file without the slips that would stop a parser, and without entities of its own."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):  # what follows works on bytes of ASCII
        text = _DECLARATION.sub("", text.decode("utf-16", "replace")).encode("utf-8", "replace")
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip().translate(None, _CONTROLS)
    return _AMPERSAND.sub(b"&amp;", text) if b"&" in text else text


def _read_outline(outline: Mapping[str, str]) -> Subscription | str | None:
    """The subscription of an outline; its address where that is none; None for a folder."""
    named = [outline.get(key, "").strip() for key in ("xmlurl", "htmlurl", "url")]
    feed, page, link = (web_address(text) if text else None for text in named)
    if feed is None and page is None and link is None:
        return clean_title(next((text for text in named if text), ""))
    title = clean_title(outline.get("title") or outline.get("text"))
    return Subscription(title, feed, page or link)
