"""What each kind of page is read as; and whatever it holds, an answer."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.page.read_page import read_page, with_rows
from pipelines.store.pages.packing import hash_body
from scraper.page import Page
from scraper.sites.rules import SiteRules
from tests.pipelines.ingest.archives import WEATHER
from tests.pipelines.loopback_site import story, story_slug, story_title

SENTENCE = "It rained all night in the hills, and by noon the river had left its bed. "


def page(body: bytes, **headers: str) -> Page:
    return Page(url="https://news.example/a", body=body, headers=headers)


def list_page(count: int) -> Page:
    """The latest headlines, with enough words for an article."""
    items = "".join(
        f'<li><a href="/news/{story_slug(i)}-{i:04}.html">{story_title(i)}</a></li>'
        for i in range(count)
    )
    return page(
        f"<!doctype html><html lang=en><title>Latest</title><body><section class=latest>{items}"
        "</section><footer>All rights reserved</footer></body></html>".encode()
    )


def test_an_article_comes_with_its_record_and_nothing_to_store() -> None:
    read = read_page(page(story(1)))
    assert read.kind == "article"
    assert read.record is not None
    assert read.record["title"] == story_title(1)
    assert read.record["url"] == "https://news.example/a"
    assert read.fingerprints
    assert (read.error, read.message) == ("", "")
    assert (read.rows, read.packed) == (None, None)


def test_what_is_to_be_stored_is_made_ready_when_it_is_asked_for() -> None:
    first, later = page(story(1)), page(story(2))
    read = read_page(first, later_pages=(later,))
    bare, kept = with_rows(read, keep_pages=False), with_rows(read, keep_pages=True)
    assert bare.rows is not None
    assert bare.rows == kept.rows
    assert bare.rows.title == story_title(1)
    assert "On day 1 the" in bare.rows.text
    assert "On day 2 the" in bare.rows.text
    assert (bare.packed, bare.packed_later) == (None, ())
    assert kept.packed is not None
    assert kept.packed.hash == hash_body(first.body)
    assert [packed.hash for packed in kept.packed_later] == [hash_body(later.body)]


def test_a_page_without_an_article_says_how_sure_that_is() -> None:
    read = read_page(page(b"<p>Share this"))
    assert (read.kind, read.article, read.error) == ("no_article", None, "NoArticle")
    assert read.message == f"no article was found on this page (confidence {read.confidence:.2f})"
    assert with_rows(read, keep_pages=True) == read


def test_a_list_of_articles_is_none_and_says_so() -> None:
    read = read_page(list_page(40))
    assert read.kind == "no_article"
    assert read.judgement.kind == "list"
    assert re.fullmatch(r"no article was found: the page is a list \(0\.\d\d\)", read.message)
    assert read_page(page(b"<p>Share this")).links is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no HTML document in 0 bytes"),
        (b" \n", "no HTML document in 2 bytes"),
        (b"%PDF-1.7\n1 0 obj\n" + SENTENCE.encode() * 40, "this is a PDF, not a page"),
        (b"PK\x03\x04" + SENTENCE.encode() * 40, "this is a ZIP archive"),
    ],
)
def test_what_is_no_page_is_told_from_a_page_without_an_article(body: bytes, words: str) -> None:
    for content_type in ("text/html", ""):
        read = read_page(page(body, **{"content-type": content_type}))
        assert (read.kind, read.error) == ("not_a_page", "ExtractionError")
        assert words in read.message


TEXT = "\n\n".join(["The river rose again", "By Ida Brunn, 3 May 2031", *WEATHER])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", TEXT.encode()),
        ("Text/Plain; charset=iso-8859-1", TEXT.encode()),
        ("text/plain", TEXT.encode("utf-16")),
        ("", TEXT.encode()),
        ("application/octet-stream", TEXT.encode()),
        ("text/plain", f"{TEXT} It said <h2> where <p> and <div> belonged.".encode()),
    ],
)
def test_text_is_read_as_text(content_type: str, body: bytes) -> None:
    text = page(body, **{"content-type": content_type, "x-robots-tag": "noarchive"})
    read = read_page(text)
    assert read.record is not None
    assert read.record["authors"] == ["Ida Brunn"]
    assert read.record["title"] == "The river rose again"
    assert read.record["robots"] == ["noarchive"]
    assert read == read_page(text, is_text=True)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", ""])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf\n", b"<!-- a --> <!-- b -->\n"])
def test_a_document_in_html_is_one_whatever_it_is_called(content_type: str, before: bytes) -> None:
    read = read_page(page(before + story(1), **{"content-type": content_type}))
    assert read.record is not None
    assert read.record["title"] == story_title(1)
    assert read.record["text"].startswith("On day 1 the")


def test_words_without_a_tag_are_html_where_they_are_called_so() -> None:
    read = read_page(page(TEXT.encode(), **{"content-type": "text/html"}))
    assert read.record is not None
    assert len(read.record["blocks"]) == 1  # as a browser shows them


def test_the_rules_of_a_site_apply() -> None:
    body = story(1, extra="<p class=promo>Subscribe to the printed edition of this paper.</p>")
    read = read_page(page(body), rules=SiteRules(title="h1", remove=(".promo", "p:first-child")))
    assert read.record is not None
    assert "printed edition" not in read.record["text"]
    broken = read_page(page(body), rules=SiteRules(title="h1[["))
    assert broken.error == "ExtractionError"


def test_a_fault_of_winnow_is_an_answer_on_one_line() -> None:
    wrong = Page(url="https://news.example/a", body=story(1), headers={"content-type": 5})  # type: ignore[dict-item]
    read = read_page(wrong)
    assert (read.kind, read.error) == ("error", "AttributeError")
    assert read.message == "'int' object has no attribute 'partition'"
    unpackable = Page(url="https://news.example/a", body=story(1), headers={"link": {1}})  # type: ignore[dict-item]
    read = read_page(unpackable)
    assert read.kind == "article"
    made = with_rows(read, keep_pages=True)
    assert (made.kind, made.error, made.article, made.rows) == ("error", "TypeError", None, None)


def test_reading_pages_loads_no_database_and_no_client() -> None:
    program = "import sys, pipelines.page.read_page; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert {b"httpx", b"sqlite3", b"asyncio"} & set(done.stdout.split()) == set()


_PIECES = (
    b"\xff\xfe", b"%PDF-", b"<!doctype html>", b"<!-- -->", b"<p>", b"<div>", b"<table><tr><td>",
    b"</body>", b"<script type=application/ld+json>{", b"<base href='://'>", b"&#xD800;",
    b"<meta charset=utf-16>", b"<a href='http://[::1'>", b"<link rel=canonical href='//['>",
    SENTENCE.encode(), TEXT.encode(), story(1), story(2)[:700],
)  # fmt: skip


@given(
    st.lists(st.binary(max_size=9) | st.sampled_from(_PIECES), max_size=30).map(b"".join),
    st.sampled_from(["", "text/html", "text/plain", "text/html; charset=utf-7", "application/pdf"]),
    st.sampled_from(["", "https://news.example/a", "http://[::1", "\ud800", "no address"]),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_it_holds_a_page_gets_an_answer(
    body: bytes, content_type: str, url: str, is_text: bool
) -> None:
    hostile = Page(url=url, body=body, headers={"content-type": content_type})
    read = with_rows(read_page(hostile, is_text=is_text), keep_pages=True)
    assert read.kind != "error", read.message
    is_article = read.kind == "article"
    assert (read.article is not None, read.rows is not None) == (is_article, is_article)
    assert bool(read.error and read.message) != is_article
