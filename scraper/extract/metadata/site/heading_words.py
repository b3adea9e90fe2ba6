"""A heading as readers see it: its own words, without what templates put in with them."""

import re
from collections.abc import Set
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.metadata.clean import clean_text

MAX_TITLE_CHARS: Final = 500  # the longest of 2,026 labelled titles has 257
_LINE_TAGS: Final = frozenset({"br", "div", "p", "small"})
# Readings of Chinese characters stand above the words, and are no words of their own.
_SILENT: Final = frozenset({"script", "style", "svg", "title", "noscript", "rt", "rp"})
_MAX_NODES: Final = 300  # bounds hostile ones: the largest <h1> of 6,000 has 26
_LABEL: Final = re.compile(
    r"(?:^|[\s_-])(?:top-?line|kicker|over-?line|eyebrow|dachzeile|spitzmarke|roof-?line|sur-?titre"
    r"|sur-?title|ante-?titulo|cintillo|volanta|occhiello|pre-?title|pre-?headline|rubrik|rubric"
    r"|super-?title|trumpet|vignette?|hat|chapo|stikk(?:tittel)?|(?:ü|ue)berzeile|roof|tag"
    r"|label|badge|flag|descriptor|posted-on|entry-section|section-name|category|catlabel)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(r"[*†‡§¶☆★✩⁎∗#🔗]{1,3}")
_NOTE_NUMBER: Final = re.compile(r"\[?(?:\d{1,2}|[a-z*†‡])\]?")
_WORD_AT_END: Final = re.compile(r"[^\W\d_]{4}$")  # not the "mc" of "mc²"
_NOTE_AT_END: Final = re.compile(r"\s*[☆†‡¶⁎]+$|(?<=[^\W_])[*★¹]$")
_MAX_LABEL_CHARS: Final = 60
_MIN_REST_CHARS: Final = 8  # less is no headline, and what is called a label may be one


def heading_text(element: etree._Element) -> str:
    """The text of a heading, its lines joined by spaces, without scripts, labels and note marks."""
    if not len(element):
        return _NOTE_AT_END.sub("", clean_text(element.text or "", max_chars=MAX_TITLE_CHARS))
    nodes = list(islice(element.iter("*"), 1, _MAX_NODES))
    marks = {node for node in nodes if _is_note_mark(node)}
    labels = {node for node in nodes if _is_label(node)}
    if labels:
        text = _joined(element, marks | labels)
        if len(text) >= _MIN_REST_CHARS:
            return text
    return _joined(element, marks)


def _is_label(node: etree._Element) -> bool:
    if not _LABEL.search(node.get("class") or ""):
        return False
    return len("".join(map(str, islice(node.itertext(), 9)))) <= _MAX_LABEL_CHARS


def _is_note_mark(node: etree._Element) -> bool:
    """Whether an element leads to a footnote or an anchor, and is no word of the heading."""
    if node.tag not in {"sup", "a", "span"}:
        return False
    text = "".join(map(str, islice(node.itertext(), 5))).strip()
    if not text or len(text) > 4:
        return False
    if node.tag == "sup" and text.isdigit() and not (node.tail or "").strip():
        return _WORD_AT_END.search(_text_before(node)) is not None
    leads_down = (node if node.tag == "a" else next(node.iter("a"), node)).get("href", "")
    return bool(
        (node.tag != "span" and _NOTE.fullmatch(text))
        or (leads_down.startswith("#") and _NOTE_NUMBER.fullmatch(text))
    )


def _text_before(node: etree._Element) -> str:
    previous, parent = node.getprevious(), node.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return text or ""


def _stands_apart(node: etree._Element) -> bool:
    """Whether two elements are lines to readers, by their styles, with no space between them."""
    previous = node.getprevious()
    if previous is None or previous.tail or not (node.get("class") and previous.get("class")):
        return False
    return (previous.text or "")[-1:].islower() and (node.text or "")[:1].isupper()


def _joined(element: etree._Element, left_out: Set[etree._Element]) -> str:
    """The words of an element without some of those in it; each line apart from the next."""
    parts: list[str] = []
    events = etree.iterwalk(element, events=("start", "end"))
    for event, node in islice(events, 2 * _MAX_NODES):
        is_line = node.tag in _LINE_TAGS and node is not element
        if event == "start":
            if node in left_out or node.tag in _SILENT or not isinstance(node.tag, str):
                events.skip_subtree()
            elif node.text:
                is_apart = is_line or _stands_apart(node)
                parts.append(f" {node.text}" if is_apart else node.text)
        elif node is not element:
            is_apart = is_line or (node in left_out and not _NOTE.fullmatch(node.text or ""))
            parts.append(" " if is_apart else "")
            parts.append(node.tail or "")
    text = clean_text("".join(parts), max_chars=MAX_TITLE_CHARS)
    return _NOTE_AT_END.sub("", text).strip(" |:") if left_out else _NOTE_AT_END.sub("", text)
