"""The title: the headline as a reader of the page sees it."""

import re
from itertools import islice
from typing import Final

from lxml import etree

from scraper.extract.metadata.clean import clean_text, clean_url, fold, path_of
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.site.heading_words import MAX_TITLE_CHARS, heading_text
from scraper.extract.metadata.site.masthead import masthead_names, names_of_site
from scraper.extract.metadata.site.site import site_names
from scraper.extract.metadata.survey import Survey
from scraper.extract.metadata.title.marked_line import find_marked_line
from scraper.extract.metadata.title.title_parts import (
    is_print_label,
    is_site_name,
    outer_parts,
    strip_site_name,
    title_cuts,
    without_likely_site,
    without_stamps,
)
from scraper.extract.structured.structured_data import types_of
from scraper.extract.words import count_words

_NO_HEADLINE: Final = re.compile(r"(?<!elementor-)widget|sidebar|related", re.IGNORECASE)
# On 1,180 labelled titles none of these is delicate: half, or half as much again, costs one title
# at most; only without room for a kicker (1.2) three are lost.
_LEAST_AGREEMENT: Final = 0.2  # of a heading with what is stated, where there are several
_LEAST_OF_STATED: Final = 0.5  # a lower heading may be the stated title cut short
_SHORT_CHARS: Final = 8  # shorter titles are in too many headings
_SHORT_PART: Final = 3  # letters of a part of the address: "en", "id"
_WITH_KICKER: Final = 1.6  # times the length of the headline alone
_STATED: Final = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "article:title",
    "citation_title",
    "headline",
    "title",
)


def find_title(survey: Survey) -> Found[str]:
    """The visible headline that agrees with what the page states elsewhere, else what it states."""
    names = site_names(survey) | _names_in_title(survey) | _names_in_masthead(survey)
    shown = _shown_titles(survey)
    names |= _names_in_logo(survey, names, shown)
    stated = _stated_titles(survey, names)
    best = _best_shown(shown, stated, names)
    if best is None or all(fold(best.value) != fold(title.value) for title in stated):
        best = _lower_heading(survey, stated, 1.0 if best else _LEAST_OF_STATED) or best
    if best:
        return _editors_headline(survey, best, stated) or best
    if len(stated) == 1:
        return _only_title(survey, stated[0])
    for title in stated:
        if title.value and fold(title.value) not in names:
            return title
    return stated[0] if stated else Found("", "")


def _only_title(survey: Survey, stated: Found[str]) -> Found[str]:
    """The headline where the page states one title and no heading of it says the same."""
    title = without_likely_site(stated.value)
    return find_marked_line(survey, title) or Found(title, stated.source)


def _names_in_logo(survey: Survey, names: set[str], shown: list[Found[str]]) -> set[str]:
    """A part of the title element that the logo or the copyright says is the site's name.

    Only where nothing else tells which part that is.
    """
    parts = outer_parts(survey.title_tag)
    if survey.meta("og:site_name") or any(is_site_name(part, names) for part in parts):
        return set()
    headlines = {fold(survey.meta("og:title")), *(fold(title.value) for title in shown)}
    return names_of_site(survey, [part for part in parts if fold(part) not in headlines])


def _names_in_masthead(survey: Survey) -> set[str]:
    """A heading that is a link to the front page holds the site's name, not a headline."""
    return {fold(name) for name in masthead_names(survey)}


def _section_names(survey: Survey) -> set[str]:
    """What the section may be called behind the headline: "… | District" in /district/343604."""
    parts = [
        part
        for part in path_of(survey.url).split("/")[1:-1]
        if part.isalpha() and len(part) > _SHORT_PART
    ]
    return {fold(name) for name in (*parts[:2], survey.meta("article:section")) if name}


def _names_in_title(survey: Survey) -> set[str]:
    """What the title element adds to og:title is the site's name."""
    whole, own = fold(survey.title_tag), fold(survey.meta("og:title"))
    headline = fold(clean_text(survey.article.get("headline")))
    if own and len(own) < len(whole) and headline != whole:
        if whole.startswith(own):
            return {whole[len(own) :]}
        if whole.endswith(own):
            return {whole[: -len(own)]}
    return set()


def _editors_headline(
    survey: Survey, shown: Found[str], stated: list[Found[str]]
) -> Found[str] | None:
    """The newsroom's headline where the first heading is a variant of it made for searching.

    News sites put the words people search for in <title> and in a heading that is the same; the
    headline that readers see is then in the JSON-LD alone, or there and in og:title.
    """
    headline = next((f for f in stated if f.source == "json-ld headline"), None)
    if headline is None:
        return None
    own, other = fold(headline.value), fold(shown.value)
    if not own or own == other:
        return None
    if own in other or other in own:
        agrees = any(f.source == "meta og:title" and fold(f.value) == own for f in stated)
        return headline if agrees else None
    is_news = any(kind.endswith("NewsArticle") for kind in types_of(survey.article))
    is_search_title = fold(survey.title_tag).startswith(other)
    return headline if is_news and is_search_title else None


