"""The last resort for a date: htmldate's search through markup, scripts and text."""

from typing import Final

from lxml import etree

from scraper.extract.metadata.date_text import parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_MAX_HTML_CHARS: Final = 1_500_000


def search_date(survey: Survey) -> Found[str]:
    """What htmldate finds; "" when it finds nothing, or when the page is too long for it.

    It reads the page anew, about 10 ms, so it is asked only where everything else is silent. Its
    extensive search is left out: it dates every page, undated ones by their copyright line.
    """
    from htmldate import find_date  # noqa: PLC0415 - a heavy import that few pages need

    html = etree.tostring(survey.root, encoding="unicode", method="html")
    if len(html) > _MAX_HTML_CHARS:
        return Found("", "")
    try:
        day = find_date(html, original_date=True, extensive_search=False, url=survey.url)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, etree.LxmlError):
        return Found("", "")
    return Found(parse_date(day) or "", "htmldate")
