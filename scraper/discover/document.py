"""The parts of an HTML page that discovery looks at."""

import re
from dataclasses import dataclass

from lxml import etree

from scraper.attribute_limit import limit_attributes
from scraper.page import Page
from scraper.urls.web_urls import parse_web_url

_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)")
_MOST_TITLE = 300  # characters; the text of a link around a whole card is a title no longer
_LONGEST_DOCUMENT = 20_000_000  # bytes; the longest of 3,800 pages of many sites has 5 million


@dataclass(frozen=True, slots=True)
class PageTree:
    """A parsed page and the URL its links are relative to."""

    root: etree._Element
    base_url: str


def parse_document(page: Page) -> PageTree | None:
    """The page as a tree; None when there is no element in it.

    Links are ASCII in nearly every page, so a wrong guess at the encoding costs a title at most;
    extraction takes more care.
    """
    body = limit_attributes(page.body[:_LONGEST_DOCUMENT].replace(b"\0", b""))
    if not body.strip():
        return None
    for encoding in (_declared_encoding(page, body), None):
        try:
            parser = etree.HTMLParser(
                encoding=encoding, remove_comments=True, remove_pis=True, no_network=True
            )
            root = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, LookupError, ValueError):
            continue
        if root is not None:
            return PageTree(root, _base_url(root, page.url))
    return None


def _declared_encoding(page: Page, body: bytes) -> str | None:
    """The encoding libxml2 is to be told; None where it finds a mark or a declaration by itself."""
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return None  # libxml2 knows byte order marks
    if declared := _CHARSET.search(page.content_type or ""):
        return declared.group(1)
    if _CHARSET.search(body[:1024].decode("latin-1")):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _base_url(root: etree._Element, page_url: str) -> str:
    base = root.find(".//base[@href]")
    parsed = parse_web_url(base.get("href", ""), page_url) if base is not None else None
    return str(parsed.href) if parsed is not None else page_url


def text_of(element: etree._Element) -> str:
    """The text inside an element, on one line."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def clean_title(text: str | None) -> str | None:
    """A title on one line and of a sane length; None when nothing is left."""
    cleaned = " ".join((text or "").split())[:_MOST_TITLE].rstrip()
    return cleaned or None