def _stated_titles(survey: Survey, names: set[str]) -> list[Found[str]]:
    found = []
    headline = clean_text(survey.article.get("headline"), max_chars=MAX_TITLE_CHARS)
    if headline:
        found.append(Found(headline, "json-ld headline"))
    if survey.item is not None:
        text = clean_text(next(iter(survey.item.texts("headline")), ""))
        found.append(Found(text, "microdata headline"))
    found.extend(Found(survey.meta(name), f"meta {name}") for name in _STATED)
    if survey.title_tag:
        found.append(Found(survey.title_tag, "title element"))
    name = clean_text(survey.article.get("name"), max_chars=MAX_TITLE_CHARS)
    if name:
        found.append(Found(name, "json-ld name"))
    sections = _section_names(survey)
    return [
        Found(strip_site_name(without_stamps(f.value), names, sections), f.source)
        for f in found
        if f.value
    ]


def _shown_titles(survey: Survey) -> list[Found[str]]:
    found = []
    for element in survey.headings[:12]:
        text = heading_text(element)
        if text and not is_print_label(text) and not _is_signpost(element, survey):
            text = without_stamps(text)
            mark = element.get("class", "").split()
            found.append(Found(text, "h1" + (f".{mark[0]}" if mark else "")))
    return found


def _lower_heading(
    survey: Survey, stated: list[Found[str]], least_share: float
) -> Found[str] | None:
    """A heading of a lower rank that says what the page states as its title, or most of it.

    Templates keep <h1> for the masthead, a slogan or the path to the page.
    """
    titles = [title.value for title in stated]
    titles += [
        title[: cuts[-1].start()]
        for title in titles
        if (cuts := title_cuts(title)) and "|" in cuts[-1][0]
    ]
    wanted = [folded for title in titles if len(folded := fold(title)) > _SHORT_CHARS]
    for element in survey.lower_headings if wanted else ():
        text = heading_text(element)
        folded = fold(text)
        if any(
            (t.startswith(folded) and len(folded) >= least_share * len(t))
            or (folded.endswith(t) and len(folded) < _WITH_KICKER * len(t))
            for t in wanted
        ):
            return _without_kicker(Found(text, str(element.tag)), stated)
    return None


def _is_signpost(heading: etree._Element, survey: Survey) -> bool:
    """Whether a heading leads to another story, or ends the path to this one."""
    if survey.url and _leads_elsewhere(heading, survey.url):
        return True
    if _NO_HEADLINE.search(heading.get("class") or ""):
        return True
    return any(
        "breadcrumb" in (element.get("class") or "").lower()
        for element in (heading, *islice(heading.iterancestors(), 3))
    )


def _leads_elsewhere(heading: etree._Element, url: str) -> bool:
    links = list(heading.iter("a"))
    around = next(heading.iterancestors("a"), None)
    if around is None and len(links) != 1:
        return False
    link = links[0] if around is None else around
    if around is None and fold(heading_text(link)) != fold(heading_text(heading)):
        return False
    target = clean_url(link.get("href"), url)
    return bool(target) and path_of(target) != path_of(url)


def _best_shown(
    shown: list[Found[str]], stated: list[Found[str]], names: set[str]
) -> Found[str] | None:
    folded_stated = [fold(s.value) for s in stated]
    best: Found[str] | None = None
    best_score = 0.0
    for title in shown:
        folded = fold(title.value)
        if not folded:
            continue
        score = max(
            (
                _agreement(folded, title.value, f, s.value)
                for f, s in zip(folded_stated, stated, strict=True)
            ),
            default=0.3 if len(shown) == 1 else 0.0,
        )
        # A heading with the site's name, unless the first that is stated says just that.
        if folded in names and folded not in folded_stated[:1]:
            score = 0.0
        if score > best_score:
            best, best_score = title, score
    if best is None or best_score < (_LEAST_AGREEMENT if len(shown) > 1 else 0.1):
        return None
    return _without_kicker(best, stated)


def _agreement(folded: str, text: str, other_folded: str, other: str) -> float:
    """How much a heading is like a stated title, 0 to 1.

    One inside the other is more than 0.7, and the more the closer in length; else it is the share
    of common words, at most 0.7.
    """
    if folded == other_folded:
        return 1.0
    if (
        len(folded) > 8
        and len(other_folded) > 8
        and (folded in other_folded or other_folded in folded)
    ):
        return 0.7 + 0.25 * min(len(folded), len(other_folded)) / max(
            len(folded), len(other_folded)
        )
    a, b = set(re.findall(r"\w+", text.lower())), set(re.findall(r"\w+", other.lower()))
    if not a or not b:
        return 0.0
    return 0.7 * len(a & b) / min(len(a), len(b))


def _without_kicker(title: Found[str], stated: list[Found[str]]) -> Found[str]:
    """The title without the words before it that what is stated elsewhere does not have."""
    for other in stated:
        text = other.value
        if count_words(text) >= 3 and len(text) < len(title.value) and title.value.endswith(text):
            return Found(text, title.source)
    return title
