"""Whatever the page: its links stand on their words, in order, and change no text."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scraper.blocks import (
    Block,
    CellLink,
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    iter_links,
    without_links,
)
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree
from scraper.extract.segment_links import SegmentTexts
from scraper.render.text import place_links, render_text

_PAGE = "https://news.example/a/b"

_TARGETS = {
    "/map": "https://news.example/map",
    "https://b.example/": "https://b.example/",
    "../c?d=(e)": "https://news.example/c?d=(e)",
    "\t/t": "https://news.example/t",
}


def _blocks(html: str) -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    return build_blocks(page, [True] * len(page.segments), base_url=_PAGE)


def _texts(blocks: tuple[Block, ...]) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """Every text of the blocks that may hold links, with those it holds."""
    for block in blocks:
        match block:
            case Heading(_, text, links) | Paragraph(text, links) | Quote(text, links):
                yield text, links
            case ListBlock(_, items):
                for item in items:
                    yield item.text, item.links
                    yield from _texts(item.blocks)
            case Figure(_, _, caption, links):
                yield caption or "", links
            case Table(rows, caption, links):
                yield caption or "", tuple(x for x in links if not isinstance(x, CellLink))
                for number, cells in enumerate(rows):
                    for column, cell in enumerate(cells):
                        yield cell, tuple(_of_cell(links, number, column))
            case Code():
                pass


def _of_cell(links: tuple[Link, ...], row: int, column: int) -> Iterator[Link]:
    for link in links:
        if isinstance(link, CellLink) and (link.row, link.column) == (row, column):
            yield link


_TAGS = (
    "p div ul ol li dl dt dd blockquote pre table tr td th caption figure figcaption h2 h3 b i a a "
    "a a section span br img em footer summary"
).split()
_ATTRIBUTES = ("", ' class="footnotes"', ' class="pullquote"', ' colspan="3"', ' id="fn-1"')
_WORDS = st.sampled_from(
    "ship| ship |\n| ||&amp;| &nbsp;|&#27;[31m|🌧️| مطر|é|・|.|&#11;|\t•\u2028|1. | a  b\n c |<br>"
    "|<br><br>|<b>x</b>| ↩|¶|- |<img class=latex alt='x + y'>|<script>no</script>".split("|")
)
_TABLE = "<table><caption>{}</caption><tr><th>{}<th>{}</tr><tr><td>{}<td>{}</tr></table>"
_CELLS = st.lists(
    _WORDS | st.sampled_from(['<a href="/map">', '<a href="https://b.example/">x</a>', "</a>"]),
    max_size=3,
).map("".join)
_HREFS = st.sampled_from(
    (
        "/map",
        "https://b.example/",
        "../c?d=(e)",
        "#top",
        "",
        "mailto:x@y.example",
        "//[bad",
        "&#9;/t",
    )
)


@st.composite
def _markup(draw: st.DrawFn) -> str:
    """Pages in which anything stands in anything, opened and closed at random."""
    pieces = []
    for _ in range(draw(st.integers(1, 25))):
        if draw(st.integers(0, 9)) == 0:
            pieces.append(_TABLE.format(*(draw(_CELLS) for _ in range(5))))
        tag = draw(st.sampled_from(_TAGS))
        is_opening = draw(st.integers(0, 9)) < 6
        if not is_opening:
            pieces.append(f"</{tag}>")
        elif tag == "a":
            pieces.append(f'<a href="{draw(_HREFS)}">')
        else:
            pieces.append(f"<{tag}{draw(st.sampled_from(_ATTRIBUTES))}>")
        pieces.append(draw(_WORDS))
    return "<body><p>Start.</p>" + "".join(pieces) + " end"


@given(_markup())
@settings(max_examples=100, deadline=None)
def test_links_stand_where_they_say_in_order(html: str) -> None:
    blocks = _blocks(html)
    found: list[Link] = []
    for text, links in _texts(blocks):
        for link in links:
            assert link.text == link.text.strip() != ""
            assert text[link.offset : link.offset + len(link.text)] == link.text
            assert link.url.startswith(("https://", "http://"))
        for before, after in pairwise(links):
            assert before.offset + len(before.text) <= after.offset
        found += links
    assert sorted(map(repr, found)) == sorted(map(repr, iter_links(blocks)))


@given(_markup())
@settings(max_examples=100, deadline=None)
def test_text_of_an_article_holds_them_where_they_are_placed(html: str) -> None:
    blocks = _blocks(html)
    text = render_text(blocks)
    placed = place_links(blocks)
    assert [(place.link.text, place.link.url) for place in placed] == [
        (link.text, link.url) for link in iter_links(blocks)
    ]
    for place in placed:
        if place.text_offset is not None:
            assert text.startswith(place.link.text, place.text_offset)


@given(_markup())
@settings(max_examples=100, deadline=None)
def test_texts_do_not_depend_on_where_links_lead(html: str) -> None:
    # What leads away from the page is told from what leads to a place in it: headings go by that.
    dead = re.sub(r'href="[^"#][^"]*"', 'href="mailto:desk@news.example"', html)
    blocks = _blocks(dead)
    assert list(iter_links(blocks)) == []
    assert tuple(without_links(block) for block in _blocks(html)) == blocks


@given(_markup())
@settings(max_examples=100, deadline=None)
def test_segments_do_not_depend_on_links(html: str) -> None:
    tree = parse_html(html)
    with_links = [segment.text for segment in segment_tree(tree).segments]
    for link in tree.iter("a"):
        link.tag = "span"
    assert [segment.text for segment in segment_tree(tree).segments] == with_links


_Signs = list[tuple[str, set[str | None]]]


def _signs_of_tree(root: etree._Element) -> _Signs:
    """The page's signs without white space, each with the href that it may belong to.

    Where a link inside a link has ended, both the outer one and none are right.
    """
    signs: _Signs = []
    opened: list[tuple[str | None, bool]] = []

    def read(text: str | None) -> None:
        href, was_ended = opened[-1] if opened else (None, False)
        allowed = {href, None} if was_ended else {href}
        signs.extend((sign, allowed) for sign in text or "" if not sign.isspace())

    body = root if root.tag == "body" else root.find("body")
    assert body is not None
    for event, element in etree.iterwalk(body, ("start", "end")):
        if event == "start":
            if element.tag == "a":
                opened[:] = [(href, True) for href, _ in opened]
                opened.append((element.get("href"), False))
            if element.tag == "img" and element.get("class") == "latex":
                read(f"${element.get('alt')}$")
            elif element.tag != "script":
                read(element.text)
        else:
            if element.tag == "a":
                opened.pop()
            if element is not body:
                read(element.tail)
    return signs


@given(_markup())
@settings(max_examples=100, deadline=None)
def test_every_sign_is_in_the_link_that_the_tree_has_around_it(html: str) -> None:
    tree = parse_html(html)
    page = segment_tree(tree)
    texts = SegmentTexts(page, _PAGE, _PAGE)
    found: list[tuple[str, str | None]] = []
    for index in range(len(page.segments)):
        for run, link in texts.of(index).runs():
            found += [(sign, link.url if link else None) for sign in run if not sign.isspace()]
    expected = _signs_of_tree(tree)
    assert [sign for sign, _ in found] == [sign for sign, _ in expected]
    for (_, url), (_, hrefs) in zip(found, expected, strict=True):
        assert url in {_TARGETS.get(href or "") for href in hrefs}
