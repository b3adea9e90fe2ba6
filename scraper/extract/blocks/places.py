"""Where a segment stands: the lists, quotes, tables and the like around it.

Every block-level node has a chain of steps, outermost first. Only list steps nest; quotes, code,
tables, headings and captions are leaves, whatever they hold is their text.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

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
_LIST_TAGS: Final = frozenset({"ul", "ol", "menu", "dir", "dl"})
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


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
class Places:
    """The chains of a page's nodes, each worked out once, when first asked for."""

    segmentation: Segmentation
    transparent: frozenset[int] = frozenset()
    _known: dict[int, Chain] = field(default_factory=dict)

    def chain(self, node: int) -> Chain:
        """The steps around and at `node`, outermost first."""
        nodes, known = self.segmentation.nodes, self._known
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
            return Kind.QUOTE
        if tag == "figcaption":
            return Kind.CAPTION
        if tag == "table":
            return Kind.TABLE if is_data_table(self.segmentation, index) else None
        if not node.marks or tag in {"body", "main", "article", "html"}:
            return None
        return _marked_kind(node.marks)


def _marked_kind(marks: str) -> Kind | None:
    if _QUOTE_MARKS.search(marks):
        return Kind.QUOTE
    if "heading" in marks and re.search(r"(?<![\w-])heading$", marks):
        return Kind.HEADING
    if _CAPTION_MARKS.search(marks):
        return Kind.CAPTION
    return None
