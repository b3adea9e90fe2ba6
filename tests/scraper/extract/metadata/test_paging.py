"""Pages of one article, told from stories that stand beside each other."""

import pytest

from scraper import extract_article
from scraper.extract.metadata.paging import find_previous_page_url
from scraper.page import Page

STORY = "https://news.example/2026/03/"


@pytest.mark.parametrize(
    ("page", "following", "is_next"),
    [
        ("rain", "rain?page=2", True),
        ("rain?page=2", "rain?page=3", True),
        ("rain/", "rain/2/", True),
        ("rain/1/all", "rain/2/all", True),
        ("rain-1.html", "rain-2.html", True),
        ("rain?page=2", "rain?page=4", False),
        # The posts of two days that follow each other are two stories.
        ("01/rain", "02/snow", False),
        ("1/rain.html", "2/snow.html", False),
        ("rain", "2/snow", False),
    ],
)
def test_next_and_previous(page: str, following: str, is_next: bool) -> None:
    here, there = STORY + page, STORY + following
    article = extract_article(f'<link rel="next" href="{there}"><p>Rain.</p>', url=here)
    assert article.next_page_url == (there if is_next else None)
    body = f'<html><a rel="nofollow prev" href="{here}">Back</a><p>Rain.</p>'.encode()
    before = find_previous_page_url(Page(url=there, body=body), most_pages=20)
    assert before == (here if is_next else None)


@pytest.mark.parametrize("body", [b"", b"<p>Rain.</p>", b"<link rel=prev>", b'<a rel="prev" href>'])
def test_no_previous(body: bytes) -> None:
    assert find_previous_page_url(Page(url=f"{STORY}rain?page=2", body=body), most_pages=20) is None
    link = b'<a rel="prev" href="?page=29">Back</a>'
    page = Page(url=f"{STORY}rain?page=30", body=link)
    assert find_previous_page_url(page, most_pages=20) is None
