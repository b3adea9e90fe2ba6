"""Backing off from a host: which errors are its own, and how long it is then not asked.

The one policy of the project: functions over one frozen value a host, so that the value can be
kept in a database or sent to another machine and gone on with there. Whoever holds the value
applies it: `throttle`.

What counts is a request with all its tries: the tries in between, and the longer delay that a host
gets which answers 429, are the pace at which it is asked, not backing off from it.
"""

from dataclasses import dataclass
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
# In a row, of the kinds that may be one page's: a script that fails, a page that takes too long.
_FORGIVEN_FAILURES: Final = 4

BUSY_STATUSES: Final = frozenset({429, 503})
"""With these a host asks for fewer requests; what it says in Retry-After is obeyed."""

# Nothing was sent, for a reason that is not the host's.
_NOT_ASKED: Final = (HostBackingOffError, RedirectError, RefusedAddressError, RobotsError)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a host stands.

    Attributes:
        failures_in_a_row: Of its own, since it last answered as it should.
        until: It is not asked before; None for a host that did nothing to be backed off from.
        why: What the latest failure said; None when there was none.
    """

    failures_in_a_row: int = 0
    until: datetime | None = None
    why: str | None = None

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
    """Whether an error is the host's rather than the page's.

    Example:
        >>> is_host_failure(FetchTimeoutError("silent")), is_host_failure(RobotsError("no"))
        (True, False)
    """
    return isinstance(error, ConnectFailedError | FetchTimeoutError) or _is_failing_answer(error)


def asked_seconds(error: FetchError) -> float:
    """How long a busy host asks not to be asked, 0.0 when it does not say."""
    if isinstance(error, StatusError) and error.status in BUSY_STATUSES:
        return error.retry_after_seconds or 0.0
    return 0.0


def note_success(backoff: Backoff, now: datetime) -> Backoff:
    """How a host stands that answered: as if it had never failed.

    What is not over yet stays: it began after the request that is answered now was sent.

    Example:
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> note_success(Backoff(3, noon, "no connection"), noon + timedelta(minutes=1))
        Backoff(failures_in_a_row=0, until=None, why=None)
    """
    return Backoff(0, backoff.until, backoff.why) if backoff.seconds_left(now) else Backoff()


def note_failure(backoff: Backoff, error: FetchError, now: datetime) -> Backoff:
    """How a host stands after a request that ended in an error, its last try included.

    A host that cannot be reached, or says that it is busy, is backed off from at once; after other
    failures of its own at the fifth in a row. It is for a minute, then for two, then for four, up
    to a day, and for as long as it asks for at least.

    An error that is no failure of the host, such as 404, is an answer, and one for which nothing
    was sent says nothing.

    Example:
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> note_failure(Backoff(1), ConnectFailedError("no connection"), noon).seconds_left(noon)
        120.0
    """
    if isinstance(error, _NOT_ASKED):
        return backoff
    if not is_host_failure(error):
        noted = note_success(backoff, now)
    elif backoff.seconds_left(now):
        noted = backoff  # requests under way when a host goes down are one failure
    else:
        noted = _count(backoff, error, now)
    asked = asked_seconds(error)
    if asked <= noted.seconds_left(now):
        return noted
    return Backoff(noted.failures_in_a_row, now + timedelta(seconds=asked), _say(error))


def _count(backoff: Backoff, error: FetchError, now: datetime) -> Backoff:
    failures = backoff.failures_in_a_row + 1
    doublings = failures - 1 if _is_unmistakable(error) else failures - 1 - _FORGIVEN_FAILURES
    if doublings < 0:
        return Backoff(failures, None, _say(error))
    seconds = min(_FIRST_SECONDS * 2.0 ** min(doublings, 30), _LONGEST_SECONDS)
    return Backoff(failures, now + timedelta(seconds=seconds), _say(error))


def _is_failing_answer(error: FetchError) -> bool:
    return isinstance(error, StatusError) and (error.status >= 500 or error.status == 429)


def _is_unmistakable(error: FetchError) -> bool:
    """Whether it is the host's, whatever the page."""
    if isinstance(error, StatusError):
        return error.status in BUSY_STATUSES
    return isinstance(error, ConnectFailedError)


def _say(error: FetchError) -> str:
    return " ".join(str(error).split())
