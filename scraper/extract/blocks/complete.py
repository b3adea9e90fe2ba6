"""Tables and lists of which a good part is kept are kept whole: half of one says nothing.

A net sees a cell or an item as a short line among short lines, like those of a menu.
"""

from collections.abc import Collection, Sequence
from typing import Final

from scraper.extract.blocks.tables import is_data_table
from scraper.extract.segment import Node, Segmentation

_LEAST_KEPT_SHARE: Final = {"table": 0.4, "ul": 0.2, "ol": 0.2}  # of the text
_MOST_LINKED_SHARE: Final = 0.5  # what is all links is a menu, of which words are kept by chance
_ITEM_TAGS: Final = frozenset({"li", "p"})


def complete_parts(
    segmentation: Segmentation, kept: Sequence[bool], barred: Collection[int] = ()
) -> list[bool]:
    """`kept`, with all of the tables of data and the plain lists that are kept for a good part.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> page = segment_tree(parse_html("<ul><li>mud in cellars<li>boats on roofs<li>eels</ul>"))
        >>> complete_parts(page, [True, True, False])
        [True, True, True]

    Args:
        segmentation: The page.
        kept: For each segment whether it is main content.
        barred: Segments that nothing brings back.
    """
    result = list(kept)
    for index, node in enumerate(segmentation.nodes):
        least = _LEAST_KEPT_SHARE.get(node.tag)
        if least is None or node.hidden or not any(result[node.start : node.end]):
            continue
        parts = range(node.start, node.end)
        if _is_torn(segmentation, parts, result, least) and _is_whole(segmentation, index, node):
            result[node.start : node.end] = [part not in barred for part in parts]
    return result


def _is_torn(segmentation: Segmentation, parts: range, kept: Sequence[bool], least: float) -> bool:
    segments = segmentation.segments
    size = sum(len(segments[part].text) for part in parts)
    had = sum(len(segments[part].text) for part in parts if kept[part])
    linked = sum(segments[part].link_chars for part in parts)
    return size * least <= had < size and linked < _MOST_LINKED_SHARE * size


def _is_whole(segmentation: Segmentation, index: int, node: Node) -> bool:
    """Whether a table or a list says one thing, and does not lay out several."""
    if node.tag == "table":
        return is_data_table(segmentation, index)
    nodes = [segment.node for segment in segmentation.segments[node.start : node.end]]
    is_plain = all(segmentation.nodes[number].tag in _ITEM_TAGS for number in nodes)
    return is_plain and len(set(nodes)) == len(nodes)
