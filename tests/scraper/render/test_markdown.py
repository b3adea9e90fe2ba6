"""Blocks as Markdown that reads back as what they are."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blocks import (
    Block,
    Code,
    Figure,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from scraper.render.markdown import escape_markdown, render_markdown

_WRITTEN: dict[str, tuple[Block, str]] = {
    "heading": (Heading(3, "C# and #"), "### C# and \\#"),
    "heading of a sign": (Heading(2, "#"), "## \\#"),
    "paragraph": (
        Paragraph("1. It *is* <b>not</b> [a](link)"),
        "1\\. It \\*is\\* \\<b>not\\</b> \\[a\\](link)",
    ),
    "quote": (Quote("# One\n\n> Two"), "> \\# One\n>\n> \\> Two"),
    "code": (Code("a = '```'", "python"), "````python\na = '```'\n````"),
    "ordered list": (ListBlock(True, (ListItem("a"), ListItem("b"))), "1. a\n2. b"),
    "nested list": (
        ListBlock(False, (ListItem("a", (ListBlock(True, (ListItem("b"),)), Paragraph("c"))),)),
        "- a\n  1. b\n\n  c",
    ),
    "item with a paragraph": (ListBlock(False, (ListItem("a", (Paragraph("b"),)),)), "- a\n\n  b"),
    "item without text": (ListBlock(False, (ListItem("", (Code("x"),)),)), "- ```\n  x\n  ```"),
    "table": (
        Table((("a|b", "c"), ("d",)), "Cap"),
        "Cap\n\n| a\\|b | c |\n| --- | --- |\n| d |  |",
    ),
    "figure": (
        Figure("https://news.example/a (1).jpg", "A [band]", "The band."),
        "![A \\[band\\]](https://news.example/a%20\\(1\\).jpg)\n\nThe band.",
    ),
}


@pytest.mark.parametrize(("block", "markdown"), _WRITTEN.values(), ids=_WRITTEN.keys())
def test_each_kind(block: Block, markdown: str) -> None:
    assert render_markdown((block,)) == markdown


def test_two_lists_in_a_row_stay_two() -> None:
    one = ListBlock(False, (ListItem("a"),))
    assert render_markdown((one, one)) == "- a\n\n<!-- -->\n\n- a"


_text = st.text(max_size=40)
_flat: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, st.integers(-1, 9), _text),
    st.builds(Paragraph, _text),
    st.builds(Quote, _text),
    st.builds(Code, _text, st.none() | _text),
    st.builds(Figure, _text, st.none() | _text, st.none() | _text),
    st.builds(
        Table,
        st.lists(st.lists(_text, max_size=4).map(tuple), max_size=4).map(tuple),
        st.none() | _text,
    ),
)


def _in_lists(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    items = st.builds(ListItem, _text, st.lists(inner, max_size=3).map(tuple))
    return st.builds(ListBlock, st.booleans(), st.lists(items, max_size=3).map(tuple))


@given(st.lists(st.recursive(_flat, _in_lists, max_leaves=8), max_size=5))
@settings(max_examples=200, deadline=None)
def test_any_blocks_can_be_written(blocks: list[Block]) -> None:
    markdown = render_markdown(blocks)
    assert markdown == markdown.strip("\n") or any(isinstance(b, Code) for b in blocks)


@given(st.text(alphabet="#>*_-+=`~[]<>|!&;0123456789.) \tab\\", max_size=30))
@settings(max_examples=300, deadline=None)
def test_escaped_text_starts_no_block_and_no_markup(text: str) -> None:
    for line in escape_markdown(text).split("\n"):
        assert not re.match(r"(#{1,6}|[-+*]|>|\d{1,9}[.)])(\s|$)|```|~~~|=+\s*$|-+\s*$", line)
        assert not re.search(r"(?<!\\)(?:\\\\)*[`*\[\]<|~]", line)
