"""What the metadata steps look at, gathered in one pass over the few elements that matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, cast

from lxml import etree

from scraper.extract.metadata.article_node import find_article_item, find_article_node
from scraper.extract.metadata.clean import clean_text, clean_url
from scraper.extract.structured.structured_data import MicrodataItem, StructuredData
from scraper.urls.web_urls import hostname_of

# Sites mix up which of these holds a field's name: "og:title" is a property, and often a name.
_META_KEYS: Final = ("property", "name", "itemprop", "http-equiv")
# Bounds for hostile pages: of 3,800 pages of many sites none has more than 506 links of one
# relation, or two headings by role. A lower heading that is the title is among the first ten.
_MAX_LINKS: Final = 5_000
_MAX_ROLE_HEADINGS: Final = 12
_MAX_LOWER_HEADINGS: Final = 60
# Pages made of <div> alone say to screen readers what they do not say in HTML (WAI-ARIA 1.2).
_headings_by_role = etree.XPath("//*[@role='heading'][@aria-level='1']")
# Parts of class names that hint at a byline or a date, in the languages of templates.
_CUES: Final = (
    "author byline by-line writer autor auteur verfasser redakt journalist contributor signature "
    "firma vcard posted publi date time fecha datum tarih meta info creator credit"
).split()


# Two-letter domains of countries that write the month first, or that are used by sites of any.
_AMERICAN: Final = frozenset({"us", "ph", "io", "co", "ai", "tv", "me", "ly", "fm", "cc", "gg"})


@dataclass(slots=True)
class Marked:
    """An element whose class, id or itemprop hints at metadata."""

    element: etree._Element
    marks: str


@dataclass
class Survey:
    """One page as the metadata steps see it.

    Attributes:
        url: Where the page came from.
        base_url: What relative addresses are relative to.
        metas: Content of meta elements by lower-case name or property, in document order.
        links: <link> and <a> elements by each of their rel keywords.
        headings: <h1> elements, or what is one by its role.
        lower_headings: The first <h2> and <h3> elements.
        times: <time> elements.
        article: The JSON-LD node that describes this article; empty when there is none.
        item: The microdata item that does.
        others: Elements with names and times of their own, as comments have; no field is in them.
        other_times: <time> elements in these.
        names: What the site calls itself, once `site_names` was asked.
    """

    root: etree._Element
    url: str | None
    structured: StructuredData
    base_url: str | None = None
    lang: str | None = None
    title_tag: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[etree._Element]] = field(default_factory=dict)
    headings: list[etree._Element] = field(default_factory=list)
    lower_headings: list[etree._Element] = field(default_factory=list)
    times: list[etree._Element] = field(default_factory=list)
    article: Mapping[str, Any] = field(default_factory=dict)
    item: MicrodataItem | None = None
    others: frozenset[etree._Element] = frozenset()
    other_times: list[etree._Element] = field(default_factory=list)
    names: frozenset[str] | None = None

    def meta(self, *names: str) -> str:
        """The first meta content among `names` that is not empty, cleaned; "" when none is."""
        for name in names:
            for content in self.metas.get(name, ()):
                text = clean_text(content)
                if text:
                    return text
        return ""

    @cached_property
    def date_language(self) -> str | None:
        """The language for reading 3/4/2031: English is of the country its address is in."""
        language = (self.lang or "").lower()
        country = hostname_of(self.url or "").rpartition(".")[2]
        if language in {"", "en"} and len(country) == 2 and country not in _AMERICAN:
            return f"en-{country}"
        return self.lang

    @cached_property
    def marked(self) -> list[Marked]:
        """Elements whose class, id or itemprop hints at metadata, in document order."""
        found = []
        for element in self.root.iter("*"):
            marks = element.get("class") or element.get("id") or element.get("itemprop")
            if marks:
                cue = _cues_seen.get(marks)
                if cue is None:
                    cue = _remember_cue(marks)
                if cue and not self.is_of_others(element):
                    found.append(Marked(element, cue))
        return found

    def is_of_others(self, element: etree._Element) -> bool:
        """Whether an element stands in one of `others`."""
        if not self.others:
            return False
        return element in self.others or any(e in self.others for e in element.iterancestors())


# Class names come again and again, on every page of a site: what was once looked at is known.
_cues_seen: dict[str, str] = {}
_MOST_CUES_SEEN: Final = 20_000  # a page has 170, most of them on every page of its site
_MAX_MARK_CHARS: Final = 1_000  # of 2.3 million marks one in a thousand has more than 350


def _remember_cue(marks: str) -> str:
    """The marks on one line in lower case when they hold a cue, else ""."""
    line = " ".join(marks[:_MAX_MARK_CHARS].lower().split())
    cue = line if any(cue in line for cue in _CUES) else ""
    if len(_cues_seen) >= _MOST_CUES_SEEN:
        _cues_seen.clear()
    if len(marks) <= _MAX_MARK_CHARS:
        _cues_seen[marks] = cue
    return cue


def survey_page(
    root: etree._Element,
    url: str | None,
    structured: StructuredData,
    others: frozenset[etree._Element] = frozenset(),
) -> Survey:
    """What the metadata steps need of a page, gathered in one pass over it."""
    survey = Survey(
        root,
        url,
        structured,
        base_url=url,
        lang=root.get("lang") or root.get("xml:lang"),
        others=others,
    )
    for element in root.iter(*_TAGS):
        tag = element.tag
        if tag != "a":
            _SURVEYORS[tag](survey, element)
        elif "rel" in element.attrib:
            _add_link(survey, element)
    if others:
        survey.other_times = [time for time in survey.times if survey.is_of_others(time)]
        survey.times = [time for time in survey.times if not survey.is_of_others(time)]
    if not survey.headings:
        found = cast(list[etree._Element], _headings_by_role(root))
        survey.headings = found[:_MAX_ROLE_HEADINGS]
    headings = ("".join(map(str, h.itertext("*"))) for h in survey.headings[:_MAX_ROLE_HEADINGS])
    titles = [survey.title_tag, *headings]
    survey.article = find_article_node(structured, url, titles)
    if structured.microdata:
        survey.item = find_article_item(structured, url, titles)
    return survey


def _add_meta(survey: Survey, element: etree._Element) -> None:
    content = element.get("content")
    if not content:
        return
    for key in _META_KEYS:
        name = element.get(key)
        if name:
            survey.metas.setdefault(name.strip().lower(), []).append(content)


def _add_link(survey: Survey, element: etree._Element) -> None:
    rel = element.get("rel")
    if rel:
        for keyword in rel.lower().split():
            links = survey.links.setdefault(keyword, [])
            if len(links) < _MAX_LINKS:
                links.append(element)


def _add_lower_heading(survey: Survey, element: etree._Element) -> None:
    if len(survey.lower_headings) < _MAX_LOWER_HEADINGS:
        survey.lower_headings.append(element)


def _add_title(survey: Survey, element: etree._Element) -> None:
    if not survey.title_tag:
        survey.title_tag = clean_text(element.text or "")


def _add_base(survey: Survey, element: etree._Element) -> None:
    if survey.base_url == survey.url:
        survey.base_url = clean_url(element.get("href"), survey.url) or survey.url


_SURVEYORS: Final[Mapping[str, Callable[[Survey, etree._Element], None]]] = {
    "meta": _add_meta,
    "link": _add_link,
    "a": _add_link,
    "title": _add_title,
    "base": _add_base,
    "h1": lambda survey, element: survey.headings.append(element),
    "h2": _add_lower_heading,
    "h3": _add_lower_heading,
    "time": lambda survey, element: survey.times.append(element),
}
_TAGS: Final = tuple(_SURVEYORS)
