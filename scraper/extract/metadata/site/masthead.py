"""What names the site and not the story: headings, the logo, the line of the copyright."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scraper.extract.metadata.clean import fold, path_of
from scraper.extract.metadata.site.heading_words import heading_text
from scraper.extract.metadata.survey import Survey

_HOME: Final = re.compile(r"\.?/?(?:index\.\w{3,5})?|https?://[^/]+/?", re.IGNORECASE)
_COPYRIGHT: Final = re.compile(r"©|copyright", re.IGNORECASE)
_MAX_LAST_ELEMENTS: Final = 400
_MIN_NAME_CHARS: Final = 4  # fewer are words of headlines
_MAX_LINKS: Final = 40  # the logo is one of the first
_MAX_IMAGES: Final = 10
_MAX_RIGHTS: Final = 10
_NOTICE: Final = 60  # letters of "Copyright 2031 … All rights reserved" besides the name


def masthead_names(survey: Survey) -> list[str]:
    """Names in headings that are a link to the front page: they name the site, no story."""
    return [heading_text(h) for h in survey.headings[:12] if _leads_home(h, survey.url)]


def names_of_site(survey: Survey, parts: Collection[str]) -> set[str]:
    """Those of the parts of a title, folded, that the logo or the copyright says too."""
    wanted = {folded for part in parts if len(folded := fold(part)) >= _MIN_NAME_CHARS}
    if not wanted:
        return set()
    said = {fold(text) for text in _words_of_logo(survey)}
    found = {part for part in wanted if part in said}
    if not found:
        rights = [fold(text) for text in islice(_rights(survey.root), _MAX_RIGHTS)]
        found = {p for p in wanted if any(p in t and len(t) <= len(p) + _NOTICE for t in rights)}
    return found


def _rights(root: etree._Element) -> Iterator[str]:
    """Lines that say whose the page is; they stand at its end, from which it is walked."""
    stack = [root]
    for _ in range(_MAX_LAST_ELEMENTS):
        if not stack:
            return
        element = stack.pop()
        stack.extend(child for child in element if isinstance(child.tag, str))
        for text in (element.tail, element.text):
            if text and _COPYRIGHT.search(text):
                yield text


def _words_of_logo(survey: Survey) -> Iterator[str]:
    for link in islice(survey.root.iter("a"), _MAX_LINKS):
        href = (link.get("href") or "").strip()
        if href and _HOME.fullmatch(href):
            yield from (link.get("title") or "", "".join(map(str, islice(link.itertext(), 9))))
            yield from (image.get("alt") or "" for image in link.iter("img"))
    for image in islice(survey.root.iter("img"), _MAX_IMAGES):
        if "logo" in f"{image.get('src')} {image.get('class')}".lower():
            yield image.get("alt") or ""


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
