"""When an article was published and last changed."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from scraper.extract.metadata.clean import text_within
from scraper.extract.metadata.date_text import parse_date
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

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
_URL_DATE: Final = re.compile(
    r"(?:^|[/_\-.=])(?P<y>(?:19|20)\d\d)(?P<s>[/_\-.]?)"
    r"(?P<m>0[1-9]|1[0-2]|(?<=[/_\-.])[1-9])(?P=s)"
    r"(?P<d>0[1-9]|[12]\d|3[01]|(?<=[/_\-.])[1-9])(?=\D|$)"
)
_UPDATED: Final = re.compile(
    r"updat|modif|revis|aktualis|geändert|mis à jour|actualiz|aggiorn|atualiz|bijgewerkt"
    r"|oppdatert|uppdaterad|opdateret|обновл|更新|güncelle|zaktualizow",
    re.IGNORECASE,
)
_DATE_MARK: Final = re.compile(
    r"date|time|publi|posted|dateline|fecha|datum|tarih|meta|byline|author|info"
)
_SURE_MARK: Final = re.compile(r"publi|posted|dateline|entry-date|post-date|article-date|date")
_NOT_MARK: Final = re.compile(
    r"comment|related|sidebar|footer|widget|teaser|card|copyright|event|upcoming|recommend|popular"
    r"|trending|latest|recent|timeline|countdown|overtime"
)
_MAX_TEXT_CHARS: Final = 200
_MAX_MARKED: Final = 60


def find_published_at(survey: Survey) -> Found[str]:
    """When the article was first published, ISO 8601; "" when nothing on the page says."""
    stated = list(_stated(survey, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED_METAS))
    if stated:
        return _most_local(stated, survey)
    for find in (_from_time_elements, _from_marked, _from_url):
        found = find(survey)
        if found.value:
            return found
    return Found("", "")


def find_modified_at(survey: Survey) -> Found[str]:
    """When the article was last changed, ISO 8601; "" when nothing on the page says."""
    return next(_stated(survey, ("dateModified",), _MODIFIED_METAS), Found("", ""))


def _stated(survey: Survey, keys: tuple[str, ...], metas: tuple[str, ...]) -> Iterator[Found[str]]:
    language = survey.lang
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
            gap = abs((local - moment.replace(tzinfo=None)).total_seconds())
            if 0 < gap <= 14 * 3600 and gap % 900 == 0 and local.second == moment.second:
                return other
    return first


def _aware(value: str) -> datetime | None:
    if len(value) <= 10:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else None


def _from_time_elements(survey: Survey) -> Found[str]:
    best: Found[str] = Found("", "")
    best_score = 0.0
    for position, element in enumerate(survey.times[:30]):
        text = text_within(element, _MAX_TEXT_CHARS)
        stated = element.get("datetime") or element.get("title")
        parsed = parse_date(stated, language=survey.lang) or parse_date(text, language=survey.lang)
        if not parsed:
            continue
        marks = " ".join(
            (element.get("class", ""), element.get("itemprop", ""), _marks_above(element, 3))
        ).lower()
        score = 2.0 - 0.05 * position
        if _NOT_MARK.search(marks) or _in_aside(element):
            score -= 1.5
        if "updated" in marks or "modified" in marks or _UPDATED.search(text):
            score -= 0.8
        if _SURE_MARK.search(marks) or element.get("pubdate") is not None:
            score += 0.5
        if score > best_score:
            best, best_score = Found(parsed, "time element"), score
    return best


def _marks_above(element: etree._Element, levels: int) -> str:
    marks = []
    node = element.getparent()
    while node is not None and levels:
        marks.append(f"{node.get('class', '')} {node.get('id', '')}")
        node, levels = node.getparent(), levels - 1
    return " ".join(marks)


def _in_aside(element: etree._Element) -> bool:
    for depth, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag in {"aside", "footer", "nav"}:
            return True
        if depth > 40:
            break
    return False


def _from_marked(survey: Survey) -> Found[str]:
    best: Found[str] = Found("", "")
    best_score = 0.0
    position = 0
    for marked in survey.marked:
        marks = marked.marks
        if not _DATE_MARK.search(marks) or _NOT_MARK.search(marks):
            continue
        text = text_within(marked.element, _MAX_TEXT_CHARS)
        if not text:
            continue
        parsed = parse_date(text, language=survey.lang)
        if not parsed:
            continue
        score = (
            1.0 - 0.03 * position + 0.6 * bool(_SURE_MARK.search(marks)) + 0.3 * (len(text) < 40)
        )
        position += 1
        if _UPDATED.search(text) or "updated" in marks or "modified" in marks:
            score -= 0.5
        if _in_aside(marked.element) or _NOT_MARK.search(_marks_above(marked.element, 4).lower()):
            score -= 0.8
        if score > best_score:
            best, best_score = Found(parsed, f"visible .{marks.split()[0]}"), score
        if position > _MAX_MARKED:
            break
    return best


def _from_url(survey: Survey) -> Found[str]:
    match = _URL_DATE.search(survey.url or "")
    if match:
        parsed = parse_date(f"{match['y']}-{match['m']}-{match['d']}")
        if parsed:
            return Found(parsed, "url")
    return Found("", "")
