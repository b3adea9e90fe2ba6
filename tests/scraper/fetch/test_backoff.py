"""Backing off from a host: one count, one policy, whatever order answers come in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.backoff import Backoff, note_failure, note_success
from scraper.errors import (
    ConnectFailedError,
    ContentTypeError,
    FetchError,
    FetchTimeoutError,
    HostBackingOffError,
    RefusedAddressError,
    RobotsError,
    StatusError,
    UnreadableError,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = 86_400.0
MINUTES = [60.0 * 2**n for n in range(11)] + [DAY] * 40  # 1, 2, 4 … 1024 minutes, then a day

DOWN = ConnectFailedError("no connection: refused")
SLOW = FetchTimeoutError("the server fell silent")
BROKEN = StatusError("HTTP 500", status=500)
NO_FAULT_OF_ITS_OWN = [
    StatusError("HTTP 404", status=404),
    StatusError("HTTP 410", status=410),
    UnreadableError("the gzip body is damaged"),
    ContentTypeError("it is a PDF, not a page"),
]
NOTHING_WAS_SENT = [
    RobotsError("robots.txt does not allow it"),
    RefusedAddressError("it is loopback"),
    HostBackingOffError("backing off", retry_after_seconds=5.0),
]


def busy(retry_after_seconds: float | None, status: int = 429) -> StatusError:
    text = f"HTTP {status}"
    return StatusError(text, status=status, retry_after_seconds=retry_after_seconds)


def fail(*errors: FetchError, backoff: Backoff | None = None) -> list[float]:
    """How long a host is backed off from after each of these, each when the one before is over."""
    backoff, now, seconds = backoff or Backoff(), NOON, []
    for error in errors:
        backoff = note_failure(backoff, error, now)
        seconds.append(backoff.seconds_left(now))
        now += timedelta(seconds=seconds[-1] + 1)
    return seconds


@pytest.mark.parametrize("error", [DOWN, busy(None), busy(5.0, 503)], ids=str)
def test_a_host_that_is_down_or_busy_gets_twice_the_time_at_each_failure(error: FetchError) -> None:
    assert fail(*[error] * 20) == MINUTES[:20]


@pytest.mark.parametrize("error", [SLOW, BROKEN, busy(None, 503)], ids=str)
def test_what_may_be_one_page_is_forgiven_four_times(error: FetchError) -> None:
    assert fail(*[error] * 20) == [0.0] * 4 + MINUTES[:16]


def test_what_the_host_asks_for_is_the_least_it_gets() -> None:
    assert fail(busy(7200.0), busy(5.0), busy(5.0, 503)) == [7200.0, 120.0, 240.0]
    assert fail(busy(31 * DAY)) == [DAY]
    assert fail(StatusError("HTTP 404", status=404, retry_after_seconds=7200.0)) == [0.0]


@pytest.mark.parametrize("error", NO_FAULT_OF_ITS_OWN, ids=str)
def test_an_answer_is_a_success_whatever_it_says(error: FetchError) -> None:
    assert note_failure(Backoff(4, NOON, "no connection"), error, NOON) == Backoff()
    assert fail(DOWN, error, DOWN) == [60.0, 0.0, 60.0]


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_site_that_lets_nobody_in_is_rested_for_hours_from_the_fifth_time_on(status: int) -> None:
    closed = StatusError(f"HTTP {status}", status=status)
    assert fail(*[closed] * 11) == [0.0] * 4 + [3600.0 * 2**k for k in range(5)] + [DAY, DAY]
    assert fail(*[closed] * 4, NO_FAULT_OF_ITS_OWN[0], closed)[-1] == 3600.0
    stands = note_failure(Backoff(refusals=4), closed, NOON)
    later = NOON + timedelta(hours=1)
    for _ in range(5):
        stands = note_success(stands, later)
    assert stands == Backoff()
    again = note_failure(note_success(Backoff(refusals=5), later), closed, later)
    assert again.seconds_left(later) == 3600.0  # lists that answer make it no better


@pytest.mark.parametrize("error", NOTHING_WAS_SENT, ids=str)
def test_where_nothing_was_sent_nothing_is_known(error: FetchError) -> None:
    backoff = Backoff(4, NOON, "no connection")
    assert note_failure(backoff, error, NOON) is backoff


def test_the_requests_under_way_when_a_host_goes_down_are_one_failure() -> None:
    backoff = Backoff()
    for _ in range(4):
        backoff = note_failure(backoff, DOWN, NOON)
    assert backoff == Backoff(1, NOON + timedelta(seconds=60), str(DOWN))
    late = note_success(backoff, NOON)
    assert late == Backoff(0, backoff.until, backoff.why)  # it was sent before
    assert note_success(late, NOON + timedelta(seconds=60)) == Backoff()


@dataclass(frozen=True)
class Step:
    """What comes of a request, and how long after the one before."""

    error: FetchError | None
    seconds: float


WISHES = st.none() | st.floats(0.0, 7 * DAY)
ERRORS = st.sampled_from([DOWN, SLOW, BROKEN, *NO_FAULT_OF_ITS_OWN, *NOTHING_WAS_SENT])
STEPS = st.builds(
    Step,
    st.none() | ERRORS | st.builds(busy, WISHES, st.sampled_from([429, 503])),
    st.sampled_from([0.0, 1.0, 59.0, 61.0, 500.0, DAY, 8 * DAY]),
)


@given(st.lists(STEPS, max_size=40))
def test_count_and_end_are_what_the_policy_says_after_any_sequence(steps: list[Step]) -> None:
    backoff, now = Backoff(), NOON
    failures = refusals = 0
    free_at = wished_until = NOON
    for step in steps:
        now += timedelta(seconds=step.seconds)
        is_free = free_at <= now
        status = step.error.status if isinstance(step.error, StatusError) else None
        wish = step.error.retry_after_seconds if isinstance(step.error, StatusError) else None
        place = -1
        if step.error is None:
            backoff = note_success(backoff, now)
            failures, refusals = 0, max(refusals - 1, 0)
        else:
            backoff = note_failure(backoff, step.error, now)
        if step.error in [DOWN, SLOW] or status == 429 or (status == 503 and wish is not None):
            failures += is_free
            place = failures - 1 if step.error is not SLOW else failures - 5
        elif status in {500, 503}:
            refusals += is_free
            failures = 0 if is_free else failures
            place = refusals - 5
        elif step.error is not None and step.error not in NOTHING_WAS_SENT:
            failures = 0
        seconds = MINUTES[place] if is_free and place >= 0 else 0.0
        wished_until = max(wished_until, now + timedelta(seconds=min(wish or 0.0, DAY)))
        free_at = max(free_at, wished_until, now + timedelta(seconds=seconds))

        assert (backoff.failures_in_a_row, backoff.refusals) == (failures, refusals)
        assert backoff.seconds_left(now) == pytest.approx((free_at - now).total_seconds())
        assert backoff.seconds_left(now) >= (wished_until - now).total_seconds() - 1e-6
        assert bool(backoff.why) or not backoff.seconds_left(now)
