"""The words around the headline: where readers look for who wrote a story and when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.dom import SILENT_TAGS
from scraper.extract.metadata.clean import fold, text_within
from scraper.extract.metadata.survey import Survey

AUTHOR_HREF: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|by|profiles?|people|staff|journalist\w*|reporters?"
    r"|columnist\w*|contributors?|writers?|team|redaktion|redaccion|firmas?|skribent\w*"
    r"|person(?:s|en)?|members?|users?|bylines?)[/=]|[?&]author=",
    re.IGNORECASE,
)
# How far around a headline its byline and date are looked for, in runs of text; two long runs are
# the body. Of 1,482 labelled dates and 964 labelled authors, half as far misses up to three; twice
# as far finds no more, and takes up to four from the text.
_BEFORE: Final = 8
_AFTER: Final = 32
_LONG_CHARS: Final = 220
_MAX_LONG: Final = 2  # the first may be the standfirst
_MAX_RUN_CHARS: Final = 400  # of a run that are kept: no byline is longer
_MAX_CLIMB: Final = 12  # elements around the headline; with six, 42 of 1,700 pages lack a section
_MAX_KICKER_CHARS: Final = 60
_LINE_TAGS: Final = ("h4", "h5", "h6", "p", "div", "span", "b", "strong", "font", "td", "a")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text between two tags.

    Attributes:
        is_link: Whether it lies in a link.
        is_author_link: Whether that link leads to a person's page.
    """

    text: str
    is_link: bool
    is_author_link: bool


@dataclass
class Headline:
    """The title of a page and what stands around it.

    Attributes:
        element: Where the title stands; None when the page does not show it.
    """

    title: str
    element: etree._Element | None

    @cached_property
    def after(self) -> list[Words]:
        """Runs of text from the headline to the start of the body, in order."""
        runs: list[Words] = []
        long_ones = 0
        for element in _elements_after(self.element) if self.element is not None else ():
            for words in runs_of_text(element):
                runs.append(words)
                long_ones += len(words.text) > _LONG_CHARS
                if len(runs) >= _AFTER or long_ones >= _MAX_LONG:
                    return runs
        return runs

    @cached_property
    def before(self) -> list[Words]:
        """Runs of text just before the headline, the nearest first."""
        runs: list[Words] = []
        for element in elements_before(self.element) if self.element is not None else ():
            for words in _runs_backwards(element):
                runs.append(words)
                if len(runs) >= _BEFORE:
                    return runs
        return runs


def _elements_after(element: etree._Element) -> Iterator[etree._Element]:
    """What follows an element in the document, subtree by subtree."""
    node: etree._Element | None = element
    for _ in range(_MAX_CLIMB):
        if node is None or node.tag == "body":
            return
        yield from node.itersiblings("*")
        node = node.getparent()


def elements_before(element: etree._Element) -> Iterator[etree._Element]:
    """What goes before an element in the document, subtree by subtree, the nearest first."""
    node: etree._Element | None = element
    for _ in range(_MAX_CLIMB):
        if node is None or node.tag == "body":
            return
        yield from node.itersiblings("*", preceding=True)
        node = node.getparent()


def runs_of_text(root: etree._Element) -> Iterator[Words]:
    """The runs of text in a subtree and right after it."""
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "start":
            if element.tag in SILENT_TAGS:
                events.skip_subtree()
                continue
            text, owner = element.text, element
        else:
            text, owner = element.tail, element.getparent()
        if text and owner is not None and not text.isspace():
            yield _words(text, owner)


def _runs_backwards(root: etree._Element) -> Iterator[Words]:
    """The runs of text in a subtree and right after it, the last one first."""
    stack = [(root, False)]
    while stack:
        element, is_text_left = stack.pop()
        owner: etree._Element | None = element
        text = element.text
        if not is_text_left:
            text, owner = element.tail, element.getparent()
            if element.tag not in SILENT_TAGS:
                stack.append((element, True))
                stack.extend((child, False) for child in element)
        if text and owner is not None and not text.isspace():
            yield _words(text, owner)


def _words(text: str, owner: etree._Element) -> Words:
    return Words(" ".join(text[:_MAX_RUN_CHARS].split()), *_link_kind(owner))


def _link_kind(element: etree._Element) -> tuple[bool, bool]:
    """Whether a text in this element lies in a link, and whether that leads to a person's page."""
    node: etree._Element | None = element
    for _ in range(4):
        if node is None:
            break
        if node.tag == "a":
            is_author = AUTHOR_HREF.search(node.get("href") or "") or node.get("rel") == "author"
            return True, bool(is_author)
        node = node.getparent()
    return False, False


def find_headline(survey: Survey, title: str) -> Headline:
    """Where the title stands on the page: the first heading that says it, else a line that does.

    Where neither does, the first heading is taken for the place.
    """
    wanted = fold(title)
    if wanted:
        for element in survey.headings[:12]:  # some templates make a heading of each teaser
            text = fold("".join(str(t) for t in element.itertext()))
            if text and (wanted in text or text in wanted):
                return Headline(title, element)
        for element in survey.lower_headings:
            text = fold(text_within(element, 2 * len(title) + _MAX_KICKER_CHARS))
            if text.endswith(wanted):
                return Headline(title, element)
        if not survey.headings:
            return Headline(title, _unmarked_headline(survey, title))
    return Headline(title, survey.headings[0] if survey.headings else None)


def _unmarked_headline(survey: Survey, title: str) -> etree._Element | None:
    """The first line that says the title where no heading does, the path to the page left out."""
    wanted = fold(title)
    shortest, longest = len(wanted), 2 * len(title) + _MAX_KICKER_CHARS
    for element in survey.root.iter(*_LINE_TAGS):
        text = element.text
        if text and shortest <= len(text) <= longest and fold(text) == wanted:
            classes = (e.get("class") or "" for e in (element, *islice(element.iterancestors(), 4)))
            if "breadcrumb" not in " ".join(classes).lower():
                return element
    return None
