"""What of an archive is wanted: told from the cheapest sign that can tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.globs import compile_glob
from pipelines.ingest.filter.news_likeness import is_news_like, sample_text
from pipelines.ingest.items import CapturedPage
from pipelines.page.input_document import looks_like_html
from scraper.article import Article
from scraper.extract.metadata.language import detect_language
from scraper.media_types import UNSAID_TYPES

DEFAULT_MIME: Final = ("text/html", "application/xhtml+xml")
_LANG: Final = re.compile(rb"<html[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is wanted.

    Attributes:
        include: Globs; a page is wanted when one matches, or there are none. One that begins with
            ``/`` is for the path, any other for host and path: ``*.example.org/news/**``.
        exclude: Globs of what is not wanted.
        mime: Media types, for pages that are not text already.
        languages: Two-letter tags; empty for all.
        since: First day of publication; where that is unknown, of capture.
        until: Last such day.
        is_news_only: Whether pages that do not look like an article are left out unread.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    mime: tuple[str, ...] = DEFAULT_MIME
    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    is_news_only: bool = True


def find_unwanted(captured: CapturedPage, filters: Filters) -> str | None:
    """Why a page is not wanted, from what its headers say; None when it may be.

    Example:
        >>> from pipelines.ingest.items import START
        >>> from scraper.page import Page
        >>> page = Page(url="https://example.org/", body=b"", status=404)
        >>> find_unwanted(CapturedPage(page, False, START), Filters())
        'status 404'
    """
    page = captured.page
    if not 200 <= page.status < 300:
        return f"status {page.status}"
    media_type = (page.content_type or "").partition(";")[0].strip().lower()
    if not captured.is_text and not _is_type_wanted(media_type, page.body, filters):
        return "media type"
    if not _is_url_wanted(page.url, filters):
        return "url"
    if filters.since and page.fetched_at and page.fetched_at.date() < filters.since:
        return "date"  # nothing is captured before it is published
    return None


def find_unlike(captured: CapturedPage, filters: Filters) -> str | None:
    """Why a page is not worth reading, from a glance at its body; None when it may be."""
    if filters.is_news_only and not is_news_like(captured):
        return "not news-like"
    if filters.languages:
        stated = _LANG.search(captured.page.body[:8192])
        tag = stated[1].decode().lower() if stated else None
        if tag not in filters.languages:
            # Templates lie about the language; the text does not.
            detected = detect_language(sample_text(captured))
            if detected is not None and detected not in filters.languages:
                return "language"
    return None


def find_unfit(captured: CapturedPage, article: Article, filters: Filters) -> str | None:
    """Why an article that was read is not wanted; None when it is."""
    if filters.languages:
        tag = detect_language(article.text) or (article.language or "").partition("-")[0]
        if tag not in filters.languages:
            return "language"
    captured_at = captured.page.fetched_at
    day = _day_of(article.published_at) or (captured_at.date() if captured_at else None)
    if day is not None and (
        (filters.since and day < filters.since) or (filters.until and day > filters.until)
    ):
        return "date"
    return None


def _is_type_wanted(media_type: str, body: bytes, filters: Filters) -> bool:
    """Whether a media type is wanted; of a server that says nothing with it, what the page is."""
    if not media_type or media_type in filters.mime:
        return True
    return media_type in UNSAID_TYPES and "text/html" in filters.mime and looks_like_html(body)


def _is_url_wanted(url: str, filters: Filters) -> bool:
    if not filters.include and not filters.exclude:
        return True
    rest = url.partition("://")[2].partition("#")[0].partition("?")[0]
    host, slash, path = rest.partition("/")
    if _matches(filters.exclude, host.lower(), slash + path):
        return False
    return not filters.include or _matches(filters.include, host.lower(), slash + path)


def _matches(globs: Iterable[str], host: str, path: str) -> bool:
    path = path or "/"
    return any(
        compile_glob(glob).match(path if glob.startswith("/") else host + path) is not None
        for glob in globs
    )


def _day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
