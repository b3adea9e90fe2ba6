"""Blocks as plain text, one block a line, and where their links stand in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from scraper.blocks import (
    Block,
    BlockKind,
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Table,
)
from scraper.linked_text import LinkedText, fit_links, join_texts, split_table


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link with its place.

    Attributes:
        kind: What kind of block it is in, as the record names it.
        text_offset: Characters of the article's text before it; None in the caption of a picture,
            which is no part of the text.
    """

    link: Link
    kind: BlockKind
    text_offset: int | None


def render_text(blocks: Sequence[Block]) -> str:
    r"""The text of `blocks`: a line for each block, list item and table row; pictures are left out.

    Example:
        >>> from scraper.blocks import ListItem
        >>> render_text([Heading(2, "Rain"), ListBlock(False, (ListItem("wet"), ListItem("cold")))])
        'Rain\nwet\ncold'
    """
    return "\n".join([text for kind, text, _ in _lines(blocks) if text and kind != "figure"])


def place_links(blocks: Sequence[Block]) -> list[PlacedLink]:
    """The links of `blocks` in reading order, with where they stand in what `render_text` gives.

    Example:
        >>> map_link = Link("map", "https://news.example/map", None, 4)
        >>> blocks = [Heading(2, "Rain"), Paragraph("See map.", (map_link,))]
        >>> [(placed.kind, placed.text_offset) for placed in place_links(blocks)]
        [('paragraph', 9)]
    """
    placed: list[PlacedLink] = []
    start = 0
    for kind, text, links in _lines(blocks):
        is_shown = kind != "figure"
        if links:
            offsets = ((link, start + link.offset) for link in fit_links(text, links).links)
            placed += [PlacedLink(link, kind, at if is_shown else None) for link, at in offsets]
        if text and is_shown:
            start += len(text) + 1
    return placed


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[BlockKind, str, Sequence[Link]]]:
    """Every line of text with its links and the kind of its block, captions of pictures too."""
    for block in blocks:
        match block:
            case Heading(_, text, links):
                yield "heading", text, links
            case Paragraph(text, links):
                yield "paragraph", text, links
            case Quote(text, links):
                yield "quote", text, links
            case Code(text, _):
                yield "code", text, ()
            case ListBlock(_, items):
                for item in items:
                    yield "list", item.text, item.links
                    yield from _lines(item.blocks)
            case Table():
                for line in _table_lines(block):
                    yield "table", line.text, line.links
            case Figure(_, _, caption, links):
                yield "figure", caption or "", links
            case _:
                assert_never(block)


def _table_lines(table: Table) -> Iterator[LinkedText]:
    caption, rows = split_table(table)
    yield caption
    for cells in rows:
        row = join_texts("\t", cells)
        first = len(row.text) - len(row.text.lstrip())
        yield row.cut(first, max(first, len(row.text.rstrip())))
