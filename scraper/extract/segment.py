"""One walk of the tree: the page's text as a sequence of segments, each with its place in the tree.

A segment is a run of text that a browser would lay out as one line-wrapped block: what lies between
two block boundaries. Classification labels segments; building blocks turns the kept ones into
headings, paragraphs, lists and so on. Nothing after this walks the whole tree again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final, cast

from lxml import etree

from scraper.extract.dom import BLOCK_TAGS, SILENT_TAGS

_INLINE, _BLOCK, _SILENT, _LINK, _BOLD, _BREAK, _IMAGE, _SPAN = range(8)
_ROLES: Final[dict[str, int]] = {
    **dict.fromkeys(BLOCK_TAGS, _BLOCK),
    **dict.fromkeys(SILENT_TAGS, _SILENT),
    **dict.fromkeys(("img", "amp-img"), _IMAGE),
    **dict.fromkeys(("b", "strong"), _BOLD),
    "a": _LINK,
    "br": _BREAK,
    "span": _SPAN,
}
_ROLES_WITHOUT_SCRIPTS: Final = {**_ROLES, "noscript": _BLOCK}
_LINE_BREAK: Final = "\x0b"  # stands for <br> until a segment is closed; never survives it

# Attributes whose words say what an element is for. Sites with generated class names still name
# their parts in the attributes that tests, analytics and screen readers go by.
_MARK_ATTRIBUTES: Final = frozenset(
    "class id role itemprop aria-label data-testid data-test data-component data-component-name "
    "data-qa data-type data-module data-block".split()
)
_FORMULA_CLASSES: Final = frozenset({"latex", "tex", "math"})  # WordPress.com, Moodle, MediaWiki
# Words for those who hear a page ("opens in a new tab"): nobody sees them in the line.
_HEARD_ONLY: Final = re.compile(
    r"(?<!\S)(?:sr-only|screen-?reader(?:-?(?:text|only))?|(?:u-)?visually-?hidden|a11y-hidden"
    r"|assistive-text)(?!\S)(?!.*(?<!focus:)not-sr-only)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_UNSEEN_CHARS: Final = 100  # what is hidden and longer may be the rest of a text, folded away
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


LinkEdge = tuple[etree._Element, int] | int
"""Where a link opens, the <a> and how many pieces of text come before, or where one closes."""

Run = tuple[list[str], list[LinkEdge]]
"""The pieces of text between two block boundaries, as written, and where links open and close."""


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
        lines: What its <br> part it into; None for a segment without any.
        run: What it was made of, where that lies partly in links. None where nothing does, and
            where all of it lies in one: that which starts in it as `inline`, or one around it.
        start: Characters before it where the run was split in several segments.
    """

    node: int
    text: str
    raw: str | None
    link_chars: int
    bold_chars: int
    links: int
    inline: etree._Element | None
    lines: tuple[str, ...] | None = None
    run: Run | None = None
    start: int = 0


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


def segment_page(root: etree._Element) -> Segmentation:
    """`segment_tree`, reading <noscript> as well where the page shows nearly everything there.

    Forums and shops that draw their pages by script put the whole text into <noscript> for
    crawlers; elsewhere it holds tracking images and requests to turn scripts on.
    """
    result = segment_tree(root)
    size = sum(len(segment.text) for segment in result.segments)
    silent = 0
    for element in root.iter("noscript"):
        text = "".join(cast("Iterator[str]", element.itertext()))
        silent += len(" ".join(text.split()))
    if silent > max(size, 500):
        return segment_tree(root, roles=_ROLES_WITHOUT_SCRIPTS)
    return result


def segment_tree(  # noqa: C901, PLR0912, PLR0915 - one hot loop
    root: etree._Element, *, roles: dict[str, int] | None = None
) -> Segmentation:
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
    nodes, images, segments = result.nodes, result.images, result.segments
    role_of = (roles or _ROLES).get
    # What was seen since the last boundary: its text without white space before it, and so on.
    parts: list[str] = []
    edges: list[LinkEdge] = []
    inline: etree._Element | None = None
    link_chars = bold_chars = links_here = 0
    opened: list[etree._Element | None] = [None]  # the path from the root
    opened_roles = [_INLINE]
    node = -1
    links = bold = pre = 0  # how many elements of these kinds are open
    for element in chain(root.iter("*"), (None,)):
        parent = None if element is None or element is root else element.getparent()
        while opened[-1] is not parent:
            closed, role = opened.pop(), opened_roles.pop()
            if role == _BLOCK:
                if parts or inline is not None:
                    if parts:
                        seen = link_chars, bold_chars, links_here, inline
                        _close(segments, node, (parts, edges), seen, pre > 0)
                        parts = []
                    inline = None
                    edges = []
                    link_chars = bold_chars = links_here = 0
                done = nodes[node]
                done.end = len(segments)
                node = done.parent
                if done.tag == "pre":
                    pre -= 1
            elif role == _LINK:
                links -= 1
                edges.append(len(parts))
            elif role == _BOLD:
                bold -= 1
            elif role == _SILENT and opened_roles[-1] == _SILENT:
                continue
            text = closed.tail  # type: ignore[union-attr]  # only the stack's bottom is None
            if text and (parts or pre or not text.isspace()):
                parts.append(text)
                if links:
                    link_chars += len(text.strip())
                if bold:
                    bold_chars += len(text.strip())
        if element is None:
            break
        tag = element.tag
        role = role_of(tag, _INLINE) if opened_roles[-1] != _SILENT else _SILENT
        if role == _SPAN and _is_unseen(element):
            role = _SILENT
        opened.append(element)
        opened_roles.append(role)
        if role == _BLOCK:
            if parts or inline is not None:
                if parts:
                    seen = link_chars, bold_chars, links_here, inline
                    _close(segments, node, (parts, edges), seen, pre > 0)
                    parts = []
                inline = None
                edges = []
                link_chars = bold_chars = links_here = 0
            marks, hidden = _read_attributes(element)
            depth = 0
            if node >= 0:
                depth = nodes[node].depth + 1
                hidden = hidden or nodes[node].hidden
            nodes.append(Node(element, node, tag, depth, marks, hidden, links > 0, len(segments)))
            node = len(nodes) - 1
            if tag == "pre":
                pre += 1
        elif role == _SILENT:
            continue
        elif role == _BREAK:
            parts.append(_LINE_BREAK)
            continue
        else:
            if role == _LINK:
                if links:
                    edges.append(len(parts))  # a link ends one that it lies in, as in a browser
                links += 1
                links_here += 1
                edges.append((element, len(parts)))
            elif role == _BOLD:
                bold += 1
            elif role == _IMAGE:
                formula = _formula(element)
                if formula:
                    parts.append(formula)
                    if links:
                        link_chars += len(formula)
                    continue
                images.append(Image(element, node, len(segments)))
            if inline is None:
                inline = element
        text = element.text
        if text and (parts or pre or not text.isspace()):
            parts.append(text)
            if links:
                link_chars += len(text.strip())
            if bold:
                bold_chars += len(text.strip())
    return result


