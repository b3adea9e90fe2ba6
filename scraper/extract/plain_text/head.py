"""Headline, authors, date and section from the lines above a flattened article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from scraper.extract.metadata.date_text import parse_date
from scraper.extract.metadata.month_names import MONTHS
from scraper.extract.metadata.names import looks_like_name, split_names
from scraper.extract.plain_text.furniture import is_caption, is_end, is_promotion, is_share_bar
from scraper.extract.plain_text.lines import Line

_REACH: Final = 40  # lines above the text where the headline is looked for
_BY: Final = (
    r"(?:By|Von|Par|Por|Di|Door|Av|Af|Od|Autor(?:en|es|a)?:?|Author:?|Auteur:?|Autore:?|Автор:?"
    r"|Text:)"
)
_BYLINE: Final = re.compile(rf"^(?:written |posted |published )?{_BY}:?\s+(?P<names>\S.*)$", re.I)
# A picture's alternative text glued to what follows it: "Ida BrunnBy Ida Brunn".
_DOUBLED_BYLINE: Final = re.compile(rf"^(?P<names>.{{2,60}}?)\s*{_BY}\s+(?P=names)")
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
_CRUMBS: Final = re.compile(r"\s*[»›>→]\s*|\s+/\s+")
_HOME: Final = re.compile(
    r"^(?:home(?:page)?|start(?:seite|sida|side)?|accueil|inicio|início|главная|首页|ホーム)$", re.I
)
_SEPARATED: Final = re.compile(r"\s+[|–—·•»-]\s+")
_WORDS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text.

    Attributes:
        used: Indexes of the lines it was read from, which are not text.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    section: str | None = None
    used: frozenset[int] = frozenset()


def find_head(lines: Sequence[Line], start: int, url: str | None) -> Head:
    """What the lines before `start`, where running text begins, say about the article."""
    window = range(max(0, start - _REACH), start)
    dated = {i for i in window if len(lines[i].text) <= 160 and _date_in(lines[i].text)}
    signed = {i for i in window if _BYLINE.match(lines[i].text) and len(lines[i].text) <= 120}
    signed |= {i for i in window if _DOUBLED_BYLINE.match(lines[i].text)}
    place = _find_title(lines, window, dated | signed, url)
    title = lines[place].text if place is not None else None
    after = range(place + 1 if place is not None else window.start, start)
    used = {i for i in after if i in dated or i in signed}
    if place is not None:
        used.add(place)
    authors = _find_authors(lines, after, signed, dated)
    used.update(i for i in after if split_names(lines[i].text, trusted=True) == authors != ())
    published, modified = _find_dates(lines, sorted(dated, key=lambda i: _order(i, place)))
    section = _find_section(lines, range(window.start, start), title, place)
    return Head(title, authors, published, modified, section, frozenset(used))


def _order(index: int, title: int | None) -> tuple[bool, int]:
    """Dates after the headline first, nearest first; then those above it, nearest first."""
    if title is None:
        return (False, index)
    return (index < title, abs(index - title))


def _find_title(
    lines: Sequence[Line], window: range, anchors: set[int], url: str | None
) -> int | None:
    anchor = min((i for i in anchors if i >= window.start + 1), default=None)
    slug = set(_WORDS.findall(unquote(urlsplit(url).path).lower())) if _is_url(url) else set()
    everything = [line.text for line in lines]
    best, best_score = None, -4.0
    for index in window:
        text = lines[index].text
        if index in anchors or not _may_be_title(text):
            continue
        words = _WORDS.findall(text.lower())
        below = (anchor if anchor is not None and anchor > index else window.stop) - index
        score = -0.25 * min(below, 20)
        score += 2.0 * any(_ends_or_begins(other, text) for other in everything)
        score += 1.0 * (everything.count(text) == 2)
        score += 4.0 * sum(len(w) > 2 and w in slug for w in words) / len(words)
        score += 0.7 * (5 <= len(words) <= 20 or (len(words) < 3 and len(text) >= 10))
        score -= 1.5 * text.endswith((".", ":", ",")) + 1.5 * bool(lines[index].bullet)
        if score >= best_score:
            best, best_score = index, score
    return best


def _is_url(url: str | None) -> bool:
    try:
        return bool(url and urlsplit(url).path.strip("/"))
    except ValueError:
        return False


def _may_be_title(text: str) -> bool:
    if not 6 <= len(text) <= 250 or _CRUMBS.search(text) or text[0] in "|©:":
        return False
    if is_share_bar(text) or is_caption(text) or is_promotion(text) or is_end(text):
        return False
    words = _WORDS.findall(text)
    return len(words) >= 3 or (len(words) > 0 and not text.isascii() and len(text) >= 8)


def _ends_or_begins(other: str, text: str) -> bool:
    """Whether another line is a trail of links that ends in `text`, or the page's own title."""
    if len(other) <= len(text) + 2 or len(other) > len(text) + 120:
        return False
    if other.endswith(text):
        return bool(_CRUMBS.search(other[: -len(text)]))
    return other.startswith(text) and bool(_SEPARATED.match(other[len(text) :]))


def _find_authors(
    lines: Sequence[Line], window: range, signed: set[int], dated: set[int]
) -> tuple[str, ...]:
    for index in (i for i in window if i in signed):
        text = _without_date(lines[index].text)
        doubled = _DOUBLED_BYLINE.match(text)
        match = doubled or _BYLINE.match(text)
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
    published = modified = None
    for index in dated:
        text = lines[index].text
        found = _date_in(text)
        if _UPDATED.search(text) and modified is None:
            modified = found
        elif published is None:
            published = found
    return published or modified, modified


def _date_in(text: str) -> str | None:
    """The first date of a line, also where it is glued to what stands before it."""
    start = _DATE_START.search(text)
    return (parse_date(text[start.start() :]) if start else None) or parse_date(text)


def _find_section(
    lines: Sequence[Line], window: range, title: str | None, place: int | None
) -> str | None:
    for index in window:
        parts = [part for part in _CRUMBS.split(lines[index].text) if part.strip()]
        if len(parts) < 2 or len(lines[index].text) > 400:
            continue
        if title and _same(parts[-1], title):
            parts.pop()
        elif not _HOME.match(parts[0]):
            continue
        if parts and not _HOME.match(parts[-1]) and len(parts[-1]) <= 60:
            return parts[-1]
    if place:
        above = lines[place - 1]
        if not above.bullet and len(above.text) <= 30 and len(above.text.split()) <= 3:
            repeats = sum(line.text == above.text for line in lines)
            if repeats > 1 and above.text[0].isupper():
                return above.text
    return None


def _same(one: str, other: str) -> bool:
    one, other = one.rstrip("….").lower(), other.lower()
    return one == other or (len(one) > 15 and other.startswith(one))
