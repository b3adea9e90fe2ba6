"""Times as the database keeps them: UTC, ISO 8601, one width, so that text order is time order."""

import re
from datetime import UTC, datetime

_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:[zZ]|[+-]\d\d:?\d\d)$")


def utc_text(moment: datetime | None = None) -> str:
    """`moment` (now when None) as ``2026-03-04T08:30:00.000Z``.

    Raises:
        ValueError: The moment has no time zone, so that nobody knows when it was.

    Example:
        >>> utc_text(datetime(2026, 3, 4, 8, 30, tzinfo=UTC))
        '2026-03-04T08:30:00.000Z'
    """
    if moment is None:
        moment = datetime.now(UTC)
    elif moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment.isoformat()}")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def optional_utc_text(moment: datetime | None) -> str | None:
    """`moment` as `utc_text` writes it; None when there is none."""
    return None if moment is None else utc_text(moment)


def parse_utc(text: str | None) -> datetime | None:
    """The moment a stored time stands for; None for NULL."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def published_utc(text: str | None) -> str | None:
    """A page's date or time, moved to UTC where it names its zone, else as it is.

    A date alone stays a date: to call it midnight would be to make something up.

    Example:
        >>> published_utc("2026-03-04T09:30:00+01:00"), published_utc("2026-03-04")
        ('2026-03-04T08:30:00Z', '2026-03-04')
    """
    if text is None or not _WITH_ZONE.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
