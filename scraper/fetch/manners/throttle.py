"""One queue per host: at what pace it is asked, and whether it is asked at all.

Every request of a Fetcher waits for a slot here first, whoever asked for it, so that a host sees
one polite client however many sources lead to it. Nothing here holds a connection while it waits.

Two things keep a request waiting. The pace is the delay between two requests: what the caller and
robots.txt ask for, longer for a host that answers slowly, and for one that answered 429 or 503
longer until it has given good answers for a while. Backing off means that the host is not asked at
all, after requests that failed: `backoff` says when and for how long.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from scraper.backoff import Backoff, note_failure, note_success
from scraper.errors import FetchError, HostBackingOffError

_LONGEST_DELAY_SECONDS = 86_400.0  # robots.txt may ask for any Crawl-delay; a day is honoured
_MOST_ADAPTED_SECONDS = 30.0
_LATENCY_WEIGHT = 0.3  # of the newest answer in the running mean
_SLOW_SECONDS = 1.0
_SLOW_FACTOR = 2.0  # a slow host spends at most half its time on us
_FIRST_THROTTLED_SECONDS = 1.0
_LONGEST_THROTTLED_SECONDS = 300.0
_RECOVERY = 0.7  # of that delay after each good answer; from 300 s to none takes 23 of them
_MOST_HOSTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPace:
    """What another Fetcher has to know to go on with a host at the same pace.

    Attributes:
        wait_seconds: Until the next request may start.
        spacing_seconds: Between the starts of two requests, as things are.
        robots_delay_seconds: What robots.txt asks for.
        throttled_delay_seconds: For having answered 429 or 503.
        latency_seconds: How fast it answers, as a running mean.
        backoff: Whether it is backed off from; None while nothing came of any request.
    """

    wait_seconds: float = 0.0
    spacing_seconds: float = 0.0
    robots_delay_seconds: float = 0.0
    throttled_delay_seconds: float = 0.0
    latency_seconds: float = 0.0
    backoff: Backoff | None = None


class Slot:
    """One try that may start now; what comes back sets the pace of the next ones."""

    __slots__ = ("_host",)

    def __init__(self, host: "_Host") -> None:
        self._host = host

    def answered(self, latency_seconds: float) -> None:
        """The host gave an answer that does not ask for fewer requests (404 is one)."""
        host = self._host
        host.latency += _LATENCY_WEIGHT * (latency_seconds - host.latency)
        is_little = host.throttled_delay <= 0.1
        host.throttled_delay = 0.0 if is_little else host.throttled_delay * _RECOVERY

    def throttled(self, retry_after_seconds: float | None) -> None:
        """The host asked for fewer requests: 429, or 503; the next one waits, whosever it is."""
        host = self._host
        doubled = max(2 * host.throttled_delay, _FIRST_THROTTLED_SECONDS)
        host.throttled_delay = min(doubled, _LONGEST_THROTTLED_SECONDS)
        wait = max(host.throttled_delay, retry_after_seconds or 0.0)
        host.next_start = max(host.next_start, time.monotonic() + wait)


class _Host:
    """State of one host's queue; times are of the monotonic clock."""

    __slots__ = ("backoff", "delay", "latency", "next_start", "robots_delay", "slots",
                 "throttled_delay", "waiting")  # fmt: skip

    def __init__(self, per_host: int, delay: float) -> None:
        self.slots = asyncio.Semaphore(per_host)
        self.waiting = 0
        self.delay = delay
        self.robots_delay = 0.0
        self.throttled_delay = 0.0
        self.latency = 0.0
        self.next_start = 0.0
        self.backoff: Backoff | None = None

    def backoff_seconds(self) -> float:
        """How much longer it is not asked."""
        return 0.0 if self.backoff is None else self.backoff.seconds_left()

    def is_failing(self) -> bool:
        """Whether it failed, or is backed off from, and has not answered since."""
        stands = self.backoff or Backoff()
        has_failed = stands.failures_in_a_row or stands.refusals
        return bool(self.backoff_seconds() or has_failed)

    def spacing(self, asked_delay: float, per_host: int) -> float:
        """Seconds between two starts, the longest of all that speak for one."""
        adapted = 0.0
        # A delay of none says that the host is the caller's own. Less than a second says more
        # about this machine's load: 200 hosts asked at once made each look half a second slow.
        if asked_delay > 0.0 and self.latency > _SLOW_SECONDS:
            adapted = min(_SLOW_FACTOR * self.latency / per_host, _MOST_ADAPTED_SECONDS)
        return max(asked_delay, self.robots_delay, self.throttled_delay, adapted)


