"""One walk of the tree: the page's text as a sequence of segments, each with its place in the tree.

A segment is a run of text that a browser would lay out as one line-wrapped block: what lies between
two block boundaries. Classification labels segments; building blocks turns the kept ones into
headings, paragraphs, lists and so on. Nothing after this walks the whole tree again.
"""

from dataclasses import dataclass, field
from itertools import chain
from typing import Final, cast

from lxml import etree

from scraper.extract.dom import BLOCK_TAGS, SILENT_TAGS

_INLINE, _BLOCK, _SILENT, _LINK, _BOLD, _BREAK, _IMAGE = range(7)
_ROLES: Final[dict[str, int]] = {
    **dict.fromkeys(BLOCK_TAGS, _BLOCK),
    **dict.fromkeys(SILENT_TAGS, _SILENT),
    **dict.fromkeys(("img", "amp-img"), _IMAGE),
    **dict.fromkeys(("b", "strong"), _BOLD),
    "a": _LINK,
    "br": _BREAK,
}
_LINE_BREAK: Final = "\x0b"  # stands for <br> until a segment is closed; never survives it

# Attributes whose words say what an element is for. Sites with generated class names still name
# their parts in the attributes that tests, analytics and screen readers go by.
_MARK_ATTRIBUTES: Final = frozenset(
    "class id role itemprop aria-label data-testid data-test data-component data-component-name "
    "data-qa data-type data-module data-block".split()
)
_HIDING_ATTRIBUTES: Final = frozenset({"style", "hidden", "aria-hidden"})


@dataclass(slots=True)
class Node:
    """A block-level element of the page.

    Attributes:
        parent: Index of the nearest block-level ancestor in `Segmentation.nodes`; -1 for the root.
        tag: Lower-case element name.
        marks: The values of `class`, `id`, `role`, `itemprop` and the like, lower case, joined by
            spaces.
        hidden: Whether it or an ancestor is hidden from readers as the page loads.
        in_link: Whether the element itself lies inside a link.
        start: Index in `Segmentation.segments` of the first segment under it.
        end: Index after the last segment under it; `start` when there is none.
    """

    element: etree._Element
    parent: int
    tag: str
    depth: int
    marks: str
    hidden: bool
    in_link: bool
    start: int = 0
    end: int = 0


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


@dataclass(slots=True)
class _Run:
    """The text gathered since the last block boundary."""

    segments: list[Segment]
    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    bold_chars: int = 0
    links: int = 0
    pre_depth: int = 0
    inline: etree._Element | None = None

    def close(self, node: int) -> None:
        """Turn what was gathered into segments of `node`, and start anew."""
        joined = "".join(self.parts)
        self.parts.clear()
        if node >= 0 and joined and not joined.isspace():
            self._append(node, joined)
        self.link_chars = self.bold_chars = self.links = 0
        self.inline = None

    def _append(self, node: int, joined: str) -> None:
        raw = None
        if self.pre_depth:
            raw = joined.replace(_LINE_BREAK, "\n")
            joined = raw
        if _LINE_BREAK not in joined:
            text = " ".join(joined.split())
            size = len(text)
            link_chars, bold_chars = min(size, self.link_chars), min(size, self.bold_chars)
            self.segments.append(
                Segment(node, text, raw, link_chars, bold_chars, self.links, self.inline)
            )
            return
        pieces = _split_at_double_breaks(joined)
        total = sum(map(len, pieces)) or 1
        for text in pieces:
            share = len(text) / total
            link_chars = min(len(text), round(self.link_chars * share))
            bold_chars = min(len(text), round(self.bold_chars * share))
            links = self.links if len(pieces) == 1 else round(self.links * share)
            self.segments.append(
                Segment(node, text, None, link_chars, bold_chars, links, self.inline)
            )


def segment_tree(root: etree._Element) -> Segmentation:  # noqa: C901, PLR0912, PLR0915 - one hot loop
    """The segments, block-level nodes and images under `root`, in document order.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> [s.text for s in segment_tree(parse_html("<div>a<p>b <b>c</b></p>d</div>")).segments]
        ['a', 'b c', 'd']
    """
    # One loop with its state in local names, because it runs for every element of every page.
    # `iter` says where elements start; where they end follows from the next one's parent. That is
    # one step an element where start and end events would be two, and a call for each.
    result = Segmentation(root)
    nodes, images, segments, roles = result.nodes, result.images, result.segments, _ROLES
    run = _Run(segments)
    parts = run.parts
    opened: list[tuple[etree._Element | None, int]] = [(None, _INLINE)]  # the path from the root
    node = -1
    links = bold = 0  # how many links and bold elements are open
    for element in chain(root.iter("*"), (None,)):
        parent = None if element is None or element is root else element.getparent()
        while opened[-1][0] is not parent:
            closed, role = opened.pop()
            if role == _BLOCK:
                if parts or run.inline is not None:
                    run.close(node)
                done = nodes[node]
                done.end = len(segments)
                node = done.parent
                if done.tag == "pre":
                    run.pre_depth -= 1
            elif role == _LINK:
                links -= 1
            elif role == _BOLD:
                bold -= 1
            elif role == _SILENT and opened[-1][1] == _SILENT:
                continue
            text = closed.tail  # type: ignore[union-attr]  # only the stack's bottom is None
            if text:
                parts.append(text)
                if links:
                    run.link_chars += len(text.strip())
                if bold:
                    run.bold_chars += len(text.strip())
        if element is None:
            break
        tag = element.tag
        role = roles.get(tag, _INLINE) if opened[-1][1] != _SILENT else _SILENT
        opened.append((element, role))
        if role == _SILENT:
            continue
        if role == _BLOCK:
            if parts or run.inline is not None:
                run.close(node)
            up = nodes[node] if node >= 0 else None
            marks, hidden = _read_attributes(element)
            nodes.append(
                Node(
                    element,
                    node,
                    tag,
                    up.depth + 1 if up is not None else 0,
                    marks,
                    hidden or (up is not None and up.hidden),
                    links > 0,
                    len(segments),
                )
            )
            node = len(nodes) - 1
            if tag == "pre":
                run.pre_depth += 1
        elif role == _BREAK:
            parts.append(_LINE_BREAK)
            continue
        else:
            if role == _LINK:
                links += 1
                run.links += 1
            elif role == _BOLD:
                bold += 1
            elif role == _IMAGE:
                images.append(Image(element, node, len(segments)))
            if run.inline is None:
                run.inline = element
        text = element.text
        if text:
            parts.append(text)
            if links:
                run.link_chars += len(text.strip())
            if bold:
                run.bold_chars += len(text.strip())
    return result


def _split_at_double_breaks(joined: str) -> list[str]:
    """Two <br> in a row are how pages without <p> part their paragraphs."""
    lines = [" ".join(line.split()) for line in joined.split(_LINE_BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def _read_attributes(element: etree._Element) -> tuple[str, bool]:
    """The marks of an element, and whether it is itself hidden."""
    marks = ""
    hidden = False
    for name, value in cast("list[tuple[str, str]]", element.items()):
        if name in _MARK_ATTRIBUTES:
            marks = f"{marks} {value}" if marks else value
        elif name in _HIDING_ATTRIBUTES:
            hidden = hidden or name == "hidden" or _hides(name, value)
    return marks.lower(), hidden


def _hides(name: str, value: str) -> bool:
    if name == "aria-hidden":
        return value == "true"
    value = value.replace(" ", "").lower()
    return "display:none" in value or "visibility:hidden" in value
