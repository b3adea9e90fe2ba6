"""Stored times as people write them."""

from datetime import UTC, datetime

_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def long_date(stored: str) -> str:
    """A stored date or time in words, in UTC; what is neither comes back as it is.

    A time that came without its zone is shown without one.

    Example:
        >>> long_date("2026-10-02T08:30:00Z"), long_date("2026-10-02")
        ('2 October 2026, 08:30 UTC', '2 October 2026')
    """
    moment = _parse(stored)
    if moment is None:
        return stored
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if _is_day(stored):
        return day
    return f"{day}, {moment:%H:%M}{' UTC' if moment.tzinfo else ''}"


def short_date(stored: str) -> str | None:
    """A stored date or time for a column, in UTC; None for what is neither.

    Example:
        >>> short_date("2026-10-02T08:30:00.123Z"), short_date("2026-10-02"), short_date("soon")
        ('2026-10-02 08:30', '2026-10-02', None)
    """
    moment = _parse(stored)
    if moment is None:
        return None
    return f"{moment:%Y-%m-%d}" if _is_day(stored) else f"{moment:%Y-%m-%d %H:%M}"


def _is_day(stored: str) -> bool:
    return len(stored) == len("2026-10-02")


def _parse(stored: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stored)
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
