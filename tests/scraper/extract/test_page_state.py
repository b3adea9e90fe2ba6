"""Stories that stand only in what a page holds for its scripts, or states to machines."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import Article, extract_article
from scraper.blocks import Heading, ListBlock, Paragraph, Quote
from scraper.extract.structured.page_state.linked_values import unflatten
from scraper.extract.structured.page_state.script_values import read_value
from scraper.extract.structured.page_state.write_html import write_story
from tests.scraper.extract.state_pages import (
    BODIES,
    HEADING,
    ITEMS,
    MARKUP,
    OTHER,
    PARAGRAPHS,
    QUOTE,
    STATES,
    TITLE,
    TYPED,
    flatten,
    next_page,
    page,
)

MakePage = Any


def _assert_whole(article: Article) -> None:
    *paragraphs, heading, bullets, quote = article.blocks
    assert [type(block) for block in paragraphs] == [Paragraph] * len(PARAGRAPHS)
    texts = [block.text.replace("\\", "") for block in paragraphs if isinstance(block, Paragraph)]
    assert texts == list(PARAGRAPHS)
    assert isinstance(heading, Heading)
    assert (heading.level, heading.text) == (2, HEADING)
    assert isinstance(bullets, ListBlock)
    assert [item.text for item in bullets.items] == list(ITEMS)
    assert isinstance(quote, Quote)
    assert quote.text == QUOTE
    assert article.title == TITLE


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_in_whatever_form_it_is_kept(name: str) -> None:
    article = extract_article(next_page({"post": {"title": TITLE, "content": BODIES[name]}}))
    _assert_whole(article)
    assert article.evidence["text"] == "page state __NEXT_DATA__"


@pytest.mark.parametrize("name", STATES)
def test_a_story_is_found_in_whatever_state_holds_it(name: str) -> None:
    article = extract_article(STATES[name])
    _assert_whole(article)
    assert article.evidence["text"].startswith(("page state ", "json-ld articleBody"))
    assert 0 < article.confidence < 1


@pytest.mark.parametrize("name", ["portable text", "ProseMirror", "rich text of Contentful"])
def test_links_in_a_state_are_kept(name: str) -> None:
    if name == "rich text of Contentful":
        words = {"nodeType": "text", "value": PARAGRAPHS[0]}
        address = {"uri": "https://roads.example/"}
        link = {"nodeType": "hyperlink", "data": address, "content": [words]}
        body: Any = [{"nodeType": "paragraph", "content": [link]}] * 3
    else:
        body = BODIES[name]
    article = extract_article(next_page({"post": {"title": TITLE, "content": body}}))
    assert {link.url for link in article.links} == {"https://roads.example/"}


def test_another_story_of_a_state_is_not_this_page() -> None:
    article = extract_article(next_page({"stories": [OTHER, {**OTHER, "title": "A second dog"}]}))
    assert "sings" not in article.text


def test_an_address_tells_whose_text_it_is() -> None:
    story = {"title": "Road shut", "slug": "coast-road-closed", "body": TYPED}
    html = next_page({"top": story, "more": [OTHER]}, title="Coast Post")
    assert extract_article(html).text == ""
    article = extract_article(html, url="https://coast.example/news/coast-road-closed")
    assert PARAGRAPHS[1] in article.text


def test_the_only_story_of_a_page_without_a_title_is_its_own() -> None:
    article = extract_article(
        next_page({"story": {"headline": TITLE, "body": TYPED}}, title="Post")
    )
    assert PARAGRAPHS[1] in article.text


def test_what_a_page_shows_well_is_not_replaced(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    state = {"headline": "River floods the valley", "body": MARKUP * 9}
    script = f'<script type="application/json" id="state">{json.dumps(state)}</script>'
    article = extract_article(article_page().replace("</body>", script + "</body>"))
    assert article.text.splitlines() == list(paragraphs)
    assert article.evidence["text"] == "model"


def test_the_state_of_a_page_that_shows_the_first_lines_has_the_rest() -> None:
    shown = f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><p>Log in to read on.</p></main>"
    data = json.dumps({"story": {"title": TITLE, "html": MARKUP}})
    html = page(f'{shown}<script type="application/json">{data}</script>')
    assert extract_article(html).text.splitlines()[:3] == list(PARAGRAPHS)


def test_texts_of_a_program_are_no_story() -> None:
    legal = {"message": "We use cookies and similar means to measure what is read. " * 20}
    words = {"title": TITLE, "csp": ["*.example.com", "'self'"] * 60, "code": "a={b:1};" * 90}
    article = extract_article(next_page({"i18n": legal, "page": words}))
    assert article.evidence.get("text") in {None, "model"}


def test_a_shadow_root_is_read_where_it_is_shown() -> None:
    rest = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
    html = page(
        f'<main><news-story><template shadowrootmode="open"><style>p{{margin:0}}</style>'
        f"<h1>{TITLE}</h1><slot></slot><h2>{HEADING}</h2><p>{QUOTE} {QUOTE}</p></template>"
        f"<p>{PARAGRAPHS[0]}</p>{rest}</news-story></main>"
    )
    article = extract_article(html)
    assert article.text.splitlines() == [*PARAGRAPHS, HEADING, f"{QUOTE} {QUOTE}"]


def test_fields_are_read_from_json_ld_that_a_script_adds(article_page: MakePage) -> None:
    node = {"@type": "NewsArticle", "datePublished": "2031-05-04T09:00:00Z"}
    pushed = json.dumps([0, {"type": "application/ld+json", "children": json.dumps(node)}])
    script = f"<script>(self.__next_s=self.__next_s||[]).push({pushed})</script>"
    article = extract_article(article_page().replace("</head>", script + "</head>"))
    assert article.published_at == "2031-05-04T09:00:00+00:00"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_JSON)
def test_json_is_read_as_json(value: Any) -> None:
    assert read_value(json.dumps(value))[0] == value


@given(_JSON)
def test_what_was_flattened_comes_back(value: Any) -> None:
    if isinstance(value, dict):
        assert unflatten(flatten(value)) == value or "Ref" in json.dumps(value)


@given(_JSON)
def test_any_value_can_be_written(value: Any) -> None:
    assert isinstance(write_story(value, {}), str)


@given(st.text(max_size=200))
def test_any_program_can_be_looked_at(text: str) -> None:
    read_value("{" + text)
    read_value("(function(a,b){return " + text)


def test_what_holds_itself_is_read_to_an_end() -> None:
    values = [{"title": 1, "body": 2}, TITLE, [3, 3], {"type": 4, "content": 2}, "p"]
    data = json.dumps(values)
    extract_article(page(f'<script id="__NUXT_DATA__" type="application/json">{data}</script>'))
