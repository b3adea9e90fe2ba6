"""Headings: the marked ones, and bold lines and styled boxes that act as one."""

import re
from collections.abc import Sequence
from typing import Final

from scraper.extract.segment import Node, Segment, Segmentation

_MAX_HEADING_CHARS: Final = 140
_HEADING_MARKS: Final = re.compile(
    r"(?<![a-z])(?:sub-?_?head(?:ing|line|er)?|sub-?_?title|cross-?head|inter-?title|intertitre"
    r"|zwischen-?(?:titel|ueberschrift|title)|ladillo|mellanrubrik|mellomtittel|tussenkop"
    r"|mezzotitolo|section-?_?(?:title|heading|header)|chapter-?title|paragraph-?title)(?![a-z])"
)
_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END: Final = re.compile(r"[.,;:…。．،][\"'”’»)]*$")


def heading_level(node: Node) -> int:
    """The level an <h1> … <h6> or an element with role=heading states; 2 where it states none."""
    if len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdecimal():
        return int(node.tag[1])
    level = (node.element.get("aria-level") or "").strip()
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


def acts_as_heading(segmentation: Segmentation, segment: Segment) -> bool:
    """Whether a segment outside any heading element looks like one to a reader."""
    text = segment.text
    if not 2 < len(text) <= _MAX_HEADING_CHARS or segment.link_chars > 0.5 * len(text):
        return False
    node = segmentation.nodes[segment.node]
    if _HEADING_MARKS.search(node.marks):
        return True
    if segment.bold_chars < 0.9 * len(text.replace(" ", "")):
        return False
    return not _SENTENCE_END.search(text) and any(c.isalpha() for c in text)


def choose_segments(
    segmentation: Segmentation, kept: Sequence[bool], title: str | None
) -> list[int]:
    """The kept segments, headings put right by what follows them, the headline left out."""
    segments, nodes = segmentation.segments, segmentation.nodes
    chosen = [index for index, keep in enumerate(kept) if keep]
    if not chosen:
        return []
    chosen = [i for i in chosen if not _is_headline(segmentation, i, title)]
    if not chosen:
        return []
    result: list[int] = []
    previous = -1
    last_text = max((i for i in chosen if not is_marked_heading(segmentation, i)), default=-1)
    for index in chosen:
        for lost in range(index - 1, max(previous, index - 3), -1):
            if not is_marked_heading(segmentation, lost):
                break
            segment = segments[lost]
            if previous < 0 or nodes[segment.node].hidden or nodes[segment.node].in_link:
                break
            if _is_headline(segmentation, lost, title):
                break
            result.append(lost)
        previous = index
        if index > last_text >= 0 and is_marked_heading(segmentation, index):
            continue
        result.append(index)
    return sorted(set(result))


def is_marked_heading(segmentation: Segmentation, index: int) -> bool:
    """Whether the segment stands in an <h1> … <h6>."""
    node = segmentation.nodes[segmentation.segments[index].node]
    if node.tag in _TAGS:
        return True
    return node.parent >= 0 and segmentation.nodes[node.parent].tag in _TAGS


def _is_headline(segmentation: Segmentation, index: int, title: str | None) -> bool:
    if not title or not is_marked_heading(segmentation, index):
        return False
    return _letters(title) == _letters(segmentation.segments[index].text)


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
