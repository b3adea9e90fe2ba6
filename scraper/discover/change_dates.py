"""When a feed or a sitemap says that a page changed."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_YEAR_MONTH = re.compile(r"\d{4}(?:-\d\d)?")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MOST_AHEAD = timedelta(days=2)  # clocks and time zones are wrong by hours; more is a mistake


def parse_moment(text: str | None) -> datetime | None:
    """A moment in UTC; None for what is no date, before the web, or days ahead.

    Reads the W3C profile of ISO 8601 (sitemaps, Atom, JSON Feed) and RFC 5322 (RSS). A time
    without a zone is taken as UTC.

    Example:
        >>> parse_moment("2026-03-02T10:00+01:00")
        datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
    """
    cleaned = " ".join((text or "").split())
    if not 4 <= len(cleaned) <= 64:  # from a year to a date in words with its zone's name
        return None
    if _YEAR_MONTH.fullmatch(cleaned):  # W3C dates may stop there; Python's parser knows neither
        cleaned = f"{cleaned}-01-01"[:10]
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        try:
            moment = parsedate_to_datetime(cleaned)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return checked_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def checked_moment(moment: datetime) -> datetime | None:
    """The moment in UTC when a page can have changed then, otherwise None."""
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        return None
    return utc if _EARLIEST <= utc <= datetime.now(UTC) + _MOST_AHEAD else None
