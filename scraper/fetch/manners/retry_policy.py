"""When to try a request again, and how long to wait before that.

Whether its host is asked at all is another question: `backoff`.
"""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    HostBackingOffError,
    StatusError,
    UnreadableError,
)

_TRANSIENT_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_RETRY_AFTER_SECONDS = 86_400.0  # a wish for longer is more likely a mistake


def is_transient(error: FetchError) -> bool:
    """Whether the same request may succeed later without anything being changed.

    Example:
        >>> is_transient(StatusError("", status=503)), is_transient(StatusError("", status=404))
        (True, False)
    """
    if isinstance(error, StatusError):
        return error.status in _TRANSIENT_STATUSES
    if isinstance(error, ConnectFailedError):
        return error.is_transient
    return isinstance(error, FetchTimeoutError | HostBackingOffError | UnreadableError)


def retry_wait_seconds(attempt: int) -> float:
    """How long to wait after failed attempt number `attempt` (from 0): doubling, with jitter."""
    # Jitter keeps many workers from coming back at the same moment; no secret hangs on it.
    return _FIRST_WAIT_SECONDS * 2.0**attempt * random.uniform(0.75, 1.5)  # noqa: S311  # see above


def parse_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds asked for by a Retry-After header; None when there is none or it says nothing.

    Both forms of RFC 9110, section 10.2.3: a number of seconds, and a date.

    Example:
        >>> parse_retry_after("120")
        120.0
        >>> at_ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
        >>> parse_retry_after("Mon, 02 Mar 2026 10:00:30 GMT", now=at_ten)
        30.0
    """
    text = (value or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    if not seconds >= 0.0:  # negative, or not a number
        return 0.0
    return min(seconds, _LONGEST_RETRY_AFTER_SECONDS)
