"""The date that many addresses of stories, and of lists of them, carry."""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from scraper.urls.web_urls import split_normal

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_BEFORE = r"(?:(?<=^)|(?<=[^0-9a-z])|(?<=[^a-z]t))"  # "/t20261120_48213.html" is one of a day

_MONTH_NAMES: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAME = rf"(?P<name>{'|'.join(_MONTH_NAMES)})[a-z]{{0,6}}"

# The most exact first. A number of eight digits is a date only where it stands alone: ids are long.
_PATTERNS: Final = tuple(
    re.compile(f"(?i){pattern}")
    for pattern in (
        rf"{_BEFORE}{_YEAR}([-/_.]){_MONTH}\2{_DAY}(?!\d)",
        rf"{_BEFORE}{_YEAR}[-/](?P<month>0[1-9]|1[0-2])[-/]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_BEFORE}{_YEAR}/?(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_BEFORE}{_YEAR}[-/_.]{_NAME}[-/_.]{_DAY}(?!\d)",
        rf"{_BEFORE}{_DAY}([-/_.]){_MONTH}\2{_YEAR}(?!\d)",
        rf"[?&]y(?:yyy|ear)?={_YEAR}&m(?:m|onth)?={_MONTH}&d(?:d|ay)?={_DAY}(?!\d)",
        rf"[?&]y(?:yyy|ear)?={_YEAR}&m(?:m|onth)?={_MONTH}(?!\d)",
        rf"{_BEFORE}{_YEAR}[-/_.]{_MONTH}(?=[-/_.]|$)",
        rf"{_BEFORE}{_YEAR}[-/_.]{_NAME}(?=[-/_.]|$)",
        rf"(?:/|[-_.]){_YEAR}(?P<month>0[1-9]|1[0-2])(?=[/_.-]|$)",
        rf"/{_YEAR}(?=/)",
    )
)
_PART_YEAR: Final = re.compile(rf"{_BEFORE}{_YEAR}(?=[-_.]|$)")
_EARLIEST: Final = 1990
_MOST_AHEAD: Final = timedelta(days=2)  # the day of a far time zone; later ones are of events


@lru_cache(maxsize=16_384)
def dated_by_address(url: str, *, is_list: bool = False) -> datetime | None:
    """The last moment a story can be from by its address, UTC; None when that says nothing.

    That is the end of the day, month or year it carries. Dates ahead of now are no story's.

    Args:
        url: Normalised.
        is_list: Whether it leads to a list, such as a sitemap of a year: then a bare year counts
            anywhere.

    Example:
        >>> dated_by_address("https://example.org/2026/03/02/storm-hits-the-coast/").date()
        datetime.date(2026, 3, 2)
        >>> dated_by_address("https://example.org/sitemap-2025-02.xml", is_list=True).date()
        datetime.date(2025, 2, 28)
        >>> dated_by_address("https://example.org/news/48213007") is None
        True
    """
    _, path, query = split_normal(url)
    text = f"{path}?{query}" if query else path
    for pattern in (*_PATTERNS, *((_PART_YEAR,) if is_list else ())):
        for found in pattern.finditer(text):
            for day in _last_day(found.groupdict()):
                return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return None


def _last_day(fields: dict[str, str | None]) -> Iterator[date]:
    """The last day of what a pattern has found; nothing when that is no date."""
    year = int(fields["year"] or 0)
    name = fields.get("name")
    month = _MONTH_NAMES.index(name.lower()) + 1 if name else int(fields.get("month") or 12)
    first_day = date(year, month, 1)
    day = int(fields.get("day") or calendar.monthrange(year, month)[1])
    today = datetime.now(UTC).date()
    if day <= calendar.monthrange(year, month)[1] and year >= _EARLIEST:
        is_whole_day = bool(fields.get("day"))
        earliest = date(year, month, day) if is_whole_day else _first_of(first_day, fields)
        if earliest <= today + _MOST_AHEAD:
            yield date(year, month, day)


def _first_of(first_day: date, fields: dict[str, str | None]) -> date:
    has_month = fields.get("month") or fields.get("name")
    return first_day if has_month else first_day.replace(month=1)
