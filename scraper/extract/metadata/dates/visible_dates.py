"""Dates that a page shows: in time elements, marked lines, beside the headline, in its address."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.metadata.clean import text_within
from scraper.extract.metadata.dates.date_text import is_ambiguous, parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.extract.metadata.title.headline import Headline

_URL_DATE: Final = re.compile(
    r"(?:^|[/_\-.=])(?P<y>(?:19|20)\d\d)(?P<s>[/_\-.]?)"
    r"(?P<m>0[1-9]|1[0-2]|(?<=[/_\-.])[1-9])(?P=s)"
    r"(?P<d>0[1-9]|[12]\d|3[01]|(?<=[/_\-.])[1-9])(?=\D|$)"
)
_URL_MONTH: Final = re.compile(
    r"[/_\-.](?P<y>(?:19|20)\d\d)[/_\-.](?P<m>[^\W\d_]{3,})[/_\-.](?P<d>\d{1,2})(?=\D|$)"
)
_UPDATED: Final = re.compile(
    r"updat|modif|revis|aktualis|geändert|mis à jour|actualiz|aggiorn|atualiz|bijgewerkt"
    r"|review|stand:|oppdatert|uppdaterad|opdateret|review|stand:|обновл|更新|güncelle|zaktualizow",
    re.IGNORECASE,
)
_DATE_MARK: Final = re.compile(
    r"date|time|publi|posted|dateline|fecha|datum|tarih|meta|byline|author|info"
)
_SURE_MARK: Final = re.compile(r"publi|posted|dateline|entry-date|post-date|article-date|date")
_NOT_MARK: Final = re.compile(
    r"comment|related|sidebar|footer|widget|teaser|card|copyright|event|upcoming|recommend|popular"
    r"|trending|latest|recent|timeline|countdown|overtime"
)
_MAX_TEXT_CHARS: Final = 200  # a line with a date in it; a longer text is no line about the article
# Marked elements are rated by their order, so that late ones hardly win: these bound the time. Of
# 3,800 pages one in a hundred has more than 236.
_MAX_LOOKED_AT: Final = 500
_MAX_MARKED: Final = 60


_OTHER_DATE: Final = re.compile(
    r"until|available|expire|valid|deadline|verfügbar|\bbis\b|jusqu|hasta|lesen sie"
    r"|read (?:also|more|next)"
    r"|related|à lire|leia|lee también|leggi|next:|born|geboren|season|©|copyright",
    re.IGNORECASE,
)
_LINE_TAGS: Final = (
    *("p", "div", "span", "td", "li", "dd", "dt", "b", "strong", "em", "i", "small", "br"),
    *("a", "font", "h1", "h2", "h3", "h4", "h5", "h6", "center"),
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?!\d)|\d[./]\d\d?[./]\d\d(?!\d)")
_MAX_LINES: Final = 20_000  # bounds the time; the largest of 3,800 pages has 15,793 elements
_MAX_LINE_CHARS: Final = 120  # of a line that is about the article; longer ones are sentences
# Of 1,482 labelled dates, 9 come out wrong when a dateline may have 120 characters, 4 when 28 runs
# of text count as sure, one when 32 count at all; 12 when those above the headline do not.
_DATELINE_CHARS: Final = 60
_SURE_RUNS: Final = 14
_DATELINE_RUNS: Final = 25
_DATELINE_RUNS_BEFORE: Final = 6


def find_time_element(survey: Survey) -> Found[str]:
    """The likeliest date among the time elements; "" when there is none."""
    best: Found[str] = Found("", "")
    best_score = 0.0
    for position, element in enumerate(survey.times[:30]):
        text = text_within(element, _MAX_TEXT_CHARS)
        stated = element.get("datetime") or element.get("title")
        parsed = parse_date(stated, language=survey.date_language) or parse_date(
            text, language=survey.date_language
        )
        if not parsed:
            continue
        marks = " ".join(
            (element.get("class", ""), element.get("itemprop", ""), _marks_above(element, 3))
        ).lower()
        # Each is a little less likely than the one before: one beside the article ranks behind
        # thirty of its own, an update behind sixteen.
        score = 2.0 - 0.05 * position
        if _NOT_MARK.search(marks) or _in_aside(element):
            score -= 1.5
        if "updated" in marks or "modified" in marks or _UPDATED.search(text):
            score -= 0.8
        if _SURE_MARK.search(marks) or element.get("pubdate") is not None:
            score += 0.5
        if score > best_score:
            best, best_score = Found(parsed, "time element"), score
    return best


def _marks_above(element: etree._Element, levels: int) -> str:
    marks = []
    node = element.getparent()
    while node is not None and levels:
        marks.append(f"{node.get('class', '')} {node.get('id', '')}")
        node, levels = node.getparent(), levels - 1
    return " ".join(marks)


def _in_aside(element: etree._Element) -> bool:
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag in {"aside", "footer", "nav"}:
            return True
        if depth > 40:
            break
    return False


def find_marked_date(survey: Survey) -> Found[str]:
    """The likeliest date in lines whose class speaks of dates; "" when there is none."""
    best: Found[str] = Found("", "")
    best_score = 0.0
    position = 0
    for marked in survey.marked[:_MAX_LOOKED_AT]:
        marks = marked.marks
        if not _DATE_MARK.search(marks) or _NOT_MARK.search(marks):
            continue
        text = text_within(marked.element, _MAX_TEXT_CHARS)
        if not text:
            continue
        # <abbr class="published" title="2026-10-04T18:05:00+02:00">: the microformats' way.
        stated = marked.element.get("title") if marked.element.tag == "abbr" else None
        parsed = parse_date(stated, language=survey.date_language) or parse_date(
            text, language=survey.date_language
        )
        if not parsed:
            continue
        score = (
            1.0 - 0.03 * position + 0.6 * bool(_SURE_MARK.search(marks)) + 0.3 * (len(text) < 40)
        )
        position += 1
        if _UPDATED.search(text) or "updated" in marks or "modified" in marks:
            score -= 0.5
        if _in_aside(marked.element) or _NOT_MARK.search(_marks_above(marked.element, 4).lower()):
            score -= 0.8
        if score > best_score:
            best, best_score = Found(parsed, f"visible .{marks.split()[0]}"), score
        if position > _MAX_MARKED:
            break
    return best


def find_dateline(survey: Survey, headline: Headline) -> tuple[Found[str], bool]:
    """The date that stands beside the headline, and whether it is called an update.

    Where its numbers read two ways, the page's address or its markup may know the right one.
    """
    language = survey.date_language
    updated = Found("", "")
    for text, label in _datelines(headline, _DATELINE_RUNS):
        parsed = parse_date(text, language=language)
        if parsed and is_ambiguous(text, language=language):
            parsed = _unswapped(parsed, survey)
        if parsed and not _UPDATED.search(label):
            return Found(parsed, "beside the headline"), False
        if parsed and not updated.value:
            updated = Found(parsed, "beside the headline")
    return updated, True


def _unswapped(parsed: str, survey: Survey) -> str:
    """The date with day and month exchanged where only that one stands elsewhere on the page."""
    days = {find_url_date(survey).value}
    days.update((element.get("datetime") or "")[:10] for element in survey.times[:30])
    swapped = f"{parsed[:5]}{parsed[8:10]}-{parsed[5:7]}"
    return swapped + parsed[10:] if swapped in days and parsed[:10] not in days else parsed


def find_sure_dateline(headline: Headline, language: str | None) -> str:
    """The date beside the headline, no update, where it reads one way only; "" otherwise."""
    for text, label in _datelines(headline, _SURE_RUNS):
        parsed = parse_date(text, language=language)
        if parsed and not _UPDATED.search(label):
            return "" if is_ambiguous(text, language=language) else parsed
    return ""


def _datelines(headline: Headline, runs: int) -> Iterator[tuple[str, str]]:
    """Short runs of text beside the headline that hold a digit, each with what leads up to it.

    A date in a sentence is what the sentence is about; one under "read also" is of another story.
    """
    for is_after in (True, False):
        nearby = headline.after[:runs] if is_after else headline.before[:_DATELINE_RUNS_BEFORE]
        for index, words in enumerate(nearby):
            text = words.text
            if len(text) > _DATELINE_CHARS or not any(c.isdigit() for c in text):
                continue
            lead = nearby[index - 1].text[-40:] if index else ""
            label = f"{lead} {text}"
            if not _OTHER_DATE.search(label) and not words.is_link:
                yield text, label


def find_only_date(survey: Survey) -> Found[str]:
    """The day that stands in short lines of the page, if it is one and the same everywhere.

    A page with several is a list, or tells of several things; "" then, as when there is none.
    """
    days: dict[str, str] = {}
    for element in islice(survey.root.iter(*_LINE_TAGS), _MAX_LINES):
        for text in (element.text, element.tail):
            if text and len(text) <= _MAX_LINE_CHARS and _YEAR.search(text):
                parsed = parse_date(text, language=survey.date_language)
                if parsed and not _OTHER_DATE.search(text) and not _in_aside(element):
                    days.setdefault(parsed[:10], parsed)
                    if len(days) > 1:
                        return Found("", "")
    return Found(next(iter(days.values()), ""), "only date")


def find_url_date(survey: Survey) -> Found[str]:
    """The day in the address, as many sites file their stories; "" when there is none."""
    match = _URL_DATE.search(survey.url or "")
    if match:
        parsed = parse_date(f"{match['y']}-{match['m']}-{match['d']}")
        if parsed:
            return Found(parsed, "url")
    match = _URL_MONTH.search(survey.url or "")
    parsed = parse_date(f"{match['d']} {match['m']} {match['y']}") if match else None
    return Found(parsed, "url") if parsed else Found("", "")
