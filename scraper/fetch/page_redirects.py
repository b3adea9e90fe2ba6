"""Redirects that a page itself makes: a Refresh header, a meta refresh, a line of script.

Browsers follow them without a word, and readers never see the page that makes them. Only what a
page does at once counts: an article that reloads itself every five minutes is an article.
"""

import re
from html import unescape
from typing import Final

from scraper.media_types import UNSAID_TYPES, media_type_of

_LONGEST_DELAY_SECONDS: Final = 10.0
_LOOKED_AT_BYTES: Final = 50_000
_MOST_WORDS: Final = 60  # of a page whose script leads away: "If nothing happens, click here"

_META: Final = re.compile(r"(?is)<meta\b[^>]{0,2000}>")
_ATTRIBUTE: Final = re.compile(
    r"""(?is)([a-z-]+)\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s>"']{1,2000}))"""
)
_REFRESH: Final = re.compile(
    r"""(?is)\s*(\d{0,6}(?:\.\d*)?)\s*[;,]?\s*(?:url\s*=)?\s*(["']?)(.{0,2000}?)\2\s*$"""
)
_UNSEEN: Final = re.compile(
    r"(?is)<!--.{0,20000}?-->|<(script|style|noscript|template|title)\b.{0,20000}?</\1\s*>"
)
_COMMENT: Final = re.compile(r"(?s)<!--.{0,20000}?-->")
_NOSCRIPT: Final = re.compile(r"(?is)<noscript\b.{0,20000}?</noscript\s*>")
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_SCRIPT: Final = re.compile(r"(?is)<script\b[^>]{0,500}>(.{0,20000}?)</script\s*>")
_PLACE: Final = r"(?:(?:window|document|self|top|parent)\s*\.\s*)*location"
_STRING: Final = r"""(["'`])((?:(?!\{q}).){{1,2000}}?)\{q}"""
_LEADS_AWAY: Final = re.compile(
    rf"(?<![\w.$]){_PLACE}(?:\s*\.\s*href)?\s*=(?!=)\s*{_STRING.format(q=1)}"
    rf"|(?<![\w.$]){_PLACE}\s*\.\s*(?:replace|assign)\s*\(\s*{_STRING.format(q=3)}"
)
_DEFERRED: Final = re.compile(r"function\s+\w+\s*\(|addEventListener|onclick|setTimeout|=>")


def find_page_redirect(body: bytes, content_type: str, refresh_header: str = "") -> str | None:
    """Where a page leads away to at once, as it writes it; None for one that stays.

    Args:
        body: Its bytes; those of another media type than HTML are not looked at.
        content_type: Its Content-Type header.
        refresh_header: Its Refresh header; empty when there is none.

    Example:
        >>> find_page_redirect(b"<meta http-equiv=refresh content='0; url=/a'>", "text/html")
        '/a'
        >>> find_page_redirect(b"<script>location.replace('/b')</script>", "text/html")
        '/b'
        >>> find_page_redirect(b"<meta http-equiv=refresh content=300>", "text/html") is None
        True
    """
    media_type = media_type_of(content_type)
    if "html" not in media_type and media_type not in UNSAID_TYPES:
        return None
    if refresh_header and (target := _read_refresh(refresh_header)):
        return target
    lower = body[:_LOOKED_AT_BYTES].lower()
    if b"refresh" not in lower and b"location" not in lower:
        return None
    page = _COMMENT.sub(" ", body[:_LOOKED_AT_BYTES].decode("utf-8", "replace"))
    return _find_meta_refresh(page) or _find_script_redirect(page)


def _find_meta_refresh(page: str) -> str | None:
    """The target of a meta refresh; of one for those without scripts, where there is no more."""
    for source in (_NOSCRIPT.sub(" ", page), page if _count_words(page) <= _MOST_WORDS else ""):
        for tag in _META.findall(source):
            said = {
                name.lower(): unescape(double or single or bare)
                for name, double, single, bare in _ATTRIBUTE.findall(tag)
            }
            is_refresh = said.get("http-equiv", "").strip().lower() == "refresh"
            if is_refresh and (target := _read_refresh(said.get("content", ""))):
                return target
    return None


def _read_refresh(value: str) -> str | None:
    """The target of a refresh (WHATWG HTML, "declarative refresh"), when it is to come soon."""
    found = _REFRESH.match(value.strip())
    if found is None:
        return None
    seconds, _, target = found.groups()
    try:
        is_near = float(seconds or 0.0) <= _LONGEST_DELAY_SECONDS
    except ValueError:
        return None
    return target.strip() or None if is_near else None


def _find_script_redirect(page: str) -> str | None:
    """The target of a script on a page that has next to nothing else."""
    if _count_words(page) > _MOST_WORDS:
        return None
    for script in _SCRIPT.findall(page):
        found = _LEADS_AWAY.search(script)
        if found is not None and not _DEFERRED.search(script[: found.start()]):
            target = found.group(2) or found.group(4)
            return None if "${" in target else target.replace("\\/", "/")
    return None


def _count_words(page: str) -> int:
    return len(_TAG.sub(" ", _UNSEEN.sub(" ", page)).split())
