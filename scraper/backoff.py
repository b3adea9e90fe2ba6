"""Backing off from a host: which errors are its own, and how long it is then not asked.

The one policy of the project: functions over one frozen value a host, so that the value can be
kept in a database or sent to another machine and gone on with there. Whoever holds the value
applies it: `throttle`.

What counts is a request with all its tries: the tries in between, and the longer delay that a host
gets which answers 429, are the pace at which it is asked, not backing off from it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    HostBackingOffError,
    RedirectError,
    RefusedAddressError,
    RobotsError,
    StatusError,
)

_FIRST_SECONDS: Final = 60.0
_LONGEST_SECONDS: Final = 86_400.0
# In a row, of the kinds that may be one page's: a page that takes too long, a script that fails.
_FORGIVEN_FAILURES: Final = 4
_FIRST_REST_SECONDS: Final = 3_600.0
"""A site that lets nobody in has made up its mind: it is asked again in hours, not minutes."""

BUSY_STATUSES: Final = frozenset({429, 503})
"""With these a host asks for fewer requests; what it says in Retry-After is obeyed."""

_REFUSALS: Final = frozenset({401, 403, 407, 451})

# Nothing was sent, for a reason that is not the host's.
_NOT_ASKED: Final = (HostBackingOffError, RedirectError, RefusedAddressError, RobotsError)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a host stands.

    Attributes:
        failures_in_a_row: Of its own, since it last answered at all.
        until: It is not asked before; None for a host that did nothing to be backed off from.
        why: What the latest failure said; None when there was none.
        refusals: Answers that let nobody in, or say that it is out of order, less the pages that it
            gave since: the lists of a site that refuses its stories often go on answering.
        is_asked: Whether the host itself asked for the pause, and will answer after it.
    """

    failures_in_a_row: int = 0
    until: datetime | None = None
    why: str | None = None
    refusals: int = 0
    is_asked: bool = False

    def seconds_left(self, now: datetime | None = None) -> float:
        """How much longer the host is not asked, from `now` on (the present when None).

        Example:
            >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
            >>> Backoff(1, noon).seconds_left(noon - timedelta(seconds=5))
            5.0
        """
        if self.until is None:
            return 0.0
        return max((self.until - (now or datetime.now(UTC))).total_seconds(), 0.0)


def is_host_failure(error: FetchError) -> bool:
    """Whether an error is the host's rather than the page's: what comes before any answer.

    Example:
        >>> is_host_failure(FetchTimeoutError("silent")), is_host_failure(RobotsError("no"))
        (True, False)
        >>> is_host_failure(StatusError("HTTP 500", status=500))
        False
    """
    return isinstance(error, ConnectFailedError | FetchTimeoutError)


def asked_seconds(error: FetchError) -> float:
    """How long a busy host asks not to be asked, 0.0 when it does not; a day at most.

    Example:
        >>> asked_seconds(StatusError("HTTP 503", status=503, retry_after_seconds=120.0))
        120.0
    """
    if not isinstance(error, StatusError) or error.status not in BUSY_STATUSES:
        return 0.0
    return min(error.retry_after_seconds or 0.0, _LONGEST_SECONDS)


def _is_busy(error: FetchError) -> bool:
    """Whether a host says that it is asked too much; 503 alone may be one page out of order."""
    if not isinstance(error, StatusError):
        return False
    return error.status == 429 or (error.status == 503 and error.retry_after_seconds is not None)


def note_success(backoff: Backoff, now: datetime) -> Backoff:
    """How a host stands that answered: as if it had never failed.

    What is not over yet stays: it began after the request that is answered now was sent.

    Example:
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> note_success(Backoff(3, noon, "no connection"), noon + timedelta(minutes=1))
        Backoff(failures_in_a_row=0, until=None, why=None, refusals=0, is_asked=False)
    """
    refusals = max(backoff.refusals - 1, 0)
    if backoff.seconds_left(now):
        return Backoff(0, backoff.until, backoff.why, refusals)
    return Backoff(0, None, backoff.why if refusals else None, refusals)


def note_failure(backoff: Backoff, error: FetchError, now: datetime) -> Backoff:
    """How a host stands after a request that ended in an error, its last try included.

    A host that cannot be reached, or says that it is busy, is backed off from at once, one that
    falls silent at the fifth time in a row: for a minute, then for two, then for four, up to a day,
    and for as long as it asks for at least. One that refuses every page, or fails at every one, is
    at the fifth too, if it refuses for an hour at first: such a site has made up its mind.

    An error that is no failure of the host, such as 404, is an answer, and one for which nothing
    was sent says nothing.

    Example:
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> note_failure(Backoff(1), ConnectFailedError("no connection"), noon).seconds_left(noon)
        120.0
    """
    if isinstance(error, _NOT_ASKED):
        return backoff
    if is_host_failure(error) or _is_busy(error):
        # Requests under way when a host goes down are one failure.
        noted = backoff if backoff.seconds_left(now) else _count_failure(backoff, error, now)
    elif isinstance(error, StatusError) and (error.status in _REFUSALS or error.status >= 500):
        noted = _count_refusal(backoff, error, now)
    else:
        # A page that is not there shows nothing of the others.
        noted = replace(note_success(backoff, now), refusals=backoff.refusals)
    asked = asked_seconds(error)
    if asked > noted.seconds_left(now):
        noted = replace(noted, until=now + timedelta(seconds=asked), why=_say(error))
    return replace(noted, is_asked=True) if _is_busy(error) else noted


def _count_failure(backoff: Backoff, error: FetchError, now: datetime) -> Backoff:
    failures = backoff.failures_in_a_row + 1
    is_plain = not isinstance(error, FetchTimeoutError)
    doublings = failures - 1 if is_plain else failures - 1 - _FORGIVEN_FAILURES
    until = _until(now, _FIRST_SECONDS, doublings)
    return Backoff(failures, until, _say(error), backoff.refusals)


def _count_refusal(backoff: Backoff, error: StatusError, now: datetime) -> Backoff:
    if backoff.seconds_left(now):
        return backoff
    refusals = backoff.refusals + 1
    first = _FIRST_REST_SECONDS if error.status in _REFUSALS else _FIRST_SECONDS
    until = _until(now, first, refusals - 1 - _FORGIVEN_FAILURES)
    return Backoff(0, until, _say(error), refusals)


def _until(now: datetime, first_seconds: float, doublings: int) -> datetime | None:
    if doublings < 0:
        return None
    seconds = min(first_seconds * 2.0 ** min(doublings, 30), _LONGEST_SECONDS)
    return now + timedelta(seconds=seconds)


def _say(error: FetchError) -> str:
    return " ".join(str(error).split())