_Seen = tuple[int, int, int, etree._Element | None]
"""Characters in links and in bold, how many links start, and the first inline element of a run."""


def _close(segments: list[Segment], node: int, run: Run, seen: _Seen, preformatted: bool) -> None:
    """Turn what was gathered since the last boundary into segments of `node`."""
    parts, edges = run
    joined = parts[0] if len(parts) == 1 else "".join(parts)
    if node < 0 or not joined or joined.isspace():
        return
    link_chars, bold_chars, links, inline = seen
    raw = None
    if preformatted:
        raw = joined = joined.replace(_LINE_BREAK, "\n")
    if _LINE_BREAK not in joined:
        # What can be printed has no white space but spaces: most of a page's text needs no repair.
        is_tidy = joined.isprintable() and "  " not in joined
        if is_tidy and joined[0] != " " and joined[-1] != " ":
            text = joined
        else:
            text = " ".join(joined.split())
        size = len(text)
        link_chars = link_chars if link_chars < size else size
        bold_chars = bold_chars if bold_chars < size else size
        linked = run if link_chars and edges and not _is_one_link(run, inline) else None
        segments.append(
            Segment(node, text, raw, link_chars, bold_chars, links, inline, None, linked)
        )
        return
    pieces = _split_at_double_breaks(joined)
    total = sum(len(line) for lines in pieces for line in lines) or 1
    start = 0
    for lines in pieces:
        text = " ".join(lines)
        share = len(text) / total
        segments.append(
            Segment(
                node,
                text,
                None,
                min(len(text), round(link_chars * share)),
                min(len(text), round(bold_chars * share)),
                links if len(pieces) == 1 else round(links * share),
                inline,
                tuple(lines) if len(lines) > 1 else None,
                run if link_chars else None,
                start,
            )
        )
        start += len(text) + 1


def _is_one_link(run: Run, inline: etree._Element | None) -> bool:
    """Whether all the text lies in `inline`, a link, as in menus and lists of teasers."""
    parts, edges = run
    if len(edges) != 2 or edges[0] != (inline, 0) or not isinstance(edges[1], int):
        return False
    after = len(parts) - edges[1]
    return after == 0 or (after == 1 and parts[-1].isspace())


def _split_at_double_breaks(joined: str) -> list[list[str]]:
    """Two <br> in a row are how pages without <p> part their paragraphs."""
    lines = [" ".join(line.split()) for line in joined.split(_LINE_BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


def _formula(image: etree._Element) -> str | None:
    """The TeX of a formula that is shown as a picture; None for any other picture."""
    if image.get("class") not in _FORMULA_CLASSES:
        return None
    source = (image.get("alt") or "").strip()
    return f"${source}$" if source else None


def _is_unseen(span: etree._Element) -> bool:
    """Whether a few words in a line are hidden from readers, or there for screen readers alone."""
    classes, style = span.get("class"), span.get("style")
    if classes and _is_heard_only(classes):
        return True
    if span.get("hidden") is None and not (style and _hides("style", style)):
        return False
    return sum(map(len, cast("Iterator[str]", span.itertext()))) <= _MOST_UNSEEN_CHARS


@lru_cache(maxsize=4_096)  # a page has some hundred spans of a few dozen classes
def _is_heard_only(classes: str) -> bool:
    return _HEARD_ONLY.search(classes) is not None


def _read_attributes(element: etree._Element) -> tuple[str, bool]:
    """The marks of an element, and whether it is itself hidden."""
    names = element.keys()
    if not names:
        return "", False
    marks = ""
    hidden = False
    # Names first: values can be whole programs, and reading one costs more than all of the rest.
    for name in names:
        if name in _MARK_ATTRIBUTES:
            value = element.get(name)
            if value:
                marks = f"{marks} {value}" if marks else value
        elif name in _HIDING_ATTRIBUTES and not hidden:
            hidden = name == "hidden" or _hides(name, element.get(name) or "")
    return marks.lower(), hidden


def _hides(name: str, value: str) -> bool:
    if name == "aria-hidden":
        return value == "true"
    value = value.replace(" ", "").lower()
    return "display:none" in value or "visibility:hidden" in value
