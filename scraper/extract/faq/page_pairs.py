"""Pairs a page shows or unfolds: question headings, accordions, <details>, definition lists.

A question is a segment of text; its trigger is the largest element that holds nothing else. What
follows the trigger in the element around it, up to the next question or heading, is the answer.
Questions with the same kind of trigger form a run, and a run is an FAQ or is not, as a whole.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Final

from lxml import etree

from scraper.article import FaqEntry
from scraper.extract.faq.questions import FAQ_TITLE, clean_answer, clean_question, is_question
from scraper.extract.segment import Node, Segmentation

_FAQ_MARKS: Final = re.compile(
    r"faqs?(?![a-z])|(?<![a-z])f-a-q|faq[_-]|faqaccordion|(?<![a-z])q-?and-?a"
)
_FOLD_MARKS: Final = re.compile(
    r"accordi?on|collaps|toggle|expand|foldable|disclosure|(?<![a-z])question|akkordeon"
)
_TRIGGER_MARKS: Final = re.compile(
    r"question|trigger|accordi?on[\w-]*(?:button|header|head|title|toggle)|toggle|summary"
)
_TRIGGER_TAGS: Final = frozenset({"summary", "dt", "button", "h2", "h3", "h4", "h5", "h6"})
_FOLD_TAGS: Final = frozenset({"summary", "dt", "button"})
_FOLD_TAGS_WITHOUT_FAQ: Final = frozenset({"summary", "dt"})
# Most segments of a page end in one of these, and no question does.
_PLAIN_ENDS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,")
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOUNDARY_TAGS: Final = frozenset({"body", "html", "main"})
_PAGE_FURNITURE: Final = re.compile(
    r"(?<![a-z])(?:comments?|disqus|nav|menu|breadcrumbs?|forum)(?![a-z])"
)
_LEVELS_WITH_CUE: Final = 9  # ancestors; five miss cues on 25 labelled pages, twenty find no more
# Segments between "FAQ" and the first question: an introduction at most. With fifteen, other
# questions further down count: precision falls from 0.88 to 0.86 on 25 labelled pages.
_TITLE_REACH: Final = 6
_MAX_ANSWER_CHARS: Final = 8000  # the longest of 143 labelled answers has 928
_MIN_MEDIAN_ANSWER_CHARS: Final = 6  # shorter: dates and counts under titles of other texts
_MAX_MEDIAN_CHARS_WITHOUT_CUE: Final = 1500  # longer: chapters of an essay
_QUESTIONS_WITHOUT_CUE: Final = 4  # fewer question headings are how essays ask themselves


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A segment that may be a question.

    Attributes:
        segment: Its index.
        trigger: Index of the largest node that holds nothing else.
        asks: Whether it reads as a question, and does not only stand where questions do.
    """

    segment: int
    trigger: int
    asks: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """A candidate and the indexes of the segments that answer it."""

    candidate: _Candidate
    answer: tuple[int, ...]


class _Panels:
    """The elements of a page that have text and an id, gathered when the first is asked for."""

    def __init__(self, segmentation: Segmentation) -> None:
        self._nodes = segmentation.nodes
        self._by_id: dict[str, Node] | None = None

    def find(self, name: str) -> Node | None:
        if self._by_id is None:
            self._by_id = {
                own: node
                for node in self._nodes
                if node.marks and node.start < node.end and (own := node.element.get("id"))
            }
        return self._by_id.get(name)


def find_page_pairs(segmentation: Segmentation) -> Iterator[FaqEntry]:
    """The pairs of every run that is an FAQ, in document order."""
    marked = _marked_ranges(segmentation)
    candidates = list(_candidates(segmentation, marked))
    if not candidates:
        return
    starts = [candidate.segment for candidate in candidates]
    panels = _Panels(segmentation)
    for run in _runs(segmentation, candidates):
        pairs = [_with_answer(segmentation, candidate, starts, panels) for candidate in run]
        answered = [pair for pair in pairs if pair.answer]
        if answered and _is_faq(segmentation, answered):
            for pair in answered:
                yield _entry(segmentation, pair)


def _entry(segmentation: Segmentation, pair: _Pair) -> FaqEntry:
    segments = segmentation.segments
    lines = [segments[index].text for index in pair.answer]
    answer = clean_answer("\n".join(lines))
    return FaqEntry(clean_question(segments[pair.candidate.segment].text), answer, "html")


def _marked_ranges(segmentation: Segmentation) -> list[range]:
    """The segments under each element whose class or id says FAQ."""
    # Few pages have any: one look at all of them is cheaper than three at each.
    everything = "\n".join([node.marks for node in segmentation.nodes])
    if not any(word in everything for word in ("faq", "f-a-q", "q-and", "qand")):
        return []
    return [
        range(node.start, node.end)
        for node in segmentation.nodes
        if "q" in node.marks and node.tag not in _BOUNDARY_TAGS and _FAQ_MARKS.search(node.marks)
    ]


