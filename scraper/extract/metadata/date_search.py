"""The last resort for a date: htmldate's search through markup, scripts and text."""

from typing import Final

from lxml import etree

from scraper.extract.metadata.date_text import parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_MAX_HTML_CHARS: Final = 400_000


def search_date(survey: Survey) -> Found[str]:
    """What htmldate finds; "" when it finds nothing, or when the page is not one to ask it about.

    It reads the page anew, 5 to 25 ms, so it is asked only about pages that call themselves an
    article and about those of a plain kind that say nothing about themselves. Its extensive search
    is left out: that one dates every page, undated ones by their copyright line.
    """
    if not _is_worth_it(survey):
        return Found("", "")
    from htmldate import find_date  # noqa: PLC0415 - a heavy import that few pages need

    html = etree.tostring(survey.root, encoding="unicode", method="html")
    if len(html) > _MAX_HTML_CHARS:
        return Found("", "")
    try:
        day = find_date(html, original_date=True, extensive_search=False, url=survey.url)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, etree.LxmlError):
        return Found("", "")
    return Found(parse_date(day) or "", "htmldate")


def _is_worth_it(survey: Survey) -> bool:
    if survey.article.get("headline") or survey.meta("og:type").lower() == "article":
        return True
    return not survey.structured.json_ld and not survey.metas.get("og:title")
