"""The section an article stands in, and its tags."""

import re
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote

from scraper.extract.metadata.clean import clean_text, fold, path_of, text_within
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.extract.metadata.title.headline import Headline, elements_before
from scraper.extract.structured.structured_data import nodes_of_type

_SECTION_METAS: Final = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "cxenseparse:section",
    "category",
    "article.section",
    "sailthru.section",
)
_TAG_METAS: Final = (
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "keywords",
)
_HOME: Final = frozenset(
    {
        "home",
        "homepage",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "forside",
        "hjem",
        "hem",
        "首页",
        "首頁",
        "ホーム",
        "главная",
        "anasayfa",
        "etusivu",
        "news",
        "index",
        "blog",
    }
)
# Elements above the headline: with four, one article in ten takes its section from the menu.
_KICKERS_LOOKED_AT: Final = 2
_MAX_TAGS: Final = 50  # of 1,700 pages with tags 27 name more: all those of the site
_MAX_TAG_CHARS: Final = 80  # of 10,000 keywords one in a hundred has more than 57


def find_section(survey: Survey, headline: Headline) -> Found[str]:
    """The section of the publication; "" when the page names none."""
    names = _strings(survey, survey.article.get("articleSection"))
    if names:
        return Found(names[0], "json-ld articleSection")
    if survey.item is not None:
        text = clean_text(next(iter(survey.item.texts("articleSection")), ""))
        if text and len(text) <= _MAX_TAG_CHARS:
            return Found(text, "microdata articleSection")
    text = survey.meta(*_SECTION_METAS)
    if text and len(text) <= _MAX_TAG_CHARS and not text.startswith(("http:", "https:")):
        return Found(text, "meta article:section")
    for found in (_from_breadcrumb(survey), _from_category_link(survey)):
        if found.value:
            return found
    return _from_kicker(headline)


def _from_kicker(headline: Headline) -> Found[str]:
    """The link just above the headline, where its address ends in its own words: /going-out."""
    if headline.element is None:
        return Found("", "")
    for element in islice(elements_before(headline.element), _KICKERS_LOOKED_AT):
        for link in islice(element.iter("a"), _KICKERS_LOOKED_AT):
            text = text_within(link, _MAX_TAG_CHARS)
            path = path_of(link.get("href")).rstrip("/")
            if fold(text) and fold(unquote(path.rpartition("/")[2])) == fold(text):
                return Found(text, "link above the headline")
    return Found("", "")


def _from_category_link(survey: Survey) -> Found[str]:
    """The first link marked as leading to the article's category (microformats rel-category)."""
    for element in survey.links.get("category", ()):
        text = text_within(element, _MAX_TAG_CHARS)
        if element.tag == "a" and text:
            return Found(text, "link rel=category")
    return Found("", "")


def _from_breadcrumb(survey: Survey) -> Found[str]:
    """The first step of the path to the page that is neither the front page nor the page itself."""
    for crumb in nodes_of_type(survey.structured, "BreadcrumbList", nested=True):
        items = crumb.get("itemListElement")
        names = _strings(survey, items) if isinstance(items, list) else []
        title = fold(
            clean_text(survey.article.get("headline"))
            or survey.meta("og:title")
            or survey.title_tag
        )
        names = [
            n
            for n in names
            if n.lower() not in _HOME and not (fold(n) and fold(n) in title and len(fold(n)) > 15)
        ]
        if names and isinstance(items, list) and len(items) > 1:
            return Found(names[-1] if len(names) == 1 else names[0], "json-ld breadcrumb")
    return Found("", "")


def find_tags(survey: Survey) -> Found[tuple[str, ...]]:
    """Keywords of the article in order, none twice."""
    names = _split(_strings(survey, survey.article.get("keywords")))
    if names:
        return Found(names, "json-ld keywords")
    for meta in _TAG_METAS:
        names = _split(survey.metas.get(meta, ()))
        if names:
            return Found(names, f"meta {meta}")
    categories = survey.links.get("category", ())
    links = [
        text_within(e, _MAX_TAG_CHARS)
        for e in survey.links.get("tag", ())[:_MAX_TAGS]
        if e.tag == "a" and e not in categories  # rel="category tag" marks the section
    ]
    names = _split(links)
    return Found(names, "link rel=tag") if names else Found((), "")


def _strings(survey: Survey, value: Any) -> list[str]:
    """Names out of whatever JSON-LD holds them in."""
    found = []
    for inner in value if isinstance(value, list) else [value]:
        resolved = survey.structured.resolve(inner)
        if isinstance(resolved, dict):
            item = resolved.get("item")
            resolved = resolved.get("name") or (
                item.get("name") if isinstance(item, dict) else None
            )
        text = clean_text(resolved)
        if text:
            found.append(text)
    return found


def _split(values: Any) -> tuple[str, ...]:
    """The tags in strings of several, without notes of the site's machinery, each once."""
    tags: dict[str, str] = {}
    for value in values:
        for part in re.split(r"[,;|、，]", clean_text(value, max_chars=2000)):
            tag = part.strip().strip("#\"'")
            # "Key:Value" pairs and ids are notes of the site's machinery to itself.
            if (
                tag
                and len(tag) <= _MAX_TAG_CHARS
                and not re.search(r"https?:|^\w+:\S+$|^\d{5,}$", tag)
            ):
                tags.setdefault(fold(tag), tag)
    tags.pop("", None)
    return tuple(tags.values())[:_MAX_TAGS]
