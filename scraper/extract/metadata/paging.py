"""Where an article that is spread over pages goes on."""

import re
from typing import Final
from urllib.parse import urlsplit

from scraper.extract.metadata.clean import clean_url
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_PAGE_NUMBER: Final = re.compile(
    r"(?:[?&](?:page|p|pg|seite|pagina|paged)=|/(?:page|seite|pagina|p)[/-]?|[-_/,])(\d{1,3})(?:/|\.html?|$|&)"
)


def find_next_page_url(survey: Survey) -> Found[str]:
    """The next page of the same article; "" when there is none, or when "next" is another story."""
    for element in survey.links.get("next", ()):
        url = clean_url(element.get("href"), survey.base_url)
        if url and survey.url and _continues(survey.url, url):
            return Found(url.partition("#")[0], f"{element.tag} rel=next")
    return Found("", "")


def _continues(page_url: str, next_url: str) -> bool:
    """Whether the next address is the page's own with a page number one higher."""
    try:
        page, following = urlsplit(page_url), urlsplit(next_url)
    except ValueError:
        return False
    if page.hostname != following.hostname:
        return False
    page_url, next_url = page_url.partition("#")[0], next_url.partition("#")[0]
    here, there = _split_number(page_url), _split_number(next_url)
    if there is None:
        return False
    stem, number = there
    if here is not None and here[0] == stem:
        return number == here[1] + 1
    return number in {1, 2} and stem == _stem(page_url)


def _stem(url: str) -> str:
    return re.sub(r"\.html?$", "", url).rstrip("/?&")


def _split_number(url: str) -> tuple[str, int] | None:
    """An address without its page number, and the number; None when it has none."""
    matches = list(_PAGE_NUMBER.finditer(url))
    if not matches:
        return None
    last = matches[-1]
    return _stem(url[: last.start()]), int(last[1])
