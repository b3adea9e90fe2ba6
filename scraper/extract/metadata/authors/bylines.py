"""Names in what the markup calls a byline, in links to people, in signatures."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final, cast

from lxml import etree

from scraper.extract.metadata.authors.degrees import without_degrees
from scraper.extract.metadata.authors.names import (
    looks_like_handle,
    looks_like_name,
    split_names,
)
from scraper.extract.metadata.clean import fold, text_within
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Marked, Survey
from scraper.extract.metadata.title.headline import AUTHOR_HREF, Headline, runs_of_text

_BYLINE: Final = re.compile(
    r"author|byline|by-line|writer|autor|auteur|verfasser|redakteur|journalist|contributor"
    r"|signature|firma\b"
)
_NOT_BYLINE: Final = re.compile(
    r"comment|bio\b|avatar|appetizer|image|img|photo|foto|bild|picture|social|related|teaser"
    r"|(?<!v)card|widget|icon"
    r"|follow|copyright|caption|share|sidebar|footer|quote|recommend|popular|trending|list-item"
    r"|authority|authoriz|avail|more-from|newsletter|desc\b|description|about-?(?:the-)?author"
    r"|signup"
)
_tested = etree.XPath(
    "descendant::*[@data-component or @data-testid]"
    "[contains(@data-component, 'yline') or contains(@data-component, 'uthor')"
    " or contains(@data-testid, 'yline') or contains(@data-testid, 'uthor')]"
)
_ASIDE_TAGS: Final = frozenset({"aside", "footer", "nav", "figcaption", "figure", "form"})
_FRAME_TAGS: Final = frozenset({"body", "html", "main", "article"})
_SURE_BYLINE: Final = re.compile(
    r"author-?_?name|authorname|byline-?_?name|vcard|username|entry-author|posted-by|post-author"
    r"|article-author|story-byline|\bauthor\b|\bbyline\b"
)
_OTHER_ROLE: Final = re.compile(r"review|edit|check|medical|photo|illustr", re.IGNORECASE)
_PERSON_HREF: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|journalist\w*|reporters?|columnist\w*|contributors?"
    r"|writers?)/\w",
    re.IGNORECASE,
)
_ALL_BY: Final = re.compile(
    r"^(?:(?:view|see|read) )?(?:all |more )?(?:posts|articles|stories) (?:by|from) ", re.IGNORECASE
)
_SIGNATURE_TAGS: Final = ("p", "div", "span", "em", "i", "strong", "b", "h3", "h4", "h5", "h6")
_SIGNATURE: Final = re.compile(
    r"(?:this (?:post|article|story) (?:was|is) )?(?:written|posted|authored) by\b[\s:]*"
    r"|by[\s:]+(?=(?-i:[A-Z]))|by\s*$|(?:text|autor|author|auteur|autore|words)\s*:\s*|(?:von|par"
    r"|por)\s+(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"(?<!has-)(?<!with-)(?<!no-)(?:\bcomments?\b|related|sidebar|teaser|footer|recommend|popular"
    r"|trending"
    r"|more-(?:stories|news|articles|from|on)\b|recirc|read-?next|\briver\b)"
)
# Half as long, one of 964 labelled pages loses its authors; twice as long finds no more, nor do
# more than fifty nodes or ten bylines.
_MAX_BYLINE_CHARS: Final = 160
_MAX_TEXT_NODES: Final = 300
_MAX_BYLINES: Final = 40
_MAX_PARAGRAPHS: Final = 12
_PARAGRAPH_CHARS: Final = 120


def find_bylines(survey: Survey, headline: Headline) -> Iterator[Found[tuple[str, ...]]]:
    """The names in each element marked as a byline: full names before nicknames and desks."""
    frames = _frames(headline)
    seen = 0
    handle: Found[tuple[str, ...]] | None = None
    for marked in chain(survey.marked, _tested_elements(survey, frames)):
        marks = marked.marks
        if (
            not _BYLINE.search(marks)
            or _NOT_BYLINE.search(marks)
            or _is_aside(marked.element, frames)
        ):
            continue
        names = _byline_names(marked.element)
        if names:
            yield Found(names, f"byline .{marks.split()[0]}")
        elif handle is None and _SURE_BYLINE.search(marks):
            text = text_within(marked.element, 100)
            names = tuple(n for n in split_names(text) if looks_like_handle(n))
            handle = Found(names, f"byline .{marks.split()[0]}") if names else None
        seen += 1
        if seen >= _MAX_BYLINES:
            break
    links = [e for e in survey.links.get("author", ()) if e.tag == "a" and not _is_aside(e, frames)]
    for element in links[:1]:
        names = split_names(_text(element), trusted=False)
        if names:
            yield Found(names, "link rel=author")
    if handle is not None:
        yield handle


def _tested_elements(survey: Survey, frames: Sequence[etree._Element]) -> Iterator[Marked]:
    """Elements that say they are a byline to the site's own tests, where classes are hashes."""
    article = next((frame for frame in frames if frame.tag in {"article", "main"}), survey.root)
    for element in islice(cast(list[etree._Element], _tested(article)), _MAX_BYLINES):
        marks = element.get("data-component") or element.get("data-testid") or ""
        yield Marked(element, marks.lower())