def _candidates(segmentation: Segmentation, marked: list[range]) -> Iterator[_Candidate]:
    inside = bytearray(len(segmentation.segments))
    for span in marked:
        for index in span:
            inside[index] = 1
    nodes = segmentation.nodes
    for index, segment in enumerate(segmentation.segments):
        asks = segment.text[-1] not in _PLAIN_ENDS and is_question(segment.text)
        if not asks:
            if not inside[index] and nodes[segment.node].tag not in _FOLD_TAGS_WITHOUT_FAQ:
                continue
            if not _may_trigger(segmentation, index, marked=bool(inside[index])):
                continue
        if not _leads_elsewhere(segmentation, index):
            yield _Candidate(index, _trigger(segmentation, index), asks)


def _leads_elsewhere(segmentation: Segmentation, index: int) -> bool:
    """Whether a segment is a link to another page: the title of another text, not a question."""
    segment = segmentation.segments[index]
    node = segmentation.nodes[segment.node]
    if not node.in_link and segment.link_chars < 0.8 * len(segment.text):
        return False
    link: etree._Element | None = segment.inline if not node.in_link else node.element
    while link is not None and link.tag != "a":
        link = link.getparent()
    target = "" if link is None else (link.get("href") or "").strip().lower()
    return not target.startswith(("#", "javascript:")) and target != ""


def _may_trigger(segmentation: Segmentation, index: int, *, marked: bool) -> bool:
    """Whether a segment that does not ask stands where questions stand in an FAQ."""
    segment = segmentation.segments[index]
    if not marked:
        return segmentation.nodes[segment.node].tag in _FOLD_TAGS_WITHOUT_FAQ
    # A plus sign, a paragraph, or the title of the FAQ itself.
    if not 3 <= len(segment.text) <= 200 or FAQ_TITLE.search(segment.text):
        return False
    near = segmentation.ancestors(segment.node)[:3]
    return any(
        segmentation.nodes[n].tag in (_TRIGGER_TAGS if n == near[0] else _FOLD_TAGS) for n in near
    )


def _trigger(segmentation: Segmentation, index: int) -> int:
    """The largest element that holds segment `index` and nothing else but signs."""
    nodes = segmentation.nodes
    trigger = segmentation.segments[index].node
    if not _only(segmentation, nodes[trigger], index):
        return trigger
    while nodes[trigger].parent >= 0 and _only(segmentation, nodes[nodes[trigger].parent], index):
        trigger = nodes[trigger].parent
    return trigger


def _only(segmentation: Segmentation, node: Node, index: int) -> bool:
    """Whether a node holds segment `index` and besides it only signs: an arrow, a number."""
    if node.end - node.start > 4:
        return False
    return all(
        other == index or not any(map(str.isalpha, segmentation.segments[other].text))
        for other in range(node.start, node.end)
    )


def _runs(segmentation: Segmentation, candidates: list[_Candidate]) -> Iterator[list[_Candidate]]:
    """Candidates one after the other whose triggers are of one kind."""
    run: list[_Candidate] = []
    kind: tuple[str, int, str] | None = None
    for candidate in candidates:
        node = segmentation.nodes[candidate.trigger]
        holder = segmentation.nodes[segmentation.segments[candidate.segment].node]
        this = (node.tag, node.depth, holder.tag)
        if run and (this != kind or _parted(segmentation, run[-1], candidate)):
            yield run
            run = []
        run.append(candidate)
        kind = this
    if run:
        yield run


def _parted(segmentation: Segmentation, before: _Candidate, after: _Candidate) -> bool:
    """Whether a heading that is no question stands between two candidates."""
    nodes = segmentation.nodes
    tag = nodes[segmentation.segments[after.segment].node].tag
    level = tag if tag in _HEADING_TAGS else "h6"
    for index in range(before.segment + 1, after.segment):
        other = nodes[segmentation.segments[index].node].tag
        if other in _HEADING_TAGS and other <= level:
            return True
    return False


