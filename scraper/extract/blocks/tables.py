"""Tables of data, and telling them from tables that only lay out a page."""

from collections.abc import Iterator, Sequence
from typing import Final

from scraper.blocks import Table
from scraper.extract.segment import Segmentation
from scraper.extract.segment_links import SegmentTexts
from scraper.linked_text import LinkedText, join_texts, make_table

_CELL_TAGS: Final = frozenset({"td", "th"})
# What a cell of data does not hold; a table with any of it lays out the page.
_LAYOUT_CONTENT: Final = frozenset("article aside form h1 h2 h3 nav section table".split())
_MAX_SPAN: Final = 50
_MAX_MEAN_CELL_CHARS: Final = 250


def is_data_table(segmentation: Segmentation, table: int) -> bool:
    """Whether the table at node `table` states data in rows and columns."""
    nodes = segmentation.nodes
    element = nodes[table].element
    if element.get("role") in {"presentation", "none"}:
        return False
    rows = cells = cells_in_row = widest = wide_rows = chars = 0
    has_header = False
    for index in descendants(segmentation, table):
        tag = nodes[index].tag
        if tag in _LAYOUT_CONTENT or tag in {"ul", "ol", "pre"}:
            return False
        if tag == "tr":
            wide_rows += cells_in_row > 1
            rows, cells_in_row = rows + 1, 0
        elif tag in _CELL_TAGS:
            has_header = has_header or tag == "th"
            cells, cells_in_row = cells + 1, cells_in_row + 1
            widest = max(widest, cells_in_row)
        elif tag == "caption":
            has_header = True
    wide_rows += cells_in_row > 1
    if widest < 2 or rows < 2 or wide_rows < 2:
        return False
    segments = segmentation.segments[nodes[table].start : nodes[table].end]
    chars = sum(len(segment.text) for segment in segments)
    mean = chars / max(1, cells)
    return mean <= (2 * _MAX_MEAN_CELL_CHARS if has_header else _MAX_MEAN_CELL_CHARS)


def build_table(texts: SegmentTexts, table: int, segments: Sequence[int]) -> Table:
    """The table at node `table`, of which `segments` are kept; rows without any are left out.

    A cell that spans columns is followed by empty cells, so that columns stay in line.
    """
    segmentation = texts.segmentation
    cells: dict[int, list[LinkedText]] = {}
    captions: list[LinkedText] = []
    loose: dict[int, list[LinkedText]] = {}
    for index in segments:
        holder = _holder(segmentation, segmentation.segments[index].node, table)
        tag = segmentation.nodes[holder].tag
        if tag in _CELL_TAGS:
            cells.setdefault(holder, []).append(texts.of(index))
        elif tag == "caption":
            captions.append(texts.of(index))
        else:
            loose.setdefault(holder, []).append(texts.of(index))
    rows = [
        list(_padded(segmentation, row, cells))
        for row in _rows(segmentation, table)
        if any(cell in cells for cell in row)
    ]
    rows.extend([join_texts(" ", parts)] for parts in loose.values())
    return make_table(rows, join_texts(" ", captions) if captions else None)


def descendants(segmentation: Segmentation, node: int) -> Iterator[int]:
    """Indexes of the nodes under `node`, in order of opening."""
    nodes = segmentation.nodes
    depth = nodes[node].depth
    for index in range(node + 1, len(nodes)):
        if nodes[index].depth <= depth:
            return
        yield index


def _holder(segmentation: Segmentation, node: int, table: int) -> int:
    """The cell or caption around `node`, or the outermost node inside the table."""
    nodes = segmentation.nodes
    holder = node
    while node != table and node >= 0:
        if nodes[node].tag in _CELL_TAGS or nodes[node].tag == "caption":
            return node
        holder, node = node, nodes[node].parent
    return holder


def _rows(segmentation: Segmentation, table: int) -> list[list[int]]:
    rows: list[list[int]] = []
    for index in descendants(segmentation, table):
        tag = segmentation.nodes[index].tag
        if tag == "tr":
            rows.append([])
        elif tag in _CELL_TAGS:
            if not rows:
                rows.append([])
            rows[-1].append(index)
    return rows


def _padded(
    segmentation: Segmentation, row: list[int], cells: dict[int, list[LinkedText]]
) -> Iterator[LinkedText]:
    for cell in row:
        yield join_texts(" ", cells.get(cell, ()))
        span = segmentation.nodes[cell].element.get("colspan", "1").strip()
        if span.isdecimal() and len(span) < 4:
            yield from [LinkedText("")] * (min(int(span), _MAX_SPAN) - 1)
