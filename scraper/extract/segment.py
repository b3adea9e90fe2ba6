"""One walk of the tree: the page's text as a sequence of segments, each with its place in the tree.

A segment is a run of text that a browser would lay out as one line-wrapped block: what lies between
two block boundaries. Classification labels segments; building blocks turns the kept ones into
headings, paragraphs, lists and so on. Nothing after this walks the whole tree again.
"""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from scraper.extract.dom import BLOCK_TAGS, SILENT_TAGS

_BOLD_TAGS: Final = frozenset({"b", "strong"})
_LINE_BREAK: Final = "\x0b"  # stands for <br> until a segment is closed; never survives it


@dataclass(slots=True)
class Node:
    """A block-level element of the page.

    Attributes:
        parent: Index of the nearest block-level ancestor in `Segmentation.nodes`; -1 for the root.
        tag: Lower-case element name.
        marks: `class`, `id` and `role` of the element, lower case, joined by spaces.
        hidden: Whether it or an ancestor is hidden from readers as the page loads.
        in_link: Whether the element itself lies inside a link.
    """

    element: etree._Element
    parent: int
    tag: str
    depth: int
    marks: str
    hidden: bool
    in_link: bool


@dataclass(slots=True)
class Segment:
    """A run of text between two block boundaries.

    Attributes:
        node: Index in `Segmentation.nodes` of the element that holds the text.
        text: White space collapsed, never empty; a single <br> counts as a space.
        raw: The text as written, for segments inside <pre>; None elsewhere.
        link_chars: Characters of `text` (roughly) that lie inside links.
        bold_chars: Characters that lie inside <b> or <strong>.
        links: How many links start in it.
        inline: The first inline element that starts in it; None when there is none.
    """

    node: int
    text: str
    raw: str | None
    link_chars: int
    bold_chars: int
    links: int
    inline: etree._Element | None


@dataclass(slots=True)
class Image:
    """An <img> (or the like) and its place: it comes before segment number `position`."""

    element: etree._Element
    node: int
    position: int


@dataclass(slots=True)
class Segmentation:
    """What the walk saw. Segments and images are in document order; `nodes` in order of opening."""

    root: etree._Element
    nodes: list[Node] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)

    def ancestors(self, node: int) -> list[int]:
        """Indexes of `node` and all block-level ancestors, innermost first."""
        path = []
        while node >= 0:
            path.append(node)
            node = self.nodes[node].parent
        return path


def segment_tree(root: etree._Element) -> Segmentation:
    """The segments, block-level nodes and images under `root`, in document order.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> [s.text for s in segment_tree(parse_html("<div>a<p>b <b>c</b></p>d</div>")).segments]
        ['a', 'b c', 'd']
    """
    walk = _Walk(root)
    walk.run()
    return walk.result


class _Walk:
    """The state of one walk: where it stands, and the text gathered since the last boundary."""

    def __init__(self, root: etree._Element) -> None:
        self.result = Segmentation(root)
        self.node = -1
        self.link_depth = self.bold_depth = self.pre_depth = 0
        self.parts: list[str] = []
        self.link_chars = self.bold_chars = self.links = 0
        self.inline: etree._Element | None = None

    def run(self) -> None:
        events = etree.iterwalk(self.result.root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if event == "start":
                if tag in SILENT_TAGS:
                    events.skip_subtree()
                elif tag in BLOCK_TAGS:
                    self._open_block(element, tag)
                else:
                    self._open_inline(element, tag)
            else:
                if tag in BLOCK_TAGS:
                    self._close_block(tag)
                elif tag == "a":
                    self.link_depth -= 1
                elif tag in _BOLD_TAGS:
                    self.bold_depth -= 1
                if element.tail:
                    self._add_text(element.tail)
        self._close_segment()

    def _open_block(self, element: etree._Element, tag: str) -> None:
        self._close_segment()
        nodes = self.result.nodes
        parent = nodes[self.node] if self.node >= 0 else None
        attributes = element.attrib
        marks = ""
        hidden = parent is not None and parent.hidden
        if attributes:
            get = attributes.get
            marks = f"{get('class', '')} {get('id', '')} {get('role', '')}".lower()
            hidden = hidden or _is_hidden(attributes)
        depth = parent.depth + 1 if parent is not None else 0
        nodes.append(Node(element, self.node, tag, depth, marks, hidden, self.link_depth > 0))
        self.node = len(nodes) - 1
        if tag == "pre":
            self.pre_depth += 1
        if element.text:
            self._add_text(element.text)

    def _close_block(self, tag: str) -> None:
        self._close_segment()
        if tag == "pre":
            self.pre_depth -= 1
        self.node = self.result.nodes[self.node].parent

    def _open_inline(self, element: etree._Element, tag: str) -> None:
        if tag == "br":
            self.parts.append(_LINE_BREAK)
            return
        if tag in {"img", "amp-img"}:
            images = self.result.images
            images.append(Image(element, self.node, len(self.result.segments)))
        elif tag == "a":
            self.link_depth += 1
            self.links += 1
        elif tag in _BOLD_TAGS:
            self.bold_depth += 1
        if self.inline is None:
            self.inline = element
        if element.text:
            self._add_text(element.text)

    def _add_text(self, text: str) -> None:
        self.parts.append(text)
        if self.link_depth:
            self.link_chars += len(text.strip())
        if self.bold_depth:
            self.bold_chars += len(text.strip())

    def _close_segment(self) -> None:
        if self.parts:
            joined = "".join(self.parts)
            self.parts.clear()
            if self.node >= 0 and not joined.isspace():
                self._append(joined)
        self.link_chars = self.bold_chars = self.links = 0
        self.inline = None

    def _append(self, joined: str) -> None:
        if self.pre_depth:
            raw = joined.replace(_LINE_BREAK, "\n")
            pieces, raws = [" ".join(raw.split())], [raw]
        else:
            pieces = _split_at_double_breaks(joined)
            raws = [""] * len(pieces)
        total = sum(map(len, pieces)) or 1
        for piece, raw in zip(pieces, raws, strict=True):
            share = len(piece) / total
            self.result.segments.append(
                Segment(
                    self.node,
                    piece,
                    raw or None,
                    min(len(piece), round(self.link_chars * share)),
                    min(len(piece), round(self.bold_chars * share)),
                    self.links if len(pieces) == 1 else round(self.links * share),
                    self.inline,
                )
            )


def _split_at_double_breaks(joined: str) -> list[str]:
    """Two <br> in a row are how pages without <p> part their paragraphs."""
    if _LINE_BREAK not in joined:
        return [" ".join(joined.split())]
    lines = [" ".join(line.split()) for line in joined.split(_LINE_BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def _is_hidden(attributes: "etree._Attrib") -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if not style:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style
