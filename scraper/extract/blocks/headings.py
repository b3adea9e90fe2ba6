"""Headings: the marked ones, and bold lines and styled boxes that act as one."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from scraper.extract.blocks.structure import Kind, Structure
from scraper.extract.segment import Node, Segment, Segmentation
from scraper.linked_text import LinkedText

HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_HEADING_CHARS: Final = 120
_HEADING_MARKS: Final = re.compile(
    r"(?<![a-z])(?:sub-?_?head(?:ing|line|er)?|cross-?head|inter-?title|intertitre"
    r"|zwischen-?(?:titel|ueberschrift|title)|ladillo|mellanrubrik|mellomtittel|tussenkop"
    r"|mezzotitolo|section-?_?(?:title|heading)|chapter-?title|paragraph-?title)(?![a-z])"
)
_SENTENCE_END: Final = re.compile(r"[.,;:…。．،؛।][\"'”’»)]*$")
# What stands beside a heading to link or edit it, not to be read with it.
_ANCHOR: Final = re.compile(
    r"\s*(?:[¶#§🔗]|\[\s*(?:edit|edit source|hide|show|bearbeiten|quelltext|modifier"
    r"|editar|modifica|править|編集|编辑)[^\]]{0,40}\])$",
    re.I,
)
UNMARKED_LEVEL: Final = 2
_NEAR: Final = 3  # segments from a heading to what it is about: an advertisement may lie between


def heading_level(node: Node) -> int:
    """The level an <h1> … <h6> or an element with role=heading states; 2 where it states none."""
    if node.tag in HEADING_TAGS:
        return int(node.tag[1])
    level = (node.element.get("aria-level") or "").strip()
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


def heading_text(whole: LinkedText) -> LinkedText:
    """A heading's text without the sign that links to it or the word that edits it."""
    anchor = _ANCHOR.search(whole.text)
    return whole.cut(0, anchor.start()) if anchor and anchor.start() else whole


def acts_as_heading(node: Node, segment: Segment) -> bool:
    """Whether a segment outside any heading element looks like one to a reader."""
    text = segment.text
    if not 2 < len(text) <= _MAX_HEADING_CHARS or segment.link_chars > 0.5 * len(text):
        return False
    if node.marks and _HEADING_MARKS.search(node.marks):
        return True
    if segment.bold_chars < 0.9 * len(text) or _SENTENCE_END.search(text):
        return False
    return any(c.isalpha() for c in text)


def find_unmarked_headings(structure: Structure, chosen: Sequence[int]) -> frozenset[int]:
    """Chosen segments that act as headings in an article that marks none.

    Where some are marked, the others that look like one are emphasis more often than not.
    """
    segmentation = structure.segmentation
    segments, nodes = segmentation.segments, segmentation.nodes
    likely: list[bool] = []
    flow_size = 0
    for index in chosen:
        chain = structure.chain(segments[index].node)
        if chain and chain[-1].kind is Kind.HEADING and flow_size:
            return frozenset()
        flow_size += not chain
        likely.append(not chain and acts_as_heading(nodes[segments[index].node], segments[index]))
    found = [
        index
        for place, (index, following) in enumerate(pairwise(chosen))
        if likely[place] and not likely[place + 1] and following - index <= _NEAR
    ]
    return frozenset(found) if 3 * len(found) <= 2 * flow_size else frozenset()


def is_marked_heading(segmentation: Segmentation, index: int) -> bool:
    """Whether the segment stands in an <h1> … <h6>."""
    nodes = segmentation.nodes
    node = nodes[segmentation.segments[index].node]
    if node.tag in HEADING_TAGS:
        return True
    return node.parent >= 0 and nodes[node.parent].tag in HEADING_TAGS
