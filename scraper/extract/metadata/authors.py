"""The authors: people first, whatever name the page gives when it names none."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from lxml import etree

from scraper.extract.metadata.clean import fold, text_within
from scraper.extract.metadata.date_text import parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.headline import AUTHOR_HREF, Headline, runs_of_text
from scraper.extract.metadata.names import (
    find_job,
    has_lead_in,
    is_lead_in,
    looks_like_credit,
    looks_like_handle,
    looks_like_name,
    split_names,
)
from scraper.extract.metadata.site import site_names
from scraper.extract.metadata.survey import Survey
from scraper.extract.structured_data import MicrodataItem, types_of

_METAS: Final = (
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "byl",
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "article.author",
    "authors",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.author",
    "cxenseparse:author",
    "cXenseParse:author".lower(),
    "author_name",
    "creator",
    "og:author",
    "book:author",
)
_BYLINE: Final = re.compile(
    r"author|byline|by-line|writer|autor|auteur|verfasser|redakteur|journalist|contributor|signature|firma\b"
)
_NOT_BYLINE: Final = re.compile(
    r"comment|bio\b|avatar|image|img|photo|foto|bild|picture|social|related|teaser|(?<!v)card|widget|icon"
    r"|follow|copyright|caption|share|sidebar|footer|quote|recommend|popular|trending|list-item"
    r"|authority|authoriz|avail|more-from|newsletter|desc\b|description|about-?(?:the-)?author|signup"
)
_ASIDE_TAGS: Final = frozenset({"aside", "footer", "nav", "figcaption", "figure", "form"})
_FRAME_TAGS: Final = frozenset({"body", "html", "main", "article"})
_SURE_BYLINE: Final = re.compile(
    r"author-?_?name|authorname|byline-?_?name|vcard|username|entry-author|posted-by|post-author"
    r"|article-author|story-byline|\bauthor\b|\bbyline\b"
)
_OTHER_ROLE: Final = re.compile(r"review|edit|check|medical|photo|illustr", re.IGNORECASE)
_READING_TIME: Final = re.compile(r"\b\d+\W*min|updated|published", re.IGNORECASE)
_AFTER_NAME: Final = re.compile(r"\s*(?:[|•·]|\s[-–—]\s|\b(?:in|on|at)$).*$")
_BESIDE_RUNS: Final = 12
_ASIDE: Final = re.compile(
    r"(?<!has-)(?<!with-)(?<!no-)(?:\bcomments?\b|related|sidebar|teaser|footer|recommend|popular|trending)"
)
_MAX_BYLINE_CHARS: Final = 160
_BODY_CHARS: Final = 220
_MAX_TEXT_NODES: Final = 300
_MAX_BYLINES: Final = 40


def find_authors(survey: Survey, headline: Headline) -> Found[tuple[str, ...]]:
    """The authors' names; a person found anywhere is better than the name of the site."""
    names = site_names(survey)
    fallback: Found[tuple[str, ...]] | None = None
    for found in _candidates(survey, headline):
        if any(fold(name) not in names and _is_personal(name) for name in found.value):
            people = tuple(name for name in found.value if fold(name) not in names)
            return Found(people, found.source)
        if fallback is None:
            fallback = found
    beside_date = () if fallback else _found(_names_beside_date(headline), "beside the date")
    return next(iter(beside_date), fallback or Found((), ""))


def _is_personal(name: str) -> bool:
    return looks_like_name(name) or len(name.split()) == 1


def _candidates(survey: Survey, headline: Headline) -> Iterator[Found[tuple[str, ...]]]:
    for key in ("author", "creator"):
        yield from _found(_json_ld_names(survey, survey.article.get(key)), f"json-ld {key}")
    if survey.item is not None:
        yield from _found(_microdata_names(survey.item), "microdata author")
    for meta in _METAS:
        values = survey.metas.get(meta, ())
        yield from _found((name for v in values for name in split_names(v)), f"meta {meta}")
    yield from _bylines(survey, headline)
    yield from _found(_names_near(headline), "near the headline")