class Throttle:
    """The queues of all hosts of a Fetcher, and what a scheduler may ask about them.

    Hosts are named as `scraper.urls.web_urls.host_of` does.
    """

    def __init__(self, *, delay_seconds: float, per_host: int, longest_wait_seconds: float) -> None:
        self._delay = delay_seconds
        self._per_host = per_host
        self._longest_wait = longest_wait_seconds
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(
        self, host: str, *, delay_seconds: float | None = None, is_extra: bool = False
    ) -> AsyncIterator[Slot]:
        """Wait until the host may be asked, and hold one of its slots.

        Args:
            host: Whose queue.
            delay_seconds: In place of the usual delay; robots.txt may still make it longer.
            is_extra: A request that costs the next one no delay: robots.txt itself, unless the
                host has asked for fewer requests.

        Raises:
            HostBackingOffError: The host is backed off from for longer than a call should wait.
        """
        self.check(host)
        state = self._state(host)
        asked = self._delay if delay_seconds is None else max(delay_seconds, 0.0)
        state.waiting += 1
        try:
            async with state.slots:
                state.delay = asked
                if not is_extra or state.throttled_delay:
                    self.check(host)  # because of a request that was ahead of this one
                    now = time.monotonic()
                    start = max(now, state.next_start)
                    state.next_start = start + state.spacing(asked, self._per_host)
                    if start > now:
                        await asyncio.sleep(start - now)
                await self._wait_backoff(host, state)
                yield Slot(state)
        finally:
            state.waiting -= 1

    async def _wait_backoff(self, host: str, state: _Host) -> None:
        while (left := state.backoff_seconds()) > 0.0:
            self.check(host)
            await asyncio.sleep(left)

    def check(self, host: str) -> None:
        """See whether a host may be asked.

        Raises:
            HostBackingOffError: It is backed off from for longer than a call should wait.
        """
        backoff = self.backoff(host)
        left = 0.0 if backoff is None else backoff.seconds_left()
        if backoff is not None and left > self._longest_wait:
            raise HostBackingOffError(
                f"backing off from {host} for {left:.0f} s after {backoff.why or 'failures'}",
                retry_after_seconds=left,
            )

    def note_success(self, host: str) -> None:
        """A request was answered as it should be."""
        state = self._state(host)
        state.backoff = note_success(state.backoff or Backoff(), datetime.now(UTC))

    def note_failure(self, host: str, error: FetchError) -> None:
        """A request ended in an error, its last try included."""
        state = self._state(host)
        before = state.backoff or Backoff()
        noted = note_failure(before, error, datetime.now(UTC))
        if noted is not before:  # the same: nothing was sent, so that nothing is known
            state.backoff = noted

    def backoff(self, host: str) -> Backoff | None:
        """Whether a host is backed off from; None while nothing came of any request to it."""
        state = self._hosts.get(host)
        return None if state is None else state.backoff

    def next_free_at(self, host: str) -> float:
        """When the next request to a host could start, on the clock of `time.monotonic`.

        In the past for a host that is free. Requests already queued count.
        """
        state = self._hosts.get(host)
        if state is None:
            return 0.0
        ahead = max(state.waiting - 1, 0) * state.spacing(state.delay, self._per_host)
        backing_off = state.backoff_seconds()
        free_at = time.monotonic() + backing_off if backing_off else 0.0
        return max(state.next_start + ahead, free_at)

    def wait_seconds(self, host: str) -> float:
        """How long from now until a request to the host could start; 0.0 when at once."""
        return max(self.next_free_at(host) - time.monotonic(), 0.0)

    def pace(self, host: str) -> HostPace:
        """How a host is asked now, for a Fetcher elsewhere to go on with."""
        state = self._hosts.get(host) or _Host(self._per_host, self._delay)
        return HostPace(
            wait_seconds=self.wait_seconds(host),
            spacing_seconds=state.spacing(state.delay, self._per_host),
            robots_delay_seconds=state.robots_delay,
            throttled_delay_seconds=state.throttled_delay,
            latency_seconds=state.latency,
            backoff=state.backoff,
        )

    def resume(self, host: str, pace: HostPace) -> None:
        """Go on with a host at the pace another Fetcher had come to."""
        state = self._state(host)
        state.next_start = max(state.next_start, time.monotonic() + pace.wait_seconds)
        state.robots_delay = pace.robots_delay_seconds
        state.throttled_delay = pace.throttled_delay_seconds
        state.latency = pace.latency_seconds
        state.backoff = pace.backoff

    def set_robots_delay(self, host: str, seconds: float | None) -> None:
        """Obey a Crawl-delay; None, or what is no sensible number, lifts it."""
        is_sensible = seconds is not None and math.isfinite(seconds) and seconds > 0.0
        self._state(host).robots_delay = (
            min(seconds, _LONGEST_DELAY_SECONDS) if is_sensible and seconds is not None else 0.0
        )

    def _state(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            if len(self._hosts) >= _MOST_HOSTS:
                self._forget_quiet_hosts()
            state = self._hosts[host] = _Host(self._per_host, self._delay)
        return state

    def _forget_quiet_hosts(self) -> None:
        """Drop hosts with nothing to remember, so that memory does not grow with the crawl."""
        now = time.monotonic()
        quiet = [
            name
            for name, state in self._hosts.items()
            if not state.waiting and state.next_start < now and not state.is_failing()
        ]
        for name in quiet:
            del self._hosts[name]
