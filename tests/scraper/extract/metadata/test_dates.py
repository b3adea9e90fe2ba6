"""Which of a page's dates is the day it was published."""

import pytest

from scraper.extract.dom import parse_html
from scraper.extract.metadata import find_metadata
from scraper.extract.structured.structured_data import parse_structured_data

HEADLINE = "<html lang=en><title>A ferry on the bank</title><h1>A ferry on the bank</h1>"


def published_at(html: str, url: str = "https://bote.example/ferry") -> str | None:
    root = parse_html(html)
    structured = parse_structured_data(root)
    return find_metadata(root, url=url, structured=structured).published_at


def test_the_stated_date_that_readers_see_outranks_one_they_do_not() -> None:
    page = """<script type="application/ld+json">{"@type": "Article", "headline": "x",
    "datePublished": "2031-03-09T08:00:00Z"}</script>
    <meta property="article:published_time" content="2031-05-03T10:00:00Z">"""
    assert published_at(page + HEADLINE + "<p>3 May 2031</p>") == "2031-05-03T10:00:00+00:00"


def test_a_printed_date_of_the_next_day_does_not_outrank_the_hour_of_publication() -> None:
    page = """<script type="application/ld+json">{"@type": "Article", "headline": "x",
    "datePublished": "2031-05-02T21:00:00+02:00"}</script><meta name="date" content="2031-05-03">"""
    assert published_at(page + HEADLINE + "<p>3 May 2031</p>") == "2031-05-02T21:00:00+02:00"


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://bote.example/2031/05/03/ferry", ""),
        ("https://bote.example/blog/2031/may/03/ferry", ""),
        ("https://bote.example/ferry", "<time datetime=2031-05-03></time>"),
    ],
)
def test_day_and_month_are_told_apart_by_what_else_the_page_says(url: str, more: str) -> None:
    assert published_at(HEADLINE + "<p>03/05/2031</p>" + more, url) == "2031-05-03"
    assert published_at(HEADLINE + "<p>03/05/2031</p>") == "2031-03-05"


def test_a_month_may_have_its_name_in_the_address() -> None:
    assert published_at(HEADLINE, "https://bote.example/2031/october/7/ferry") == "2031-10-07"


def test_a_headline_in_no_heading_has_its_date_beside_it() -> None:
    page = """<title>A ferry on the bank</title><p>12 June 2030</p><p>All about ferries.</p>
    <div><b>A ferry on the bank</b><br>3 May 2031</div><p>Nobody was hurt.</p>"""
    assert published_at(page) == "2031-05-03"


def test_the_only_day_on_a_page_is_its_date() -> None:
    body = ("<p>" + "Nobody was hurt. " * 40 + "</p>") * 3
    foot = body + "<p align=right>Last updated: May 3, 2031</p>"
    assert published_at(HEADLINE + foot) == "2031-05-03"
    assert published_at(HEADLINE + foot + "<p>3 May 2031, 10:00</p>") == "2031-05-03"
    assert published_at(HEADLINE + foot + "<p>12 June 2030</p>") is None
    assert published_at(HEADLINE + body + "<p>© 3 May 2031 Varnholter Bote</p>") is None


def test_a_day_in_the_source_alone_is_found_where_the_page_shows_none() -> None:
    page = """<title>A ferry on the bank</title><meta property="og:type" content="article">
    <h1>A ferry on the bank</h1><div><p>Nobody was hurt.</p></div>"""
    assert published_at(page + '<i data-utime="2021-05-03 10:00:00"></i>') == "2021-05-03"
    assert published_at(page + '<i data-utime="2021"></i>') is None


def test_a_film_in_the_article_has_a_date_of_its_own() -> None:
    page = """<script type="application/ld+json">{"@type": "VideoObject", "name": "x",
    "uploadDate": "2029-01-09"}</script>
    <meta property="article:published_time" content="2031-05-03">"""
    assert published_at(page + HEADLINE) == "2031-05-03"
    assert published_at(page.partition("<meta")[0] + HEADLINE) == "2029-01-09"


def test_a_document_of_xml_says_its_language_too() -> None:
    page = "<html xml:lang='en-GB'><title>A ferry</title><h1>A ferry</h1><p>03/05/2031</p>"
    assert published_at(page) == "2031-05-03"
