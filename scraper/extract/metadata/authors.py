"""The authors: people first, whatever name the page gives when it names none."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from scraper.extract.metadata.clean import fold
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.names import looks_like_name, split_names
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
    r"comment|bio\b|avatar|image|img|photo|foto|bild|picture|social|related|teaser|card|widget|icon"
    r"|follow|copyright|caption|share|sidebar|footer|quote|recommend|popular|trending|list-item"
    r"|authority|authoriz|avail|more-from|newsletter|desc\b|description|about-?(?:the-)?author|signup"
)
_AUTHOR_HREF: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|by|profiles?|people|staff|journalist\w*|reporters?|columnist\w*"
    r"|contributors?|writers?|team|redaktion|redaccion|firmas?|skribent\w*|person(?:s|en)?|members?|users?|bylines?)[/=]|[?&]author=",
    re.IGNORECASE,
)
_MAX_BYLINE_CHARS: Final = 160
_MAX_BYLINES: Final = 40


def find_authors(survey: Survey) -> Found[tuple[str, ...]]:
    """The authors' names; a person found anywhere is better than the name of the site."""
    names = site_names(survey)
    fallback: Found[tuple[str, ...]] | None = None
    for found in _candidates(survey):
        if any(fold(name) not in names and _is_personal(name) for name in found.value):
            people = tuple(name for name in found.value if fold(name) not in names)
            return Found(people, found.source)
        if fallback is None:
            fallback = found
    return fallback or Found((), "")


def _is_personal(name: str) -> bool:
    return looks_like_name(name) or len(name.split()) == 1


def _candidates(survey: Survey) -> Iterator[Found[tuple[str, ...]]]:
    for key in ("author", "creator"):
        yield from _found(_json_ld_names(survey, survey.article.get(key)), f"json-ld {key}")
    if survey.item is not None:
        yield from _found(_microdata_names(survey.item), "microdata author")
    for meta in _METAS:
        values = survey.metas.get(meta, ())
        yield from _found((name for v in values for name in split_names(v)), f"meta {meta}")
    yield from _bylines(survey)


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


def _bylines(survey: Survey) -> Iterator[Found[tuple[str, ...]]]:
    seen = 0
    for marked in survey.marked:
        if not _BYLINE.search(marked.marks) or _NOT_BYLINE.search(marked.marks):
            continue
        if _is_aside(marked.element):
            continue
        names = _byline_names(marked.element)
        if names:
            yield Found(names, f"byline .{marked.marks.split()[0]}")
        seen += 1
        if seen >= _MAX_BYLINES:
            break
    links = [e for e in survey.links.get("author", ()) if e.tag == "a" and not _is_aside(e)]
    for element in links[:1]:
        names = split_names(_text(element), trusted=False)
        if names:
            yield Found(names, "link rel=author")


def _is_aside(element: etree._Element) -> bool:
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag in {"aside", "footer", "nav", "figcaption", "figure", "form"} or depth > 60:
            return True
        marks = f"{ancestor.get('class', '')} {ancestor.get('id', '')}".lower()
        if (
            depth < 8
            and re.search(
                r"comment|related|sidebar|teaser|footer|recommend|popular|trending", marks
            )
            and ancestor.tag not in {"body", "html", "main", "article"}
        ):
            return True
    return False


def _byline_names(element: etree._Element) -> tuple[str, ...]:
    links = [
        a
        for a in element.iter("a")
        if _AUTHOR_HREF.search(a.get("href") or "") or a.get("rel") == "author"
    ]
    names = [name for a in links[:10] for name in split_names(_text(a), trusted=False)]
    if names:
        return tuple(dict.fromkeys(names))
    text = _text(element)
    if not text or len(text) > _MAX_BYLINE_CHARS:
        return ()
    return split_names(text, trusted=False)


def _text(element: etree._Element) -> str:
    """The words of an element, boundaries between elements kept apart."""
    parts = []
    for node in element.iter():
        if (
            node.tag not in {"style", "script", "svg", "time"}
            and isinstance(node.tag, str)
            and node.text
        ):
            parts.append(node.text)
        if node is not element and node.tail:
            parts.append(node.tail)
    return " ".join(" | ".join(p for part in parts if (p := part.strip())).split())


def is_address(value: str) -> bool:
    """Whether a value is a URL rather than a name."""
    return bool(urlsplit(value).scheme)
