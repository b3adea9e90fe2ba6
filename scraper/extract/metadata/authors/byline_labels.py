"""Names after a label: "Author" as a heading or a term, and who it is beside or below it."""

import re
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.metadata.authors.names import split_names
from scraper.extract.metadata.clean import text_within
from scraper.extract.metadata.survey import Survey

_LABEL_TAGS: Final = (
    *("h2", "h3", "h4", "h5", "h6", "dt", "strong", "b", "span", "div", "p", "label"),
)
_LABEL: Final = re.compile(
    r"\s*(?:(?:(?:article|story|post|words|text)\s+)?(?:(?:written|posted)\s+)?by|authors?"
    r"|author\(s\)"
    r"|autor(?:in|en|es|i|a)?|autorin/autor|autor(?:\*|:|/-?)in(?:nen)?|auteurs?|auteur\(s\)"
    r"|autore"
    r"|forfatter|författare)\s*:?\s*",
    re.IGNORECASE,
)
_MAX_LABEL_CHARS: Final = 30  # longer than any label the pattern knows, with space around it
# What follows a label and is longer than a line of names, or goes on for more, is something else.
_MAX_NAMES_CHARS: Final = 160
_MAX_ITEMS: Final = 20
_MAX_LABELS: Final = 20


def labelled_names(survey: Survey) -> tuple[str, ...]:
    """The names after the page's label that says "Author" or the like; empty when there is none.

    A page with several such labels that do not agree lists works of others, or comments.
    """
    labels = (
        element
        for element in survey.root.iter(*_LABEL_TAGS)
        if (text := element.text)
        and len(text) <= _MAX_LABEL_CHARS
        and not len(element)
        and _LABEL.fullmatch(text)
    )
    named = {_names_after(label) for label in islice(labels, _MAX_LABELS)} - {()}
    return named.pop() if len(named) == 1 else ()


def _names_after(label: etree._Element) -> tuple[str, ...]:
    beside = label.tail or ""
    if beside.strip():
        return split_names(beside[:_MAX_NAMES_CHARS], trusted=False)
    named = _element_after(label)
    return () if named is None else _names_in(named)


def _element_after(label: etree._Element) -> etree._Element | None:
    """The element after a label, or after one that the label is alone in; None without either."""
    node: etree._Element | None = label
    for _ in range(2):
        if node is None:
            return None
        following = next(node.itersiblings("*"), None)
        if following is not None:
            return following
        node = node.getparent()
    return None


def _names_in(element: etree._Element) -> tuple[str, ...]:
    items = list(islice(element.iter("li"), _MAX_ITEMS)) or [element]
    texts = (text_within(item, _MAX_NAMES_CHARS) for item in items)
    return tuple(dict.fromkeys(n for t in texts for n in split_names(t, trusted=False)))
