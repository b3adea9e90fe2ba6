"""The record as plain dictionaries, and as others or earlier versions wrote it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.article import Article
from scraper.blocks import (
    Block,
    CellLink,
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
    block_from_dict,
    block_to_dict,
)

_text = st.text(max_size=12)
_fields = (_text, st.just("https://a.example/"), st.none() | _text, st.integers(0, 99))
_links = st.lists(st.builds(Link, *_fields), max_size=2).map(tuple)
_cell_links = st.builds(CellLink, *_fields, st.integers(0, 9), st.integers(0, 9))
_flat: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, st.integers(1, 6), _text, _links),
    st.builds(Paragraph, _text, _links),
    st.builds(Quote, _text, _links),
    st.builds(Code, _text, st.none() | _text),
    st.builds(Figure, _text, st.none() | _text, st.none() | _text, _links),
    st.builds(
        Table,
        st.lists(st.lists(_text, max_size=3).map(tuple), max_size=3).map(tuple),
        st.none() | _text,
        st.lists(st.builds(Link, *_fields) | _cell_links, max_size=3).map(tuple),
    ),
)


def _in_lists(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    items = st.builds(ListItem, _text, st.lists(inner, max_size=2).map(tuple), _links)
    return st.builds(ListBlock, st.booleans(), st.lists(items, max_size=2).map(tuple))


_blocks = st.lists(st.recursive(_flat, _in_lists, max_leaves=6), max_size=3).map(tuple)


@given(_blocks)
@settings(max_examples=200, deadline=None)
def test_record_comes_back_from_json_as_it_was(blocks: tuple[Block, ...]) -> None:
    article = Article(title="Rain", blocks=blocks)
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


def _without_key(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _without_key(part, key) for name, part in value.items() if name != key}
    return [_without_key(part, key) for part in value] if isinstance(value, list) else value


@given(_blocks)
@settings(max_examples=100, deadline=None)
def test_record_from_before_links_were_kept_has_none(blocks: tuple[Block, ...]) -> None:
    older = _without_key(Article(blocks=blocks).to_dict(), "links")
    read = Article.from_dict(older)
    assert read.links == []
    assert _without_key(read.to_dict(), "links") == older


def test_link_without_rel_and_links_that_are_null_are_read() -> None:
    link = {"text": "Rain", "url": "https://a.example/", "offset": 0}
    record = {"kind": "paragraph", "text": "Rain", "links": [link]}
    assert block_from_dict(record) == Paragraph(
        "Rain", (Link("Rain", "https://a.example/", None, 0),)
    )
    assert block_from_dict({**record, "links": None}) == Paragraph("Rain")


def test_link_that_lacks_its_place_is_refused() -> None:
    link = {"text": "Rain", "url": "https://a.example/", "rel": None}
    with pytest.raises(KeyError, match="offset"):
        block_from_dict({"kind": "paragraph", "text": "Rain", "links": [link]})


def test_links_of_cells_alone_say_row_and_column() -> None:
    links = (
        Link("Cap", "https://a.example/", None, 0),
        CellLink("b", "https://b.example/", "x", 0, 0, 1),
    )
    record = block_to_dict(Table((("a", "b"),), "Cap", links))
    assert record["links"] == [
        {"text": "Cap", "url": "https://a.example/", "rel": None, "offset": 0},
        {"text": "b", "url": "https://b.example/", "rel": "x", "offset": 0, "row": 0, "column": 1},
    ]


def test_links_are_a_view_of_the_blocks() -> None:
    links = [Link("a", f"https://a.example/{number}", None, 0) for number in range(6)]
    cell = CellLink("a", "https://a.example/cell", None, 0, 0, 0)
    items = (
        ListItem("a", (Paragraph("a", (links[2],)),), (links[1],)),
        ListItem("a", (), (links[3],)),
    )
    article = Article(
        blocks=(
            Heading(2, "a", (links[0],)),
            ListBlock(False, items),
            Code("a"),
            Table((("a",),), "a", (links[4], cell)),
            Figure("https://a.example/a.jpg", None, "a", (links[5],)),
        )
    )
    assert article.links == [*links[:5], cell, links[5]]
    assert "links" not in article.to_dict()
    assert Article().links == []
