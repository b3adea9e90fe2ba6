"""A labelled page taken apart: where its article is, and what else stands there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from lxml import etree

from pipelines.train.labelled_pages import LabelledPage
from pipelines.train.labels import Labels, align_text
from scraper.extract.dom import parse_html
from scraper.extract.encoding import find_encoding
from scraper.extract.segment import Segmentation, segment_page

BLOCKS: Final = frozenset({"p", "h2", "h3", "ul", "ol", "blockquote", "div", "figure", "table"})
_FEWEST_SEGMENTS, _MOST_SEGMENTS = 5, 2500
_FEWEST_WORDS: Final = 60
_FOUND: Final = 0.6  # of the gold that must be found on the page
_SHARE: Final = 0.9  # of the gold that the article's container holds
_NO_CONTAINERS: Final = frozenset({"html", "p", "tr", "tbody", "table", "td"})
_NO_DONORS: Final = frozenset({"nav", "header", "footer", "li", "tr", "td", "form"})
_COMMENT_MARK: Final = re.compile(r"comment|disqus|repl(?:y|ies)|discussion|reader", re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_TITLE_END: Final = re.compile(r" [|–—-] ")

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A page taken apart. Its tree is changed by whatever is set into it.

    Attributes:
        gold: (N,) which segments are the article's.
        container: Number of the innermost node that holds the article.
        others: Numbers of containers without a word of it that are worth setting in elsewhere.
        words: Of the gold text.
        headline: The page's title, without the site.
    """

    page: LabelledPage
    text: str
    view: Segmentation
    gold: Bools
    container: int
    others: tuple[int, ...]
    words: tuple[str, ...]
    headline: str

    @property
    def root(self) -> etree._Element:
        """The page's tree."""
        return self.view.nodes[0].element.getroottree().getroot()

    def element(self, node: int) -> etree._Element:
        """The element of a node."""
        return self.view.nodes[node].element

    def gold_children(self) -> list[etree._Element]:
        """The container's children that hold gold, in order."""
        container = self.element(self.container)
        found: dict[etree._Element, None] = {}
        for segment, is_gold in zip(self.view.segments, self.gold, strict=True):
            if is_gold:
                element = _below(self.element(segment.node), container)
                if element is not None:
                    found[element] = None
        return list(found)

    def blocks(self) -> list[etree._Element]:
        """Those of the container's children with gold that are paragraphs, headings or lists."""
        return [element for element in self.gold_children() if element.tag in BLOCKS]

    def first_texts(self) -> dict[etree._Element, str]:
        """For each element that holds gold the first of it."""
        found: dict[etree._Element, str] = {}
        for segment, is_gold in zip(self.view.segments, self.gold, strict=True):
            if is_gold:
                found.setdefault(self.element(segment.node), segment.text)
                for above in self.element(segment.node).iterancestors():
                    if above in found:
                        break
                    found[above] = segment.text
        return found

    def with_headline(self) -> int:
        """The container grown until it holds the headline above it, if that is near."""
        number, nodes = self.container, self.view.nodes
        for _ in range(4):
            if self.element(number).find(".//h1") is not None:
                return number
            above = nodes[number].parent
            if above < 0 or nodes[above].tag in {"body", "html"}:
                break
            size = nodes[number].end - nodes[number].start
            if nodes[above].end - nodes[above].start > 1.6 * size + 12:
                break
            number = above
        return number


def _below(element: etree._Element, container: etree._Element) -> etree._Element | None:
    """The child of `container` that an element is, or is in."""
    chain = (element, *element.iterancestors())
    return next((e for e in chain if e.getparent() is container), None)


def dissect(page: LabelledPage) -> Anatomy | None:
    """Where the article of a page is, and what else stands there; None where that is unclear."""
    if not page.text:
        return None
    root = parse_html(page.html, encoding=find_encoding(page.html, None))
    view = segment_page(root)
    if not _FEWEST_SEGMENTS <= len(view.segments) <= _MOST_SEGMENTS:
        return None
    labels = align_text([segment.text for segment in view.segments], page.text)
    gold = labels.matched > 0.5 * np.maximum(labels.units, 1)
    size = float(labels.units[gold].sum())
    if size < max(_FEWEST_WORDS, _FOUND * labels.gold_units):
        return None
    container = _find_container(view, labels, gold)
    if container is None:
        return None
    title = root.findtext(".//title") or ""
    return Anatomy(
        page,
        page.text,
        view,
        gold,
        container,
        tuple(_find_others(view, labels, gold)),
        tuple(_WORD.findall(page.text)),
        _TITLE_END.split(title)[0].strip(),
    )


def _sums(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])


def _find_container(view: Segmentation, labels: Labels, gold: Bools) -> int | None:
    held = _sums(np.where(gold, labels.units, 0))
    best, size = None, len(view.segments) + 1
    for number, node in enumerate(view.nodes):
        inside = held[node.end] - held[node.start]
        if inside >= _SHARE * held[-1] and node.end - node.start <= size:
            best, size = number, node.end - node.start  # the innermost of equals
    return None if best is None or view.nodes[best].tag in _NO_CONTAINERS else best


def _find_others(view: Segmentation, labels: Labels, gold: Bools) -> Iterator[int]:
    """Teasers, comments, boxes: containers of some length without gold, none inside another."""
    held, words = _sums(np.where(gold, labels.units, 0)), _sums(labels.units)
    taken_until = 0
    for number, node in enumerate(view.nodes):  # in the order of opening: the outermost first
        count, size = node.end - node.start, words[node.end] - words[node.start]
        if node.start < taken_until or not 3 <= count <= 80 or not 20 <= size <= 1500:
            continue
        if held[node.end] > held[node.start] or node.hidden or node.tag in _NO_DONORS:
            continue
        inside = view.segments[node.start : node.end]
        linked = sum(s.links > 0 or view.nodes[s.node].in_link for s in inside)
        if size >= 5 * count or linked >= 3 or _COMMENT_MARK.search(node.marks):
            yield number
            taken_until = node.end
