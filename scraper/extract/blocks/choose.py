"""Which segments become blocks: the kept ones, with their headings put right.

A net sees a heading as one short line among others. What it heads is a better witness: a heading of
kept text belongs to the article, one of dropped text does not.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import Final

from lxml import etree

from scraper.extract.blocks.headings import HEADING_TAGS, is_marked_heading
from scraper.extract.segment import Segmentation

_MOST_HEADINGS_IN_A_ROW: Final = 2  # a heading and the one of its first subsection
_REACH: Final = 16  # segments from a heading to its text: pictures, captions, advertisements
_FLOW_TEXTS: Final = 5  # kept texts beside a box, which make it a box in an article
_LEAST_STANDFIRST_CHARS: Final = 60
_LEAST_MARKED_STANDFIRST_CHARS: Final = 15
_STANDFIRST_MARKS: Final = re.compile(
    r"(?<![a-z])(?:sub-?_?(?:title|headline|tit|header)|dek|deck|standfirst|lead(?:-?text)?"
    r"|excerpt|ingress|vorspann|chapo|entradilla|bajada|description)(?![a-z])"
)
_LEAST_SHARED_WORDS: Final = 3
_SLIDE: Final = re.compile(r"^(\d{1,3})\s?/\s?(\d{1,3})(?!\d)")
_LEAST_SLIDES: Final = 3


def choose_block_segments(
    segmentation: Segmentation,
    kept: Sequence[bool],
    title: str | None,
    barred: Collection[int] = (),
) -> list[int]:
    """The kept segments, headings put right by what follows them, the headline left out.

    A heading above kept text is kept with it, once the article has begun; one with no kept text
    after it is left out, and so is the title of another text that links to it. What is `barred`
    stays out.
    """
    headline = _letters(title or "")
    chooser = _Chooser(segmentation, kept, barred)
    chosen: list[int] = []
    for index in chooser.candidates():
        # The headline is marked as a heading, or set in large type by style alone.
        if not chosen or index in chooser.headings:
            text = segmentation.segments[index].text
            if headline and len(headline) <= 2 * len(text) and _letters(text) == headline:
                continue
        chosen.append(index)
    title_words = _words(title or "")
    repeats = {
        index
        for index in leading_headings(segmentation, chosen)
        if _says_again(segmentation.segments[index].text, title_words)
    }
    return [index for index in chosen if index not in repeats] if repeats else chosen


def leading_headings(segmentation: Segmentation, chosen: Sequence[int]) -> list[int]:
    """The marked headings before the article's first text."""
    found: list[int] = []
    for index in chosen:
        if not is_marked_heading(segmentation, index):
            break
        found.append(index)
    return found


def find_standfirst(segmentation: Segmentation, chosen: Sequence[int]) -> frozenset[int]:
    """Leading headings that sum the article up: they are read as text, though marked as headings.

    Of 124 pages of newsrooms with gold headings, 33 begin with a marked heading, and none of these
    is a section's.
    """
    found = []
    for index in leading_headings(segmentation, chosen):
        segment = segmentation.segments[index]
        is_marked = _STANDFIRST_MARKS.search(segmentation.nodes[segment.node].marks)
        least = _LEAST_MARKED_STANDFIRST_CHARS if is_marked else _LEAST_STANDFIRST_CHARS
        if len(segment.text) >= least:
            found.append(index)
    return frozenset(found)


def find_slides(segmentation: Segmentation, chosen: Sequence[int]) -> frozenset[int]:
    """Headings that count the pictures of a gallery ("3/50 ..."): they caption."""
    by_total: dict[str, list[int]] = {}
    for index in chosen:
        text = segmentation.segments[index].text
        match = _SLIDE.match(text) if text[0].isdecimal() else None
        if match and int(match[1]) <= int(match[2]) and is_marked_heading(segmentation, index):
            by_total.setdefault(match[2], []).append(index)
    runs = (run for run in by_total.values() if len(run) >= _LEAST_SLIDES)
    return frozenset(index for run in runs for index in run)


