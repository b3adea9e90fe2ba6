"""Whether what stands between two paragraphs is part of the text or a box of the site's."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Final, Literal

from scraper.extract.between.box_signs import asks_for_address, is_box_tag, names_box
from scraper.extract.between.flow import Insertion
from scraper.extract.between.link_lists import (
    are_repeated,
    are_share_buttons,
    are_stories,
    find_links,
)
from scraper.extract.blocks.headings import HEADING_TAGS
from scraper.extract.blocks.structure import names_quote
from scraper.extract.blocks.tables import is_data_table
from scraper.extract.segment import Node, Segmentation
from scraper.extract.words import count_words

Verdict = Literal["text", "box", "unsure"]

_LISTS: Final = frozenset({"ul", "ol", "dl", "menu", "dir"})
_WRAPPERS: Final = frozenset({"div", "section", "figure", "center"})
_MOST_NODES: Final = 600  # of an insertion: a table of 150 cells has half as many
_MOST_LINKED_SHARE: Final = 0.5
_MOST_BOX_SEGMENTS: Final = 8  # of a box with a field for a mail address
_MOST_BESIDE_QUOTE: Final = 2  # segments in its box: who said it, and where
_LEAST_WORDS: Final = 8  # of a paragraph that is not marked as one: a shorter one is a label
_SAMPLE_CHARS: Final = 60  # of a quote, which say whether the page holds it twice
_MOST_LOOKED_UP: Final = 200  # quotes: each is looked for in the whole page
_COLONS: Final = (":", "：")


class Judge:
    """Judges the insertions of one page.

    Args:
        segmentation: The page.
        barred: Segments dropped for a reason of their own, such as labels of advertisements.
    """

    def __init__(self, segmentation: Segmentation, barred: Collection[int]) -> None:
        self._segmentation = segmentation
        self._barred = barred
        self._looked_up = 0

    def judge(self, insertion: Insertion) -> Verdict:
        """What an insertion is, by its labels, its class names, its links and its shape."""
        parts = range(insertion.start, insertion.end)
        if any(part in self._barred for part in parts):
            return "unsure"
        if insertion.node is None:
            return self._judge_bare(insertion.start)
        nodes = self._nodes(insertion.node)
        if not nodes or nodes[0].hidden:
            return "unsure"
        if len(parts) <= _MOST_BOX_SEGMENTS and asks_for_address(nodes[0].element):
            return "box"
        quote = next((node for node in nodes if _quotes(node)), None)
        if quote is not None:
            return self._judge_quote(nodes, quote, parts)
        return self._judge_element(insertion, nodes)

    def _judge_element(self, insertion: Insertion, nodes: Sequence[Node]) -> Verdict:
        """A list, a table or a paragraph, perhaps in wrappers that hold nothing else."""
        parts = range(insertion.start, insertion.end)
        place = next((n for n, node in enumerate(nodes) if node.tag not in _WRAPPERS), None)
        if place is None:
            return "unsure"
        inner = nodes[place]
        if self._linked_share(parts) > _MOST_LINKED_SHARE:
            if any(node.tag in _LISTS for node in nodes):
                return self._judge_links(parts, nodes, is_bare=inner.tag in _LISTS)
            return "unsure"
        if (inner.start, inner.end) != (parts.start, parts.stop) or _is_box(nodes):
            return "unsure"
        return "text" if self._is_whole(insertion, nodes, place) else "unsure"

    def _is_whole(self, insertion: Insertion, nodes: Sequence[Node], place: int) -> bool:
        """Whether the element at `place` says one thing, and does not lay out several."""
        tag = nodes[place].tag
        if tag == "p":
            return self._is_paragraph(insertion, nodes)
        if tag == "table":
            return is_data_table(self._segmentation, (insertion.node or 0) + place)
        is_part = tag in _LISTS or tag == "pre"
        return is_part and not any(node.tag in HEADING_TAGS for node in nodes)

    def _judge_bare(self, part: int) -> Verdict:
        """Words that lie in no element of their own: those of a label are few."""
        is_linked = self._linked_share(range(part, part + 1)) > _MOST_LINKED_SHARE
        text = self._segmentation.segments[part].text
        return "text" if not is_linked and count_words(text) >= _LEAST_WORDS else "unsure"

    def _is_paragraph(self, insertion: Insertion, nodes: Sequence[Node]) -> bool:
        """Whether words stand alone, and are not said about a picture in the same box."""
        text = self._segmentation.segments[insertion.start].text
        is_one = insertion.end == insertion.start + 1 and any(map(str.isalnum, text))
        if not is_one or any(node.tag == "figcaption" for node in nodes):
            return False
        images, top = self._segmentation.images, insertion.node or 0
        first = bisect_left(images, insertion.start, key=attrgetter("position"))
        last = bisect_right(images, insertion.end, key=attrgetter("position"))
        holders = range(top, top + len(nodes))
        return nodes[0].tag == "p" or all(i.node not in holders for i in images[first:last])

    def _judge_quote(self, nodes: Sequence[Node], quote: Node, parts: range) -> Verdict:
        """A quote or an embedded post; what else lies in its box must be hardly more than a name.

        A post that is all links says that scripts bring what it is.
        """
        inside = range(quote.start, quote.end)
        outside = [node for node in nodes if node.start < quote.start or node.end > quote.end]
        around = [node for node in nodes if node.depth < quote.depth and node.tag != "aside"]
        is_text = (
            inside
            and self._linked_share(inside) <= _MOST_LINKED_SHARE
            and len(parts) - len(inside) <= _MOST_BESIDE_QUOTE
            and not any(node.tag in {"form", "nav"} for node in nodes)
            and not self._says_again(inside)
        )
        return "text" if is_text and not _is_box([*outside, *around]) else "unsure"

    def _judge_links(self, parts: range, nodes: Sequence[Node], *, is_bare: bool) -> Verdict:
        """A list of links is text where nothing stands above it in a box of its own."""
        segments = self._segmentation.segments
        texts = [segment.text for segment in segments[parts.start : parts.stop]]
        addresses = find_links(nodes[0].element)
        if are_share_buttons(addresses) or are_repeated(self._page_texts, texts):
            return "unsure"
        leads_on, is_named = are_stories(addresses, texts), _is_box(nodes)
        if not is_bare or is_named:
            return "box" if is_named or leads_on else "unsure"
        is_introduced = segments[parts.start - 1].text.endswith(_COLONS)
        return "unsure" if leads_on and not is_introduced else "text"

    def _linked_share(self, parts: range) -> float:
        segments, nodes = self._segmentation.segments, self._segmentation.nodes
        size = linked = 0
        for part in parts:
            segment = segments[part]
            size += len(segment.text)
            linked += len(segment.text) if nodes[segment.node].in_link else segment.link_chars
        return linked / max(1, size)

    def _nodes(self, top: int) -> list[Node]:
        """The node and those under it; none at all of too large an insertion."""
        nodes = self._segmentation.nodes
        end = top + 1
        while end < len(nodes) and nodes[end].depth > nodes[top].depth:
            end += 1
            if end - top > _MOST_NODES:
                return []
        return nodes[top:end]

    def _says_again(self, parts: range) -> bool:
        """Whether a quote is of this page: a pull quote, or an answer to what stands above it."""
        self._looked_up += 1
        if self._looked_up > _MOST_LOOKED_UP:
            return True
        texts = [segment.text for segment in self._segmentation.segments[parts.start : parts.stop]]
        return self._page_text.count(max(texts, key=len)[:_SAMPLE_CHARS]) > 1

    @cached_property
    def _page_text(self) -> str:
        return "\n".join([segment.text for segment in self._segmentation.segments])

    @cached_property
    def _page_texts(self) -> Counter[str]:
        return Counter(segment.text for segment in self._segmentation.segments)


def _is_box(nodes: Iterable[Node]) -> bool:
    return any(is_box_tag(node.tag) or (node.marks and names_box(node.marks)) for node in nodes)


def _quotes(node: Node) -> bool:
    return node.tag == "blockquote" or (bool(node.marks) and names_quote(node.marks))