def linked_names(survey: Survey, headline: Headline) -> tuple[str, ...]:
    """The person to whose page the article links; empty when there are several, or none."""
    frames = _frames(headline)
    names: set[tuple[str, ...]] = set()
    for link in survey.root.iter("a"):
        if _PERSON_HREF.search(link.get("href") or "") and not _is_aside(link, frames):
            found = split_names(_ALL_BY.sub("", _text(link)), trusted=False)
            names.update((found,) if found else ())
    return names.pop() if len(names) == 1 else ()


def signed_names(survey: Survey, headline: Headline) -> tuple[str, ...]:
    """The names in the first signature of the page, "Written by …"; empty when there is none."""
    frames = _frames(headline)
    for element in survey.root.iter(*_SIGNATURE_TAGS):
        text = (element.text or "").strip()
        if _SIGNATURE.match(text) and not _is_aside(element, frames):
            whole = text_within(element, _MAX_BYLINE_CHARS)
            names = split_names(_SIGNATURE.sub("", whole), trusted=False)
            if names:
                return names
    return ()


def opening_names(survey: Survey, headline: Headline) -> tuple[str, ...]:
    """The names in bold that are a paragraph before the first long one; empty without any."""
    frames = _frames(headline)
    for element in islice(survey.root.iter("p"), _MAX_PARAGRAPHS):
        if _is_aside(element, frames):
            continue
        text = text_within(element, _PARAGRAPH_CHARS)
        if not text and len("".join(map(str, element.itertext()))) > _PARAGRAPH_CHARS:
            return ()
        is_bold = any(text_within(b, _PARAGRAPH_CHARS) == text for b in element.iter("strong", "b"))
        names = split_names(text, trusted=False) if is_bold else ()
        if names and len(fold(text)) <= len(fold("".join(names))) + len("und"):
            return names
    return ()


def _frames(headline: Headline) -> tuple[etree._Element, ...]:
    """The elements around the headline: the article, and what holds it."""
    return () if headline.element is None else tuple(headline.element.iterancestors())


def _is_aside(element: etree._Element, frames: Sequence[etree._Element]) -> bool:
    """Whether an element belongs to something beside the article: comments, teasers, footers.

    What holds the headline as well, one of `frames`, is the article or more: its class may speak of
    a sidebar that stands in it.
    """
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor in frames:
            return False
        if ancestor.tag == "footer" and _is_of_article(ancestor, frames):
            continue
        if ancestor.tag in _ASIDE_TAGS or depth > 60 or _is_other_article(ancestor, frames):
            return True
        if depth < 8 and ancestor.tag not in _FRAME_TAGS:
            marks = f"{ancestor.get('class', '')} {ancestor.get('id', '')}".lower()
            if _ASIDE.search(marks):
                return True
    return False


def _is_other_article(element: etree._Element, frames: Sequence[etree._Element]) -> bool:
    """Whether this is another article than the headline's: one with a heading of its own."""
    if element.tag != "article" or not any(frame.tag == "article" for frame in frames):
        return False
    return next(element.iter("h2", "h3", "h4"), None) is not None


def _is_of_article(footer: etree._Element, frames: Sequence[etree._Element]) -> bool:
    """Whether a footer is that of the article under the headline: HTML's place for its author."""
    return next(footer.iterancestors("article"), None) in frames


def _byline_names(element: etree._Element) -> tuple[str, ...]:
    """Names in a byline: those linked to a person's page, else those its text gives."""
    names: list[str] = []
    for link in islice(element.iter("a"), _MAX_BYLINES):
        is_author = AUTHOR_HREF.search(link.get("href") or "") or link.get("rel") == "author"
        if is_author and not _OTHER_ROLE.search(_words_before(link)):
            names.extend(split_names(_text(link), trusted=False))
    if names:
        return tuple(dict.fromkeys(names))
    text = _text(element)
    if text and len(text) <= _MAX_BYLINE_CHARS:
        found = split_names(text, trusted=False)
        if found:
            return tuple(map(without_degrees, found))
    # A block with a portrait, a name, a job and a life: the name comes first.
    for words in islice(runs_of_text(element), 4):
        if looks_like_name(words.text):
            return split_names(words.text, trusted=False)
    return ()


def _words_before(element: etree._Element) -> str:
    """The last 40 characters before an element: what its name is there for, as "Reviewed by"."""
    previous = element.getprevious()
    parent = element.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return (text or "")[-40:]


def _text(element: etree._Element) -> str:
    """The words of an element, boundaries between elements kept apart."""
    parts = []
    for node in islice(element.iter(), _MAX_TEXT_NODES):
        if (
            node.tag not in {"style", "script", "svg", "time"}
            and isinstance(node.tag, str)
            and node.text
        ):
            parts.append(node.text)
        if node is not element and node.tail:
            parts.append(node.tail)
    return " ".join(" | ".join(p for part in parts if (p := part.strip())).split())
