"""Headline, authors, date and section from the lines above a flattened article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scraper.extract.metadata.authors.names import looks_like_name, split_names
from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.metadata.dates.month_names import MONTHS
from scraper.extract.plain_text.headline_line import find_section_line, find_title_line
from scraper.extract.plain_text.lines import Line

_REACH: Final = 40  # lines above the text where the headline is looked for
_REACH_BELOW: Final = 8  # lines of it where a name or a date may still stand
_BY: Final = (
    r"(?:By|Von|Par|Por|Di|Door|Av|Af|Od|Autor(?:en|es|a)?:?|Author:?|Auteur:?|Autore:?|Автор:?"
    r"|Text:)"
)
_BYLINE: Final = re.compile(rf"^(?:written |posted |published )?{_BY}:?\s+(?P<names>\S.*)$", re.I)
# A picture's alternative text glued to what follows it: "Ida BrunnBy Ida Brunn".
_DOUBLED_BYLINE: Final = re.compile(rf"^(?P<names>.{{2,60}}?)\s*{_BY}\s+(?P=names)")
_LABELLED_AUTHOR: Final = re.compile(
    r"(?:作者|记者|記者|撰文|文|글)\s?[:：/]\s*(?P<names>\S{2,20})"
)
_GLUED_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)(?=\d{1,3}\s?[^\W\d_])")  # "20312 Comments"
_TAIL: Final = re.compile(
    r"(?:no|\d+)\s+comments?.*|\d+\s*(?:min(?:ute)?s?|Min\.?|minutos|minuti|мин)\b.*"
    r"|[|•·–—]\s*\d.*|(?:updated|published|posted)\b.*",
    re.I,
)
_MONTH: Final = "|".join(
    sorted(
        (re.escape(name.capitalize()) for name in MONTHS if len(name) > 2), key=len, reverse=True
    )
)
_DATE_START: Final = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(?i:{_MONTH})\b|(?:{_MONTH})\.?\s+\d{{1,2}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}\s*[年년]"
)
_UPDATED: Final = re.compile(
    r"updated|modified|aktualisiert|mis\s+à\s+jour|actualizad|aggiornat|atualizad|bijgewerkt"
    r"|uppdaterad|обновлено|更新",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Head:
    """Title, authors, dates and section as the lines above the text say them.

    Attributes:
        title_line: Index of the headline.
        used: Indexes of the lines it was read from, which are not text.
    """

    title: str | None = None
    title_line: int | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    section: str | None = None
    used: frozenset[int] = frozenset()


def find_head(lines: Sequence[Line], start: int, url: str | None) -> Head:
    """What the lines around `start`, where running text begins, say about the article.

    The headline stands above it; names and dates may follow a first paragraph that sums it up.
    """
    above = range(max(0, start - _REACH), start)
    window = range(above.start, min(len(lines), start + _REACH_BELOW))
    dated = {i for i in window if len(lines[i].text) <= 160 and _date_in(lines[i].marked_text)}
    signed = {i for i in window if len(lines[i].text) <= 120 and _byline(lines[i].text)}
    place = find_title_line(lines, above, {i for i in dated | signed if i < start}, url)
    title = lines[place].text if place is not None else None
    after = range(place + 1 if place is not None else window.start, window.stop)
    # What the fields say is not said again in the text; a sentence with a date in it stays there.
    used = {i for i in after if i in signed or (i in dated and _is_dateline(lines[i].text))}
    authors = _find_authors(lines, after, signed, dated)
    used.update(i for i in after if split_names(lines[i].text, trusted=True) == authors != ())
    published, modified = _find_dates(lines, sorted(dated, key=lambda i: _order(i, place)))
    if place is not None:
        used.add(place)
    section = find_section_line(lines, above, title, place)
    return Head(title, place, authors, published, modified, section, frozenset(used))


def _byline(text: str) -> re.Match[str] | None:
    return _DOUBLED_BYLINE.match(text) or _BYLINE.match(text) or _LABELLED_AUTHOR.search(text)


def _is_dateline(text: str) -> bool:
    """Whether a dated line is about the article rather than a sentence of it."""
    return not (len(text) > 60 and text.endswith((".", "。", "!", "?")))


def _order(index: int, title: int | None) -> tuple[bool, int]:
    """Dates after the headline first, nearest first; then those above it, nearest first."""
    if title is None:
        return (False, index)
    return (index < title, abs(index - title))


def _find_authors(
    lines: Sequence[Line], window: range, signed: set[int], dated: set[int]
) -> tuple[str, ...]:
    """The names in a line that begins as a byline, else a name that stands beside a date."""
    for index in (i for i in window if i in signed):
        text = _without_date(lines[index].text)
        match = _byline(text) or _byline(lines[index].text)
        if match:
            names = split_names(_TAIL.sub("", match["names"]), trusted=True)
            if names:
                return names
    for index in window:
        near_date = index in dated or index + 1 in dated or index - 1 in dated
        text = _TAIL.sub("", _without_date(lines[index].text)).strip(" |•·–—-,")
        if near_date and 2 <= len(text.split()) <= 4 and looks_like_name(text):
            return split_names(text, trusted=False)
    return ()


def _without_date(text: str) -> str:
    match = _DATE_START.search(text)
    return text[: match.start()].rstrip(" ,|•·–—-") if match else text


def _find_dates(lines: Sequence[Line], dated: Sequence[int]) -> tuple[str | None, str | None]:
    """When it was published and when last changed, from the dated lines in order of trust."""
    published = modified = None
    for index in dated:
        text = lines[index].marked_text
        found = _date_in(text)
        if _UPDATED.search(text) and modified is None:
            modified = found
        elif published is None:
            published = found
    return published or modified, modified


def _date_in(text: str) -> str | None:
    """The first date of a line, also where it is glued to what stands before it."""
    text = _GLUED_YEAR.sub(r"\1 ", text)
    start = _DATE_START.search(text)
    return (parse_date(text[start.start() :]) if start else None) or parse_date(text)
