"""The headline of a page without headings: a line in large letters, or one that is called title."""

import re
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.metadata.clean import fold, text_within
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_TAGS: Final = ("div", "p", "span", "font", "td", "strong", "b", "big", "center")
_LINE_TAGS: Final = ("div", "p", "time", "h4", "h5", "h6", "td")
_CALLED_TITLE: Final = re.compile(
    r"(?:^|[\s_-])(?:title|headline|heading|titre|titulo|titolo|titel|tytul|nadpis|naslov|otsikko"
    r"|baslik|cim|zagolovok|head)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LARGE: Final = re.compile(r"\+?[2-9]")
_LEAST_COMMON_CHARS: Final = 8  # shorter beginnings are in too many lines
_LONGER: Final = 2.5  # times the title: <title> may be cut short
_MAX_ELEMENTS: Final = 3_000


def find_marked_line(survey: Survey, title: str) -> Found[str] | None:
    """The first line set as a headline that goes on from `title`, or is the first half of it."""
    wanted = fold(title)
    if len(wanted) < _LEAST_COMMON_CHARS:
        return None
    shortest, longest = len(wanted) // 2, int(len(title) * _LONGER)
    for element in islice(survey.root.iter(*_TAGS), _MAX_ELEMENTS):
        if not _is_set_as_headline(element) or _holds_lines(element):
            continue
        text = text_within(element, longest)
        folded = fold(text)
        if len(folded) >= max(shortest, _LEAST_COMMON_CHARS) and (
            folded.startswith(wanted) or wanted.startswith(folded)
        ):
            return Found(text, f"{element.tag} set as headline")
    return None


def _is_set_as_headline(element: etree._Element) -> bool:
    if element.tag == "font":
        return _is_large(element.get("size") or "")
    return bool(_CALLED_TITLE.search(element.get("class") or ""))


def _holds_lines(element: etree._Element) -> bool:
    """Whether there are lines in it that may be the headline and what is below it."""
    lines = (node for node in element.iter(*_LINE_TAGS) if node is not element)
    return next(lines, None) is not None


def _is_large(size: str) -> bool:
    return bool(_LARGE.fullmatch(size)) and (size.startswith("+") or size >= "4")
