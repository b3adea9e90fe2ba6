"""The flow of an article's paragraphs, and what stands between two of them.

A net judges each piece of text by its looks, and a list, a quote or a term looks like a menu's line
where the language is one it hardly knows. Where a piece stands is the better witness: what lies
between two kept paragraphs of one parent belongs to the text, unless it is a box of the site's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scraper.extract.segment import Node, Segmentation
from scraper.extract.words import count_words

_LEAST_WORDS: Final = 8  # of a paragraph that shows where the text runs
_SURELY_ENOUGH_CHARS: Final = 100  # of so many words in any script; counting takes time
_MOST_LINKED_SHARE: Final = 0.5  # of it; more is the title of another text
_PARAGRAPHS: Final = frozenset({"p", "div", "section"})
_MOST_PIECES: Final = 2  # of a paragraph with a wrapper of its own: its text, and a mark beside it
_MOST_WRAPPERS: Final = 4  # around one paragraph
_MOST_BETWEEN: Final = 150  # segments: a long table; what is longer is no insertion
_MOST_LOOKED_AT: Final = 8  # elements in a wrapper of one paragraph
_DEEPEST: Final = 16  # levels from a segment up to what stands beside the paragraphs


@dataclass(frozen=True, slots=True)
class Insertion:
    """What stands between two kept paragraphs as their sibling.

    Attributes:
        node: The element, an index in `Segmentation.nodes`; None for text that lies bare in the
            paragraphs' parent.
        start: Its first segment.
        end: One past its last.
    """

    node: int | None
    start: int
    end: int


def find_insertions(
    segmentation: Segmentation, kept: Sequence[bool]
) -> Iterator[tuple[Insertion, ...]]:
    """For each two kept paragraphs in a row what stands between them, in order; never nothing.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> rain = "<p>It has rained all night in the hills above the town."
        >>> page = segment_tree(parse_html(f"{rain}<ul><li>mud<li>eels</ul>{rain}"))
        >>> [(insertion.start, insertion.end) for (insertion,) in find_insertions(page, [True] * 4)]
        [(1, 3)]
    """
    for parent, paragraphs in _find_paragraphs(segmentation, kept).items():
        for (_, start), (end, _) in pairwise(paragraphs):
            if 0 < end - start <= _MOST_BETWEEN:
                found = tuple(_part(segmentation, parent, start, end))
                if found:
                    yield found


def _find_paragraphs(
    segmentation: Segmentation, kept: Sequence[bool]
) -> dict[int, list[tuple[int, int]]]:
    """The kept paragraphs under each node, as first and one-past-last segment.

    A paragraph is one of its parent, and of every element around it that only wraps it.
    """
    nodes = segmentation.nodes
    found: dict[int, list[tuple[int, int]]] = {}
    for index, segment in enumerate(segmentation.segments):
        if not kept[index] or segment.link_chars > _MOST_LINKED_SHARE * len(segment.text):
            continue
        if len(segment.text) < _SURELY_ENOUGH_CHARS and count_words(segment.text) < _LEAST_WORDS:
            continue
        number = segment.node
        if nodes[number].end - nodes[number].start > _MOST_PIECES:
            found.setdefault(number, []).append((index, index + 1))
            continue
        for _ in range(_MOST_WRAPPERS):
            node = nodes[number]
            is_one = node.tag in _PARAGRAPHS and node.end - node.start <= _MOST_PIECES
            if not is_one or node.parent < 0 or _holds_form(nodes, number):
                break
            paragraphs = found.setdefault(node.parent, [])
            if not paragraphs or paragraphs[-1][1] <= node.start:
                paragraphs.append((node.start, node.end))
            number = node.parent
    return {parent: paragraphs for parent, paragraphs in found.items() if len(paragraphs) > 1}


def _holds_form(nodes: Sequence[Node], number: int) -> bool:
    """Whether there is a form among the few elements of a paragraph's wrapper."""
    for inner in nodes[number + 1 : number + 1 + _MOST_LOOKED_AT]:
        if inner.depth <= nodes[number].depth:
            return False
        if inner.tag == "form":
            return True
    return False


def _part(segmentation: Segmentation, parent: int, start: int, end: int) -> Iterator[Insertion]:
    """The children of `parent`, and its bare texts, between two of its segments."""
    nodes = segmentation.nodes
    index = start
    while index < end:
        node = segmentation.segments[index].node
        if node == parent:
            yield Insertion(None, index, index + 1)
            index += 1
            continue
        for _ in range(_DEEPEST):
            if nodes[node].parent <= parent:
                break
            node = nodes[node].parent
        if nodes[node].parent == parent:
            yield Insertion(node, index, nodes[node].end)
        index = max(index + 1, nodes[node].end)