def _found(names: Any, source: str) -> Iterator[Found[tuple[str, ...]]]:
    unique = tuple({fold(name): name for name in reversed(list(names))}.values())[::-1]
    if unique:
        yield Found(unique, source)


def _json_ld_names(survey: Survey, value: Any, depth: int = 0) -> Iterator[str]:
    value = survey.structured.resolve(value)
    if depth > 3:
        return
    if isinstance(value, list):
        for inner in value[:50]:
            yield from _json_ld_names(survey, inner, depth + 1)
    elif isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, list | dict):
            yield from _json_ld_names(survey, name, depth + 1)
        elif isinstance(name, str):
            yield from (
                split_names(name) if "Organization" not in types_of(value) else (name.strip(),)
            )
        elif value.get("@list"):
            yield from _json_ld_names(survey, value["@list"], depth + 1)
        elif isinstance(value.get("givenName"), str) and isinstance(value.get("familyName"), str):
            yield f"{value['givenName']} {value['familyName']}"
    elif isinstance(value, str):
        yield from split_names(value)


def _microdata_names(item: MicrodataItem) -> Iterator[str]:
    for value in item.properties.get("author", ()):
        if isinstance(value, MicrodataItem):
            for name in value.texts("name")[:1]:
                yield from split_names(name)
        else:
            yield from split_names(value)


def _bylines(survey: Survey, headline: Headline) -> Iterator[Found[tuple[str, ...]]]:
    frames = () if headline.element is None else tuple(headline.element.iterancestors())
    seen = 0
    handle: Found[tuple[str, ...]] | None = None
    for marked in survey.marked:
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


def _names_near(headline: Headline) -> Iterator[str]:
    """Names in the lines around the headline, where no class or property marks a byline."""
    for nearby in (headline.after, headline.before[::-1]):
        for index, words in enumerate(nearby):
            if len(words.text) > _MAX_BYLINE_CHARS:
                if nearby is headline.after and len(words.text) > _BODY_CHARS:
                    break
                continue
            credit = ""
            if is_lead_in(words.text):
                credit = nearby[index + 1].text if index + 1 < len(nearby) else ""
            elif words.is_author_link or has_lead_in(words.text):
                credit = words.text
            names = [name for name in split_names(credit) if looks_like_credit(name)]
            if names:
                yield from names
                return


def _names_beside_date(headline: Headline) -> Iterator[str]:
    """A name that stands alone below the headline, with a date or a job beside it."""
    nearby = headline.after[:_BESIDE_RUNS]
    for index, words in enumerate(nearby):
        name = _AFTER_NAME.sub("", words.text)
        if words.is_link or not looks_like_name(name):
            continue
        beside = nearby[max(0, index - 2) : index + 4]
        if any(_is_beside_names(n.text) for n in beside if len(n.text) <= _MAX_BYLINE_CHARS):
            yield from split_names(name, trusted=False)
            return


def _is_beside_names(text: str) -> bool:
    return bool(_READING_TIME.search(text) or find_job(text) or parse_date(text))


def _is_aside(element: etree._Element, frames: Sequence[etree._Element]) -> bool:
    """Whether an element belongs to something beside the article: comments, teasers, footers.

    What holds the headline as well, one of `frames`, is the article or more: its class may speak of
    a sidebar that stands in it.
    """
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor in frames:
            return False
        if ancestor.tag in _ASIDE_TAGS or depth > 60:
            return True
        if depth < 8 and ancestor.tag not in _FRAME_TAGS:
            marks = f"{ancestor.get('class', '')} {ancestor.get('id', '')}".lower()
            if _ASIDE.search(marks):
                return True
    return False


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
            return found
    # A block with a portrait, a name, a job and a life: the name comes first.
    for words in islice(runs_of_text(element), 4):
        if looks_like_name(words.text):
            return split_names(words.text, trusted=False)
    return ()


def _words_before(element: etree._Element) -> str:
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
