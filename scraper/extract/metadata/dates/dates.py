"""When an article was published and last changed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from scraper.extract.metadata.dates.date_search import search_date
from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.metadata.dates.visible_dates import (
    find_dateline,
    find_marked_date,
    find_only_date,
    find_sure_dateline,
    find_time_element,
    find_url_date,
)
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.extract.metadata.title.headline import Headline

_PUBLISHED_METAS: Final = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "date_published",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.published",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_date",
    "published-date",
    "published_at",
    "article_date_original",
    "article.published",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "originalpublicationdate",
    "ptime",
    "timestamp",
    "date",
    "created",
    "article.created",
    "datecreated",
    "og:pubdate",
    "release_date",
    "og:release_date",
    "video:release_date",
    "displaydate",
    "rnews:datepublished",
)
_MODIFIED_METAS: Final = (
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "og:modified_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "lastmodified",
    "dcterms.modified",
    "dc.date.modified",
    "dc.modified",
    "updated_time",
    "revision_date",
    "article.updated",
)


def find_published_at(survey: Survey, headline: Headline) -> Found[str]:
    """When the article was published, ISO 8601; "" when nothing on the page says.

    What is stated wins, unless the page shows another day beside its headline and does not call
    it an update: a stated date may be that of an import, a draft or the page's first use.
    """
    language = survey.date_language
    stated = [
        *_stated(survey, ("datePublished", "dateCreated"), _PUBLISHED_METAS),
        *_stated(survey, ("uploadDate",), ()),  # of a film in the article, or of a page about one
    ]
    if stated:
        shown = find_sure_dateline(headline, language)
        changed = find_modified_at(survey, headline)
        if shown and all(shown[:10] != f.value[:10] for f in (*stated, changed)):
            return Found(shown, "beside the headline")
        # A day apart is the same evening in two time zones.
        if shown and _days_between(shown, stated[0].value) > 1:
            stated = [f for f in stated if f.value[:10] == shown[:10]] or stated
        return _most_local(stated, survey)
    dateline, is_update = find_dateline(survey, headline)
    if dateline.value and not is_update:
        return _most_precise(dateline, survey)
    for find in (find_time_element, find_marked_date, find_url_date):
        found = find(survey)
        if found.value:
            return found
    if not dateline.value:
        only = find_only_date(survey)
        if only.value:
            return only
    return dateline if dateline.value else search_date(survey)


def _days_between(one: str, other: str) -> int:
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)


def _most_precise(dateline: Found[str], survey: Survey) -> Found[str]:
    """The date beside the headline, with the time of day where markup gives it for that day."""
    if len(dateline.value) > 10:
        return dateline
    for find in (find_time_element, find_marked_date):
        found = find(survey)
        if len(found.value) > 10 and found.value[:10] == dateline.value:
            return found
    return dateline


def find_modified_at(survey: Survey, headline: Headline) -> Found[str]:
    """When the article was last changed, ISO 8601; "" when nothing on the page says."""
    for found in _stated(survey, ("dateModified",), _MODIFIED_METAS):
        return found
    dateline, is_update = find_dateline(survey, headline)
    return dateline if is_update else Found("", "")


def _stated(survey: Survey, keys: tuple[str, ...], metas: tuple[str, ...]) -> Iterator[Found[str]]:
    """The dates that JSON-LD, microdata and meta elements state, in that order."""
    language = survey.date_language
    for key in keys:
        value = survey.article.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        parsed = parse_date(value, language=language)
        if parsed:
            yield Found(parsed, f"json-ld {key}")
    if survey.item is not None:
        for key in keys:
            for text in survey.item.texts(key):
                parsed = parse_date(text, language=language)
                if parsed:
                    yield Found(parsed, f"microdata {key}")
    for name in metas:
        for content in survey.metas.get(name, ()):
            parsed = parse_date(content, language=language)
            if parsed:
                yield Found(parsed, f"meta {name}")


def _most_local(stated: list[Found[str]], survey: Survey) -> Found[str]:
    """The first date, but in the newsroom's own time zone where the page gives it too.

    An evening story is of the next day in UTC; readers know it by the day they read it.
    """
    first = stated[0]
    moment = _aware(first.value)
    if moment is None or moment.utcoffset():
        return first
    others = stated[1:] + [
        Found(parsed, "time element")
        for element in survey.times[:10]
        if (parsed := parse_date(element.get("datetime")))
    ]
    for other in others:
        if len(other.value) <= 10:
            continue
        local = datetime.fromisoformat(other.value)
        if local.tzinfo is not None:
            if local.utcoffset() and local == moment:
                return other
        else:
            # The same moment without its zone: hours and quarters apart, to the second.
            gap = abs((local - moment.replace(tzinfo=None)).total_seconds())
            if 0 < gap <= 14 * 3600 and gap % 900 == 0 and local.second == moment.second:
                return other
    return first


def _aware(value: str) -> datetime | None:
    """The moment a date stands for; None for a day alone, and for a time without a zone."""
    if len(value) <= 10:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else None
