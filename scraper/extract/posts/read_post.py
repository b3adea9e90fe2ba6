"""One post: who wrote it, when, under what heading, and what it says."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from lxml import etree

from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.segment import Segmentation

_AUTHOR: Final = re.compile(
    r"(?<![a-z])(?:author|autor|auteur|autore|verfasser|user-?name|user|nick-?name|nick|fn|vcard"
    r"|commenter|display-?name|poster|byline|creator|name)(?![a-z])"
)
_TEXT: Final = re.compile(
    r"(?<![a-z])(?:(?:comment|kommentar|post|entry|reply|message)[-_]*(?:text|content|body|message)"
    r"|commenttext|articlebody|itemprop-text|text|content|body|message)(?![a-z])"
)
_TIME: Final = re.compile(r"(?<![a-z])(?:date|time|datum|fecha|datetime|posted|metadata)(?![a-z])")
# Buttons of a post, and what counts its votes.
_BUTTON: Final = re.compile(
    r"(?:reply|report|like|dislike|share|edit|permalink|flag|quote|upvote|downvote|antworten"
    r"|melden|teilen|zitieren|répondre|signaler|partager|responder|denunciar|compartir|compartilhar"
    r"|rispondi|segnala|condividi|reageer|beantwoorden|odpowiedz|zgłoś|ответить|пожаловаться"
    r"|yanıtla|svar|svara|says|said|schreibt|sagt|[\W\d_]*)[\W\d_]*\Z",
    re.IGNORECASE,
)
_HEADING_TAGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())
_MOST_NAME: Final = 80
_MOST_INNER: Final = 400  # elements of a post that are looked at for its name and time


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the page shows it; `text` has a line for each of its paragraphs."""

    text: str
    heading: str | None
    author: str | None
    published_at: str | None


def read_post(
    segmentation: Segmentation, node: int, inner: Collection[int], language: str | None
) -> Post:
    """The post that `node` is.

    Args:
        segmentation: The page.
        node: Its element.
        inner: Nodes of posts that stand in it, which are none of its text.
        language: The page's, which settles what 3/4/2031 is.
    """
    place = segmentation.nodes[node]
    skipped = {i for n in inner for i in _segments_of(segmentation, n)}
    indexes = [i for i in range(place.start, place.end) if i not in skipped]
    others = {segmentation.nodes[n].element for n in inner}
    author, date = None, None
    times: set[str] = set()
    is_stated = False
    for element in _elements(place.element, others):
        marks = _marks_of(element)
        is_time = element.tag == "time" and not is_stated
        if is_time or (date is None and marks and _TIME.search(marks)):
            is_stated = is_time
            stated = element.get("datetime") or element.get("content") or element.get("title")
            times.add(_text_of(element))
            date = parse_date(stated or _text_of(element)[:_MOST_NAME], language=language)
        if author is None and (element.tag in {"cite", "address"} or _AUTHOR.search(marks)):
            name = _strip_name(element.get("content") or _text_of(element))
            author = name if 0 < len(name) <= _MOST_NAME else None
    heading, lines = _read_lines(segmentation, indexes, author, language)
    lines = [line for line in lines if line not in times]
    if author is None and heading is None and len(lines) > 1 and len(lines[0]) <= _MOST_NAME:
        is_name = not lines[0].endswith((".", "!", "?")) and len(lines[0].split()) <= 4
        if is_name:
            author, lines = _strip_name(lines[0]), lines[1:]
    return Post("\n".join(lines), heading, author, date)


def _segments_of(segmentation: Segmentation, node: int) -> range:
    return range(segmentation.nodes[node].start, segmentation.nodes[node].end)


def _elements(root: etree._Element, others: Collection[etree._Element]) -> Iterator[etree._Element]:
    """Elements of a post in document order, without those of posts in it."""
    pending = list(reversed(root))
    seen = 0
    while pending and seen < _MOST_INNER:
        element = pending.pop()
        if element in others or not isinstance(element.tag, str):
            continue
        seen += 1
        yield element
        pending.extend(reversed(element))


def _marks_of(element: etree._Element) -> str:
    return " ".join(
        value for key in ("itemprop", "class", "rel") if (value := element.get(key))
    ).lower()[:300]


def _read_lines(
    segmentation: Segmentation, indexes: list[int], author: str | None, language: str | None
) -> tuple[str | None, list[str]]:
    """A heading and the lines of the text, without the name, the time and the buttons."""
    marked = [i for i in indexes if _is_in_text(segmentation, i, indexes[0])]
    heading = None
    lines: list[str] = []
    for index in indexes:
        segment = segmentation.segments[index]
        tag = segmentation.nodes[segment.node].tag
        text = segment.text
        if tag in _HEADING_TAGS and not lines:
            heading = heading or text
            continue
        if _BUTTON.match(text) or (author and _strip_name(text) == author):
            continue
        if len(text) <= _MOST_NAME and index not in marked and not lines:
            rest = text.replace(author, "") if author else text
            if parse_date(rest, language=language) or (author and author in text):
                continue
        if marked and index not in marked:
            continue
        lines.append(text)
    return (None if heading and author and _strip_name(heading) == author else heading), lines


def _is_in_text(segmentation: Segmentation, index: int, first: int) -> bool:
    """Whether a segment stands in what is marked as the text of its post."""
    node = segmentation.segments[index].node
    while node >= 0 and segmentation.nodes[node].start >= first:
        if segmentation.nodes[node].start > first and _TEXT.search(segmentation.nodes[node].marks):
            return True
        node = segmentation.nodes[node].parent
    return False


def _strip_name(text: str) -> str:
    text = " ".join(text.split())
    return re.sub(r"\s*(?:says|said|schreibt|sagt|dice|a écrit|dit)?\s*[:,·|–-]?\Z", "", text)[:200]


def _text_of(element: etree._Element) -> str:
    pieces = islice(cast("Iterator[str]", element.itertext("*")), 20)
    return " ".join("".join(map(str, pieces)).split())
