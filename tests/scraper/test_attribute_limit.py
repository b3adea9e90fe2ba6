"""Tags with thousands of attributes: what is cut of them, what is left, and in what time."""

import time

import pytest

from scraper.attribute_limit import MOST_ATTRIBUTES, limit_attributes
from scraper.discover.feeds import parse_feed
from scraper.discover.links import find_links
from scraper.discover.opml import parse_opml
from scraper.extract.extractor import extract_article
from scraper.page import Page

_WORDS = "The ferry was late again, and nobody on the quay knew when it would come. "
_STORY = f"<h1>The ferry</h1><p>{_WORDS * 12}</p><p>{_WORDS * 9}</p>"
_MANY = 60_000  # 16 seconds of libxml2, and of feedparser


def attributes(count: int, *, between: str = " ", value: str = "=1") -> str:
    return between.join(f"a{number}{value}" for number in range(count))


def test_a_page_of_any_usual_kind_is_the_same_object() -> None:
    script = f"<script type='application/ld+json'>{'[1, 2], ' * 9_000}</script>"
    image = f"<img src='data:image/png;base64,{'iVBORw0KGgo/A' * 3_000}'>"
    for page in (_STORY, script + _STORY, image + _STORY, _WORDS * 3_000, "", "<p"):
        body = page.encode()
        assert limit_attributes(body) is body


@pytest.mark.parametrize(
    ("between", "value"), [(" ", "=1"), (" ", ""), ("/", ""), ("", "='x y'"), ("\n", ' = "<b"')]
)
def test_what_is_beyond_the_limit_is_cut_however_it_is_written(between: str, value: str) -> None:
    long, short = (attributes(n, between=between, value=value) for n in (_MANY, MOST_ATTRIBUTES))
    page = f"<p {long}>Rain</p>{_STORY}<p title='x>y'>"
    assert limit_attributes(page.encode()).decode() == page.replace(long, short)


def test_scripts_and_comments_are_left_as_they_are_beside_a_tag_that_is_cut() -> None:
    quiet = (
        f"<script>if (a <b {attributes(3_000, value='')}) {{}}</script>"
        f"<!-- <p {attributes(3_000)} --><style>p <b {attributes(3_000)}</style>"
    )
    flood = f"<script {attributes(5_000)}>a <b {attributes(3_000)}</script>"
    cut = limit_attributes(f"{quiet}{flood}<p {attributes(5_000)}>Rain".encode()).decode()
    first = attributes(MOST_ATTRIBUTES)
    assert cut == f"{quiet}<script {first}>a <b {attributes(3_000)}</script><p {first}>Rain"


@pytest.mark.parametrize(
    "unit",
    ["<a", "<a ", '<a b="', "<a b='<", "<!--", "<script ", "<script>", "=", " ", "/", "<p a "],
)
def test_no_bytes_take_longer_than_their_number(unit: str) -> None:
    page = f"<p {attributes(5_000)}>{unit * (2_000_000 // len(unit))}".encode()
    start = time.process_time()
    limit_attributes(page)
    assert time.process_time() - start < 2


def test_a_page_with_such_a_tag_is_read_at_once_and_says_that_it_was_cut() -> None:
    page = f"<html><body><article {attributes(_MANY)}>{_STORY}</article>"
    start = time.process_time()
    article = extract_article(page)
    assert time.process_time() - start < 4
    assert article.text.startswith("The ferry was late again")
    assert article.evidence["page"] == "cut: a tag has more than 1,000 attributes"
    assert "page" not in extract_article(_STORY).evidence


def test_links_feeds_and_lists_of_feeds_with_such_a_tag_are_read_at_once() -> None:
    start = time.process_time()
    link = f"<a href=/news/2031/ferry {attributes(_MANY)}>The ferry was late again</a>"
    page = Page(url="https://quay.example/", body=link.encode())
    assert [found.url for found in find_links(page)] == ["https://quay.example/news/2031/ferry"]
    long = attributes(_MANY, value="='1'")
    entry = f"<item {long}><link>https://quay.example/1</link></item>"
    feed = f"<rss version='2.0'><channel>{entry}</channel></rss>"
    page = Page(url="https://quay.example/feed", body=feed.encode())
    assert [found.url for found in parse_feed(page)] == ["https://quay.example/1"]
    opml = f"<opml><outline xmlUrl='https://quay.example/feed' {long}/></opml>"
    assert len(parse_opml(opml.encode()).subscriptions) == 1
    assert time.process_time() - start < 4
