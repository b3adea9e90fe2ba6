"""Headings as readers see them, and those that name the site and not the story."""

from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scraper.extract.metadata.clean import clean_text, fold, path_of
from scraper.extract.metadata.survey import Survey

MAX_TITLE_CHARS: Final = 500  # the longest of 2,026 labelled titles has 257
_LINE_TAGS: Final = frozenset({"br", "div", "p", "small"})
_SILENT_IN_HEADING: Final = frozenset({"script", "style", "svg", "title", "noscript"})
_MAX_HEADING_NODES: Final = 300  # bounds hostile ones: the largest <h1> of 6,000 has 26


def masthead_names(survey: Survey) -> list[str]:
    """Names in headings that are a link to the front page: they name the site, no story."""
    return [heading_text(h) for h in survey.headings[:12] if _leads_home(h, survey.url)]


def _leads_home(heading: etree._Element, url: str | None) -> bool:
    links = list(heading.iter("a"))
    if len(links) != 1 or fold(heading_text(links[0])) != fold(heading_text(heading)):
        return False
    target = links[0].get("href", "").strip()
    try:
        front = urlsplit(urljoin(url or "", target))
    except ValueError:
        return False
    is_article_itself = bool(url) and path_of(url) in {"", "/"}
    return bool(target) and front.path in {"", "/"} and not front.query and not is_article_itself


def heading_text(element: etree._Element) -> str:
    """The text of a heading, its lines joined by spaces, without scripts and icons."""
    parts: list[str] = []
    for node in islice(element.iter(), _MAX_HEADING_NODES):
        is_line = node.tag in _LINE_TAGS and node is not element
        if node.text and node.tag not in _SILENT_IN_HEADING:
            parts.append(f" {node.text}" if is_line else node.text)
        elif is_line:
            parts.append(" ")
        if node is not element and node.tail:
            parts.append(f" {node.tail}" if is_line else node.tail)
    return clean_text("".join(parts), max_chars=MAX_TITLE_CHARS)
