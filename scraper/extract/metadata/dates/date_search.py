"""The last resort for a date: htmldate's search through markup, scripts and text."""

import re
from typing import Final

from lxml import etree

from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_MAX_HTML_CHARS: Final = 400_000  # one page in nine is longer; no labelled date is missed for it
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_AROUND_CHARS: Final = 20  # "3rd September, " has 15; twelve or forty find the same
# A day of a year in numbers or with a name. Half of the pages asked about have none, and of those
# that have none it has found no date on any of 1,500 labelled pages.
_DATE_LIKE: Final = re.compile(
    r"(?:19|20)\d\d[-./_](?:0?[1-9]|1[0-2])[-./_](?:0?[1-9]|[12]\d|3[01])"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d"
    r"|(?:\d{1,2}(?:st|nd|rd|th|\.)?,? [^\W\d]{3,10}|[^\W\d]{3,10} \d{1,2}(?:st|nd|rd|th)?),?"
    r"\s+(?:19|20)\d\d"
)


def search_date(survey: Survey) -> Found[str]:
    """The date htmldate finds; "" when it finds none, or when the page is not worth asking about.

    It reads the page anew, 5 to 25 ms, so it is asked only about pages that call themselves an
    article and about those of a plain kind that say nothing about themselves. Its extensive search
    is left out: that one dates every page, undated ones by their copyright line.
    """
    if not _is_worth_it(survey):
        return Found("", "")
    html = etree.tostring(survey.root, encoding="unicode", method="html")
    if len(html) > _MAX_HTML_CHARS or not _holds_date(html):
        return Found("", "")
    from htmldate import find_date  # noqa: PLC0415 - a heavy import that few pages need

    try:
        day = find_date(html, original_date=True, extensive_search=False, url=survey.url)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, etree.LxmlError):
        return Found("", "")
    if any((time.get("datetime") or "").startswith(day or "-") for time in survey.other_times):
        return Found("", "")  # a comment's
    return Found(parse_date(day) or "", "htmldate")


def _holds_date(html: str) -> bool:
    """Whether a day stands around some year in the source."""
    return any(
        _DATE_LIKE.search(html, max(0, year.start() - _AROUND_CHARS), year.end() + _AROUND_CHARS)
        for year in _YEAR.finditer(html)
    )


def _is_worth_it(survey: Survey) -> bool:
    if survey.article.get("headline") or survey.meta("og:type").lower() == "article":
        return True
    return not survey.structured.json_ld and not survey.metas.get("og:title")
