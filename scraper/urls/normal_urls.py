"""One address for one page: URLs normalised, variants merged, traps recognised."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache

import ada_url

from scraper.urls.tracking import is_session_parameter, is_tracking_parameter
from scraper.urls.web_urls import LONGEST_URL, hostname_of, parse_web_url, site_of, split_normal

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PATH_SESSION = re.compile(r"(?i);(?:jsessionid|phpsessid|sid|sessionid)=[^/;?]*")


@lru_cache(maxsize=16_384)
def normalize_url(url: str, base: str | None = None) -> str | None:
    """The URL as it is compared and stored; None when it leads to no web page.

    Parsed by the WHATWG URL Standard; then the fragment, credentials, tracking parameters and
    session ids are dropped. The rest of the query stays as it is, and nothing is lower-cased that
    the standard does not.

    Args:
        url: Absolute, or relative to `base`.
        base: The URL of the page it was found on.

    Example:
        >>> normalize_url("HTTP://Example.org:80/News/A?id=7&utm_source=x#top")
        'http://example.org/News/A?id=7'
        >>> normalize_url("../b.html", "https://example.org/news/a/")
        'https://example.org/news/b.html'
        >>> normalize_url("https://example.org/caf%c3%a9") == normalize_url("https://example.org/café")
        True
        >>> normalize_url("mailto:desk@example.org") is None
        True
    """
    parsed = parse_web_url(url, base)
    if parsed is None:
        return None
    href = str(parsed.href)
    if "%" in href:  # RFC 3986, 6.2.2.1: the case of an escape means nothing
        href = _ESCAPE.sub(lambda escape: escape.group().upper(), href)
        parsed = parse_web_url(href) or parsed
    # Each look at a part of the URL crosses into C and back; most URLs need none of these.
    if "@" in href:
        parsed.username = parsed.password = ""
    if "#" in href:
        del parsed.hash
    if ";" in href:
        parsed.pathname = _PATH_SESSION.sub("", parsed.pathname)
    if "?" in href:
        _set_query(parsed, _without_noise(parsed.search[1:]))
    if any(mark in href for mark in "@#;?"):
        href = str(parsed.href)
    return href if len(href) <= LONGEST_URL else None


def _without_noise(query: str) -> str:
    kept = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and not is_tracking_parameter(name) and not is_session_parameter(name, value):
            kept.append(pair)
    return "&".join(kept)


def _set_query(parsed: ada_url.URL, query: str) -> None:
    if query:
        parsed.search = "?" + query
    else:
        del parsed.search


_AMP_CACHE = re.compile(
    r"^https?://(?:[^/]+\.cdn\.ampproject\.org/[a-z](/s)?|(?:www\.)?google\.[a-z.]+/amp(/s)?)/(.+)"
)
_VARIANT_HOST = re.compile(r"^(?:amp|m|mobile|www)\.(?=[^.]+\.[^.])")
_VARIANT_PATH = re.compile(
    r"(?i)(?:^/(?:amp|mobile|print)(?=/.)|/(?:amp|print)/?$|[.-](?:amp|print)(?=(?:\.html?)?$))"
)
_VARIANT_PARAMETERS = frozenset(
    "amp amp_js_v amp_gsa usqp print printable output outputtype view mobile m".split()
)
_VARIANT_VALUES = frozenset(
    "amp print printable printer mobile 1 true yes amphtml mq331aqcckgb".split()
)


def canonical_variant(url: str) -> str | None:
    """The address under which the AMP, mobile, print and www variants of one page meet.

    It is there to be compared, not fetched: the page it names need not exist. The site stays what
    it is: ``m.github.io`` is no mobile version, but somebody's own. None when the URL leads to no
    web page.

    Example:
        >>> canonical_variant("https://m.example.org/news/storm-hits-coast.amp.html")
        'https://example.org/news/storm-hits-coast.html'
        >>> canonical_variant("http://www.example.org/news/storm-hits-coast.html?print=1")
        'https://example.org/news/storm-hits-coast.html'
    """
    if cached := _AMP_CACHE.match(url):
        url = f"https://{cached.group(3)}"
    normal = normalize_url(url)
    parsed = parse_web_url(normal) if normal is not None else None
    if parsed is None:
        return None
    parsed.protocol = "https"
    if site_of(url) != hostname_of(url):
        parsed.hostname = _VARIANT_HOST.sub("", parsed.hostname)
    path = _VARIANT_PATH.sub("", parsed.pathname)
    parsed.pathname = (path.rstrip("/") if path != parsed.pathname else path) or "/"
    if parsed.search:
        pairs = parsed.search[1:].split("&")
        _set_query(parsed, "&".join(pair for pair in pairs if not _is_variant_pair(pair)))
    return str(parsed.href)


def is_variant(url: str) -> bool:
    """Whether a URL leads to the AMP, mobile or print version of a page that has a main one.

    Example:
        >>> is_variant("https://amp.example.org/news/a"), is_variant("http://www.example.org/news/a")
        (True, False)
    """
    parsed = parse_web_url(url)
    if parsed is None:
        return False
    parsed.protocol = "https"
    main = canonical_variant(url)
    if main == str(parsed.href):
        return False
    parsed.hostname = parsed.hostname.removeprefix("www.")
    return main != str(parsed.href)


def _is_variant_pair(pair: str) -> bool:
    name, has_value, value = pair.lower().partition("=")
    return name in _VARIANT_PARAMETERS and (not has_value or not value or value in _VARIANT_VALUES)


_MOST_SEGMENTS = 16
_MOST_PARAMETERS = 10
_REPEATED = re.compile(r"(/[^/]+(?:/[^/]+){0,3})\1{2,}(?=/|$)")
_CALENDAR_SEGMENT = re.compile(
    r"(?i)/(?:calendar|calendario|calendrier|kalender|agenda|events?|termine|veranstaltungen|"
    r"tribe-events)(?:/|$)"
)
_CALENDAR_DATE = re.compile(
    r"(?:19|20)\d\d[-/]\d\d?(?:[-/]\d\d?)?(?:/|$|[^\d])|/week/|/month/|/day/"
)
_CALENDAR_PARAMETER = re.compile(
    r"(?i)(?:^|[?&])(?:month|year|day|date|week|cal_?date|tribe-bar-date|eventdate|ical|"
    r"mes|jahr|monat|mois|annee)="
)
_PATH_YEAR = re.compile(r"/(20\d\d|2[1-9]\d\d)[/-](?:0?[1-9]|1[0-2])(?:/|-|$)")


def is_trap(url: str, *, today: date | None = None) -> bool:
    """Whether a URL looks like one of endlessly many: a calendar, or a path that feeds itself.

    Args:
        url: Normalised.
        today: Archives of later months than next year's are a calendar's; None means the clock's.

    Example:
        >>> is_trap("https://example.org/news/a/news/a/news/a")
        True
        >>> is_trap("https://example.org/events/2031-05/")
        True
        >>> is_trap("https://example.org/2026/03/02/storm-hits-coast")
        False
    """
    _, path, query = split_normal(url)
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > _MOST_SEGMENTS or query.count("&") >= _MOST_PARAMETERS:
        return True
    if _REPEATED.search(path) or _repeats_often(segments):
        return True
    if _CALENDAR_SEGMENT.search(path) and (
        _CALENDAR_DATE.search(path) or _CALENDAR_PARAMETER.search(query)
    ):
        return True
    if len(_CALENDAR_PARAMETER.findall(query)) >= 2:
        return True
    year = _PATH_YEAR.search(path)
    this_year = (today or datetime.now(UTC).date()).year
    return year is not None and int(year.group(1)) > this_year + 1


def _repeats_often(segments: list[str]) -> bool:
    return any(segments.count(segment) >= 4 for segment in set(segments))
