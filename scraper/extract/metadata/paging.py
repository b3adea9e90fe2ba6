"""The next and the previous page of an article that is spread over several."""

import re
from dataclasses import dataclass
from typing import Final

from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.encoding import recode_html
from scraper.extract.metadata.clean import clean_url
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.page import Page
from scraper.urls.web_urls import host_of

_PAGE_NUMBER: Final = re.compile(
    r"(?:[?&](?:page|p|pg|seite|pagina|paged)=|/(?:page|seite|pagina|p)[/-]?|[-_/,])(\d{1,3})(?:/|\.html?|$|&)"
)

_SAYS_PREVIOUS: Final = re.compile(rb"""rel\s*=\s*["']?[^"'>]{0,40}\bprev""")


def find_next_page_url(survey: Survey) -> Found[str]:
    """The next page of the same article; "" when there is none, or when "next" is another story."""
    for element in survey.links.get("next", ()):
        url = clean_url(element.get("href"), survey.base_url)
        if url and survey.url and _continues(survey.url, url):
            return Found(url.partition("#")[0], f"{element.tag} rel=next")
    return Found("", "")


def find_previous_page_url(page: Page, *, most_pages: int) -> str | None:
    """The page before this one of the same article; None when the article begins here.

    Only what declares itself to be one (``rel=prev``) and whose address is this one's with a page
    number one lower. Beyond `most_pages` numbers are of stories rather than of pages: None.
    """
    numbered = _split_number(page.url.partition("#")[0])
    if numbered is None or not 1 <= numbered.number <= most_pages:
        return None
    if b"prev" not in page.body or not _SAYS_PREVIOUS.search(
        page.body
    ):  # most pages; parsing again costs a good part of all
        return None
    try:
        root = parse_html(recode_html(page.body, page.content_type)[0], encoding="utf-8")
    except ExtractionError:
        return None
    for element in root.iter("link", "a"):
        if {"prev", "previous"} & set((element.get("rel") or "").lower().split()):
            url = clean_url(element.get("href"), page.url)
            if url and _continues(url, page.url):
                return url.partition("#")[0]
    return None


def _continues(page_url: str, next_url: str) -> bool:
    """Whether the next address is the page's own with a page number one higher."""
    host = host_of(page_url)
    if not host or host != host_of(next_url):
        return False
    page_url, next_url = page_url.partition("#")[0], next_url.partition("#")[0]
    here, there = _split_number(page_url), _split_number(next_url)
    if there is None:
        return False
    if here is not None and (here.stem, here.tail) == (there.stem, there.tail):
        return there.number == here.number + 1
    # The first page bears no number; the second is 2, or 1 where counting begins at 0.
    return there.number in {1, 2} and not there.tail and there.stem == _stem(page_url)


def _stem(url: str) -> str:
    return re.sub(r"\.html?$", "", url).rstrip("/?&")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An address taken apart at its page number; a different `tail` is a different story."""

    stem: str
    number: int
    tail: str


def _split_number(url: str) -> _Numbered | None:
    """An address and its page number; None when it has none."""
    matches = list(_PAGE_NUMBER.finditer(url))
    if not matches:
        return None
    last = matches[-1]
    return _Numbered(_stem(url[: last.start()]), int(last[1]), url[last.end() :])