class _Chooser:
    """What is known about a page while its headings are looked at one after the other."""

    def __init__(
        self, segmentation: Segmentation, kept: Sequence[bool], barred: Collection[int]
    ) -> None:
        self._segmentation = segmentation
        self._kept = [index for index, keep in enumerate(kept) if keep]
        span = range(self._kept[0], self._kept[-1] + 1) if self._kept else range(0)
        self.headings = {index for index in span if is_marked_heading(segmentation, index)}
        self._lost = sorted(
            index for index in self.headings if not kept[index] and index not in barred
        )
        self._texts = [index for index in self._kept if index not in self.headings]
        self._is_text = bytearray(len(kept))
        for index in self._texts:
            self._is_text[index] = 1
        self._texts_before = [0, *accumulate(self._is_text)]

    def candidates(self) -> Iterator[int]:
        """Kept segments without the headings of nothing, and the lost headings of kept ones."""
        if not self._texts:
            yield from self._kept
            return
        idle = self._titles_in_rows()
        found = {i for i in self._lost if self._heads_kept_text(i)}
        last_text = self._texts[-1]
        for index in sorted(found.union(self._kept)):
            if index in found or index not in self.headings:
                yield index
                continue
            if index < last_text and index not in idle and not self._is_teaser(index):
                yield index

    def _titles_in_rows(self) -> set[int]:
        """Linked headings with another one right after them: titles of other texts, in a list."""
        titles: set[int] = set()
        run: list[int] = []
        for index in (*self._kept, -1):
            if index in self.headings and self._is_linked(index):
                run.append(index)
                continue
            if len(run) > _MOST_HEADINGS_IN_A_ROW:
                titles.update(run)
            run = []
        return titles

    def _is_teaser(self, index: int) -> bool:
        """Whether a kept heading stands in the text as the title of another one, in a box."""
        if not self._is_linked(index) or not self._links_elsewhere(index):
            return False
        nodes = self._segmentation.nodes
        box = self._box(index)
        return nodes[box].tag not in HEADING_TAGS and self._texts_in(nodes[box].parent) >= (
            _FLOW_TEXTS
        )

    def _heads_kept_text(self, index: int) -> bool:
        """Whether a heading that was not kept has kept text under it."""
        segments, nodes = self._segmentation.segments, self._segmentation.nodes
        if nodes[segments[index].node].hidden:
            return False
        if self._is_linked(index) and self._links_elsewhere(index):
            return False
        box = nodes[self._box(index)]
        beside = sum(
            len(segments[other].text)
            for other in range(box.start, min(box.end, box.start + _REACH))
            if other not in self.headings
        )
        if box.end - box.start > _REACH or 2 * beside > len(segments[index].text):
            return False
        # Of the section that follows, most must be kept: what stands above a list of other texts
        # is no part of the article, though a line of them may be.
        level, size, kept_size = self._level(index), 0, 0
        for other in range(index + 1, min(nodes[box.parent].end, index + 1 + _REACH)):
            if is_marked_heading(self._segmentation, other):
                if self._level(other) <= level:
                    break
            elif not nodes[segments[other].node].hidden:
                size += len(segments[other].text)
                kept_size += self._is_text[other] * len(segments[other].text)
        return 2 * kept_size > size

    def _box(self, index: int) -> int:
        """The outermost element around a heading that holds no kept text."""
        nodes = self._segmentation.nodes
        box = self._segmentation.segments[index].node
        while nodes[box].parent >= 0 and not self._texts_in(nodes[box].parent):
            box = nodes[box].parent
        return box

    def _texts_in(self, node: int) -> int:
        place = self._segmentation.nodes[node]
        return self._texts_before[place.end] - self._texts_before[place.start]

    def _level(self, index: int) -> str:
        nodes = self._segmentation.nodes
        node = nodes[self._segmentation.segments[index].node]
        return node.tag if node.tag in HEADING_TAGS else nodes[node.parent].tag

    def _is_linked(self, index: int) -> bool:
        segment = self._segmentation.segments[index]
        in_link = self._segmentation.nodes[segment.node].in_link
        return in_link or segment.link_chars >= 0.8 * len(segment.text)

    def _links_elsewhere(self, index: int) -> bool:
        """Whether a linked heading leads to another page, not to itself."""
        element = self._segmentation.nodes[self._segmentation.segments[index].node].element
        link: etree._Element | None = next(element.iter("a"), None)
        above: etree._Element | None = element
        while link is None and above is not None:
            link, above = (above if above.tag == "a" else None), above.getparent()
        return link is not None and not (link.get("href") or "#").startswith("#")


def _says_again(text: str, title_words: set[str]) -> bool:
    """Whether a heading over the article is its title in other words."""
    words = _words(text)
    shared = len(words & title_words)
    return shared >= _LEAST_SHARED_WORDS and 2 * shared > len(words) and text[-1:] not in ".。"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower().replace("\u00ad", "")))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
