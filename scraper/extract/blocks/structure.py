"""Where a segment stands: the lists, quotes, tables and the like around it.

Every block-level node has a chain of steps, outermost first. Only list steps nest; quotes, code,
tables, headings and captions are leaves, whatever they hold is their text.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from scraper.extract.blocks.quotes import holds_quote
from scraper.extract.blocks.tables import is_data_table
from scraper.extract.segment import Node, Segmentation

_MAX_CHAIN: Final = 24  # twelve lists inside each other; deeper nesting is flattened

# Embedded posts and pull quotes by the class names that the embedding scripts and themes use.
_QUOTE_MARKS: Final = re.compile(
    r"(?<![a-z])(?:twitter-tweet|tweet-?(?:body|text|embed)|instagram-media|fb-post|tiktok-embed"
    r"|bluesky-embed|mastodon-embed|bsky-embed|truthsocial-embed|pull-?_?quote|block-?_?quote"
    r"|quote-?_?(?:text|body|block|content)|callout-quote)(?![a-z])"
)
_CAPTION_MARKS: Final = re.compile(
    r"(?<![a-z])(?:[a-z]*caption(?:-?text)?|legende|bildunterschrift|bildtext|image-?credit"
    r"|photo-?credit|img-?desc)(?![a-z])"
)
_HEADING_ROLE: Final = re.compile(r"(?<![\w-])heading$")
# A class name says quote or caption of larger parts too: sections, galleries, whole layouts.
_MAX_MARKED_QUOTE: Final = 12
_MAX_MARKED_CAPTION: Final = 4
_LEAST_WRAPPED: Final = 4  # segments an item
_WRAPPER_SHARE: Final = 0.7  # of the article
_LIST_TAGS: Final = frozenset({"ul", "ol", "menu", "dir", "dl"})
_INDENTED_TAGS: Final = _LIST_TAGS | {"pre", "table"}
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Of any other tag only the class names say what it is.
_TELLING_TAGS: Final = (
    _HEADING_TAGS | _INDENTED_TAGS | {"li", "dt", "dd", "blockquote", "figure", "figcaption"}
)


class Kind(Enum):
    """What a step of a chain is."""

    LIST = auto()
    ITEM = auto()
    QUOTE = auto()
    CODE = auto()
    TABLE = auto()
    HEADING = auto()
    CAPTION = auto()


_NESTING: Final = frozenset({Kind.LIST, Kind.ITEM})


@dataclass(frozen=True, slots=True)
class Step:
    """One structural element: what it is and its index in `Segmentation.nodes`."""

    kind: Kind
    node: int


Chain = tuple[Step, ...]


@dataclass(slots=True)
class Structure:
    """The chains of a page's nodes, each worked out once, when first asked for."""

    segmentation: Segmentation
    transparent: frozenset[int] = frozenset()
    _known: dict[int, Chain] = field(default_factory=dict)

    def chain(self, node: int) -> Chain:
        """The steps around and at `node`, outermost first."""
        known = self._known
        found = known.get(node)
        if found is not None:
            return found
        nodes = self.segmentation.nodes
        unknown = []
        while node >= 0 and node not in known:
            unknown.append(node)
            node = nodes[node].parent
        chain: Chain = known[node] if node >= 0 else ()
        for index in reversed(unknown):
            chain = self._extended(chain, index)
            known[index] = chain
        return chain

    def _extended(self, chain: Chain, index: int) -> Chain:
        last = chain[-1].kind if chain else None
        if (last is not None and last not in _NESTING) or index in self.transparent:
            return chain
        node = self.segmentation.nodes[index]
        if not node.marks and node.tag not in _TELLING_TAGS:
            return chain
        kind = self._kind(index, node, last)
        if kind is None or (len(chain) >= _MAX_CHAIN and kind in _NESTING):
            return chain
        if kind is Kind.ITEM and last is Kind.ITEM:
            return chain  # an item without a list of its own
        return (*chain, Step(kind, index))

    def _kind(self, index: int, node: Node, last: Kind | None) -> Kind | None:  # noqa: PLR0911 - one return a kind
        tag = node.tag
        if tag in _HEADING_TAGS:
            return Kind.HEADING
        if tag in _LIST_TAGS:
            return Kind.LIST
        if tag in {"li", "dt", "dd"}:
            return Kind.ITEM if last is Kind.LIST else None
        if tag == "pre":
            return Kind.CODE
        if tag == "blockquote":
            return None if self._indents(index) else Kind.QUOTE
        if tag == "figure" and holds_quote(self.segmentation, index):
            return Kind.QUOTE
        if tag == "figcaption":
            return Kind.CAPTION
        if tag == "table":
            return Kind.TABLE if is_data_table(self.segmentation, index) else None
        if not node.marks or tag in {"body", "main", "article", "html"}:
            return None
        return _marked_kind(node.marks, node.end - node.start)

    def _indents(self, index: int) -> bool:
        """Whether a block quote holds nothing but lists, code or tables: it indents them."""
        nodes, segments = self.segmentation.nodes, self.segmentation.segments
        node = nodes[index]
        if node.start == node.end:
            return False
        for position in range(node.start, node.end):
            inner = segments[position].node
            while inner > index and nodes[inner].tag not in _INDENTED_TAGS:
                inner = nodes[inner].parent
            if inner <= index:
                return False
        return True


def find_wrappers(segmentation: Segmentation, chosen: Sequence[int]) -> frozenset[int]:
    """Lists and quotes that hold most of the article: they lay it out and say nothing about it.

    A list counts when its items are long, as the entries of a live blog are.
    """
    if not chosen:
        return frozenset()
    wrappers = set()
    nodes = segmentation.nodes
    for index in segmentation.ancestors(segmentation.segments[chosen[len(chosen) // 2]].node):
        node = nodes[index]
        is_list = node.tag in _LIST_TAGS
        if not is_list and node.tag != "blockquote":
            continue
        inside = bisect_left(chosen, node.end) - bisect_left(chosen, node.start)
        items = sum(n.parent == index for n in nodes[index:]) if is_list else 1
        if inside >= _LEAST_WRAPPED * max(1, items) and inside > _WRAPPER_SHARE * len(chosen):
            wrappers.add(index)
            wrappers.update(i for i in range(index, len(nodes)) if nodes[i].parent == index)
    return frozenset(wrappers)


def names_quote(marks: str) -> bool:
    """Whether the class names of an element say that it is a quote or an embedded post."""
    return _kind_of_marks(marks) is Kind.QUOTE


def _marked_kind(marks: str, size: int) -> Kind | None:
    if size > _MAX_MARKED_QUOTE and "heading" not in marks:
        return None
    kind = _kind_of_marks(marks)
    if kind is Kind.QUOTE and size > _MAX_MARKED_QUOTE:
        return None
    return None if kind is Kind.CAPTION and size > _MAX_MARKED_CAPTION else kind


@lru_cache(maxsize=4096)  # a page repeats its class names, and a site those of its pages
def _kind_of_marks(marks: str) -> Kind | None:
    if _QUOTE_MARKS.search(marks):
        return Kind.QUOTE
    if "heading" in marks and _HEADING_ROLE.search(marks):
        return Kind.HEADING
    return Kind.CAPTION if _CAPTION_MARKS.search(marks) else None
