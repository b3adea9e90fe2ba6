"""A text with its links, cut and joined so that every link stays on its words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from scraper.blocks import CellLink, Link, Table

_WEB = ("https://", "http://")
_offset_of = attrgetter("offset")


def _end_of(link: Link) -> int:
    return link.offset + len(link.text)


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A text and the links in it, in their order; each stands where it says, no two overlap."""

    text: str
    links: tuple[Link, ...] = ()

    def cut(self, start: int, end: int) -> "LinkedText":
        """The characters from `start` up to `end`; a link that is cut keeps the words inside.

        Example:
            >>> whole = LinkedText("see the map", (Link("the map", "https://a.example/", None, 4),))
            >>> [(link.text, link.offset) for link in whole.cut(7, 11).links]
            [('map', 1)]
        """
        if not self.links:
            return LinkedText(self.text[start:end])
        first = bisect_right(self.links, start, key=_end_of)
        last = bisect_left(self.links, end, key=_offset_of)
        kept = []
        for link in self.links[first:last]:
            begin = max(link.offset, start)
            words = self.text[begin : min(_end_of(link), end)]
            begin += len(words) - len(words.lstrip())
            if words := words.strip():
                kept.append(Link(words, link.url, link.rel, begin - start))
        return LinkedText(self.text[start:end], tuple(kept))

    def lines(self) -> Iterator["LinkedText"]:
        """Its lines, without what ends them."""
        start = 0
        for line in self.text.splitlines(keepends=True):
            yield self.cut(start, start + len(line.splitlines()[0]))
            start += len(line)

    def runs(self) -> Iterator[tuple[str, Link | None]]:
        """The text in pieces, each with the link it is or None; no piece is empty.

        Example:
            >>> whole = LinkedText("see the map", (Link("the map", "https://a.example/", None, 4),))
            >>> [(text, link is not None) for text, link in whole.runs()]
            [('see ', False), ('the map', True)]
        """
        position = 0
        for link in self.links:
            if position < link.offset:
                yield self.text[position : link.offset], None
            yield link.text, link
            position = _end_of(link)
        if position < len(self.text):
            yield self.text[position:], None

    def without(self, unwanted: re.Pattern[str]) -> "LinkedText":
        """The text with all that matches taken out, the links moved to where their words are."""
        text = unwanted.sub("", self.text)
        if not self.links or len(text) == len(self.text):
            return LinkedText(text, self.links)
        spans = [match.span() for match in unwanted.finditer(self.text)]
        starts = [start for start, _ in spans]
        gone = [0]
        for start, end in spans:
            gone.append(gone[-1] + end - start)

        def moved(position: int) -> int:
            before = bisect_left(starts, position)
            if before and position < spans[before - 1][1]:
                position = spans[before - 1][1]  # what stood there is gone
            return position - gone[before]

        kept = []
        for link in self.links:
            begin = moved(link.offset)
            if words := text[begin : moved(_end_of(link))]:
                kept.append(Link(words, link.url, link.rel, begin))
        return LinkedText(text, tuple(kept))


def join_texts(separator: str, texts: Sequence[LinkedText]) -> LinkedText:
    """The texts as one, with `separator` between them."""
    if len(texts) == 1:
        return texts[0]
    links: list[Link] = []
    start = 0
    for part in texts:
        links.extend(Link(x.text, x.url, x.rel, x.offset + start) for x in part.links)
        start += len(part.text) + len(separator)
    return LinkedText(separator.join([part.text for part in texts]), tuple(links))


def fit_links(text: str, links: Sequence[Link]) -> LinkedText:
    """`text` with those of the links that stand in it where they say and lead to the web.

    What extraction finds always does; a record that others wrote need not. Of two that overlap the
    first is kept.
    """
    if not links:
        return LinkedText(text)
    kept = []
    position = 0
    for link in sorted(links, key=_offset_of) if len(links) > 1 else links:
        words, offset = link.text, link.offset
        fits = words and offset >= position and text.startswith(words, offset)
        if fits and link.url.startswith(_WEB):
            kept.append(link)
            position = offset + len(words)
    return LinkedText(text, tuple(kept))


def make_table(rows: Sequence[Sequence[LinkedText]], caption: LinkedText | None) -> Table:
    """The table of those cells."""
    in_cells = (
        CellLink(link.text, link.url, link.rel, link.offset, row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        for link in cell.links
    )
    return Table(
        tuple(tuple(cell.text for cell in row) for row in rows),
        caption.text if caption is not None else None,
        (*(caption.links if caption is not None else ()), *in_cells),
    )


def split_table(table: Table) -> tuple[LinkedText, list[list[LinkedText]]]:
    """The caption of a table, empty when it has none, and its cells, each with its own links."""
    in_caption: list[Link] = []
    by_cell: dict[tuple[int, int], list[Link]] = {}
    for link in table.links:
        if isinstance(link, CellLink):
            by_cell.setdefault((link.row, link.column), []).append(link)
        else:
            in_caption.append(link)
    rows = [
        [fit_links(cell, by_cell.get((row, column), ())) for column, cell in enumerate(cells)]
        for row, cells in enumerate(table.rows)
    ]
    return fit_links(table.caption or "", in_caption), rows
