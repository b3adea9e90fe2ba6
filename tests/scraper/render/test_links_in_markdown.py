"""Links in Markdown: a reader of it finds those of the blocks, and no others."""

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

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
)
from scraper.render.markdown import render_markdown
from tests.scraper.render.linked_texts import linked_blocks

_URL = "https://a.example/"


class _Reader(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 - its name in markdown-it
        """The address as it is written, which markdown-it would encode once more."""
        return url


_READER = _Reader("commonmark").enable("table")


def _read(markdown: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each text that a reader of Markdown finds, with the words and targets of its links."""
    found = []
    for token in _READER.parse(markdown):
        if token.type != "inline":
            assert (
                token.type not in {"html_block", "code_block", "fence", "hr"} or not token.content
            )
            continue
        text, links, opened = "", [], []
        for child in token.children or ():
            if child.type == "link_open":
                opened.append((len(text), str(child.attrs["href"])))
            elif child.type == "link_close":
                start, url = opened.pop()
                links.append((text[start:], url))
            elif child.type == "softbreak":
                text += " "
            elif child.type != "image":
                assert child.type in {"text", "text_special"}, (child.type, markdown)
                text += child.content
        if text:
            found.append((text, links))
    return found


def _texts(block: Block) -> list[tuple[str, tuple[Link, ...]]]:
    match block:
        case Heading(_, text, links) | Paragraph(text, links) | Quote(text, links):
            return [(text, links)]
        case ListBlock(_, items):
            return [(item.text, item.links) for item in items]
        case Figure(_, _, caption, links):
            return [(caption or "", links)]
        case Table(rows, caption, links):
            above = tuple(link for link in links if not isinstance(link, CellLink))
            return [(caption or "", above)] + [
                (
                    cell,
                    tuple(
                        x for x in links if isinstance(x, CellLink) and (x.row, x.column) == (i, j)
                    ),
                )
                for i, row in enumerate(rows)
                for j, cell in enumerate(row)
            ]
        case Code():
            return []


@given(linked_blocks)
@settings(max_examples=300, deadline=None)
def test_reader_finds_the_texts_and_links_of_the_blocks(block: Block) -> None:
    expected = [
        (" ".join(text.split()), [(" ".join(link.text.split()), link.url) for link in links])
        for text, links in _texts(block)
        if text.strip()
    ]
    assert _read(render_markdown([block])) == expected


@pytest.mark.parametrize(
    ("block", "markdown"),
    [
        (
            Paragraph("Wet! Map, then.", (Link("Map", _URL, None, 5),)),
            f"Wet! [Map]({_URL}), then.",
        ),
        (Paragraph("Wet!Map", (Link("Map", _URL, None, 4),)), f"Wet\\![Map]({_URL})"),
        (
            Paragraph("onetwo", (Link("one", _URL, None, 0), Link("two", _URL, "x", 3))),
            f"[one]({_URL})[two]({_URL})",
        ),
        (
            Paragraph("1. Rain", (Link("1. Rain", f"{_URL}(a)?b=<c d", None, 0),)),
            f"[1. Rain]({_URL}\\(a\\)?b=\\<c%20d)",
        ),
        (
            Paragraph("https://b.example/", (Link("https://b.example/", _URL, None, 0),)),
            f"[https://b.example/]({_URL})",
        ),
        (Heading(2, "Rain #", (Link("#", _URL, None, 5),)), f"## Rain [#]({_URL})"),
        (
            Quote("One\nTwo", (Link("One", _URL, None, 0), Link("Two", _URL, None, 4))),
            f"> [One]({_URL})\n>\n> [Two]({_URL})",
        ),
        (
            Table((("a|b", "c"),), None, (CellLink("a|b", f"{_URL}?a|b", None, 0, 0, 0),)),
            f"| [a\\|b]({_URL}?a\\|b) | c |\n| --- | --- |",
        ),
        (
            ListBlock(False, (ListItem("a", (Paragraph("b", (Link("b", _URL, None, 0),)),)),)),
            f"- a\n\n  [b]({_URL})",
        ),
        (
            Figure("https://a.example/x.jpg", None, "By Ida", (Link("Ida", _URL, None, 3),)),
            f"![](https://a.example/x.jpg)\n\nBy [Ida]({_URL})",
        ),
    ],
)
def test_each_kind_with_links(block: Block, markdown: str) -> None:
    assert render_markdown([block]) == markdown


_RAW = st.text("ab/()<>\\ \n\t\u2028|&;`[]\"'\x00\x1b", max_size=12).map(lambda tail: _URL + tail)


@given(_RAW)
@settings(max_examples=200, deadline=None)
def test_address_of_a_foreign_record_ends_no_link(url: str) -> None:
    blocks = (Paragraph("See it.", (Link("it", url, None, 4),)),)
    ((text, ((words, target),)),) = _read(render_markdown(blocks))
    assert (text, words) == ("See it.", "it")
    assert unquote(target) == url


def test_link_that_does_not_fit_is_left_out() -> None:
    links = (
        Link("rained", _URL, None, 2),  # stands elsewhere
        Link("It rained", _URL, None, 0),
        Link("rained", _URL, None, 3),  # inside the one before
        Link("", _URL, None, 9),
        Link(".", "javascript:open()", None, 9),
    )
    assert _read(render_markdown([Paragraph("It rained.", links)])) == [
        ("It rained.", [("It rained", _URL)])
    ]