def _with_answer(
    segmentation: Segmentation,
    candidate: _Candidate,
    starts: list[int],
    panels: _Panels,
) -> _Pair:
    """A candidate with what answers it: the panel it opens, or what follows up to the next one."""
    nodes, segments = segmentation.nodes, segmentation.segments
    place = bisect_right(starts, candidate.segment)
    following = starts[place] if place < len(starts) else len(segments)
    trigger = nodes[candidate.trigger]
    controlled = _controlled_panel(segmentation, candidate, panels)
    if controlled:
        return _Pair(candidate, _answer_in(segmentation, candidate, controlled))
    alone = _only(segmentation, trigger, candidate.segment)
    around = trigger.parent if alone else candidate.trigger
    first = trigger.end if alone else candidate.segment + 1
    for _ in range(3):
        if around < 0:
            break
        last = min(nodes[around].end, following)
        answer = _answer_in(segmentation, candidate, range(first, last))
        if answer or nodes[around].end > first:
            return _Pair(candidate, answer)
        around = nodes[around].parent
    return _Pair(candidate, ())


def _answer_in(segmentation: Segmentation, candidate: _Candidate, span: range) -> tuple[int, ...]:
    """Segments of `span` up to a heading that opens something else."""
    nodes, segments = segmentation.nodes, segmentation.segments
    asked_in = nodes[segments[candidate.segment].node].tag
    level = asked_in if asked_in in _HEADING_TAGS else "h6"
    answer: list[int] = []
    chars = 0
    for index in span:
        tag = nodes[segments[index].node].tag
        if tag in _HEADING_TAGS and tag <= level:
            break
        if tag == "button" or not any(map(str.isalnum, segments[index].text)):
            continue  # "Was this helpful?", signs that fold the answer
        chars += len(segments[index].text)
        if chars > _MAX_ANSWER_CHARS:
            break
        answer.append(index)
    return tuple(answer)


def _controlled_panel(
    segmentation: Segmentation, candidate: _Candidate, panels: _Panels
) -> range | None:
    """The segments of the panel that the trigger says it opens; None when it says nothing."""
    nodes, segment = segmentation.nodes, segmentation.segments[candidate.segment]
    names = []
    elements = [nodes[segment.node].element, nodes[candidate.trigger].element]
    if segment.inline is not None:
        elements.append(segment.inline)
    for element in elements:
        for attribute in ("aria-controls", "data-target", "data-bs-target", "href"):
            value = (element.get(attribute) or "").strip()
            if value and (attribute != "href" or value.startswith("#")):
                names.append(value.removeprefix("#"))
    for name in names:
        node = panels.find(name)
        if node is not None and not node.start <= candidate.segment < node.end:
            return range(node.start, node.end)
    return None


def _is_faq(segmentation: Segmentation, pairs: list[_Pair]) -> bool:
    """Whether a run of pairs is an FAQ, from the surest cue to the weakest.

    Those are a class that says FAQ, a title that does, elements that fold, and last only headings
    that ask one after the other. The weaker the cue, the more of the run has to ask.
    """
    asking = sum(pair.candidate.asks for pair in pairs)
    length = median(_chars(segmentation, pair) for pair in pairs)
    first = pairs[0].candidate
    path = segmentation.ancestors(first.trigger)[:_LEVELS_WITH_CUE]
    above = [segmentation.nodes[n] for n in path]
    if length < _MIN_MEDIAN_ANSWER_CHARS or any(map(_is_furniture, above)):
        return False
    # Where none asks, only a class near by makes questions of them.
    levels = _LEVELS_WITH_CUE if asking else _LEVELS_WITH_CUE // 2
    if any(_FAQ_MARKS.search(node.marks) for node in above[:levels]):
        return asking > 0 or len(pairs) > 1
    half_ask = asking > 0 and 2 * asking >= len(pairs)
    if not half_ask or _has_title(segmentation, first.segment):
        return half_ask  # where fewer ask, no title above makes up for it
    if 3 * asking < 2 * len(pairs):
        return False
    if any(node.tag in _FOLD_TAGS or _FOLD_MARKS.search(node.marks) for node in above[:5]):
        return asking >= 2
    holder = segmentation.nodes[segmentation.segments[first.segment].node]
    is_essay = holder.tag not in _HEADING_TAGS or length > _MAX_MEDIAN_CHARS_WITHOUT_CUE
    return not is_essay and asking >= _QUESTIONS_WITHOUT_CUE


def _is_furniture(node: Node) -> bool:
    return node.tag not in _BOUNDARY_TAGS and bool(_PAGE_FURNITURE.search(node.marks))


def _chars(segmentation: Segmentation, pair: _Pair) -> int:
    return sum(len(segmentation.segments[index].text) for index in pair.answer)


def _has_title(segmentation: Segmentation, first: int) -> bool:
    """Whether a short segment a little above says FAQ."""
    for index in range(first - 1, max(-1, first - 1 - _TITLE_REACH), -1):
        text = segmentation.segments[index].text
        if len(text) <= 120 and _says_faq(text):
            return True
    return False


@lru_cache(maxsize=1024)  # the same few segments stand above several questions
def _says_faq(text: str) -> bool:
    return bool(FAQ_TITLE.search(text))
