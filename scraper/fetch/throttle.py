"""One queue per host: delays, pauses and how a host that fails is left alone.

Every request of a Fetcher waits for a slot here first, whoever asked for it, so that a host sees
one polite client however many sources lead to it. Nothing here holds a connection while it waits.
"""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from scraper.errors import HostPausedError

_LONGEST_DELAY_SECONDS = 86_400.0  # robots.txt may ask for any Crawl-delay; a day is honoured
_MOST_ADAPTED_SECONDS = 30.0
_LATENCY_WEIGHT = 0.3  # of the newest answer in the running mean
_SLOW_SECONDS = 1.0
_SLOW_FACTOR = 2.0  # a slow host spends at most half its time on us
_FIRST_PENALTY_SECONDS = 1.0
_LONGEST_PENALTY_SECONDS = 300.0
_RECOVERY = 0.7  # the penalty after each good answer; from 300 s to none takes 23 of them
_FORGIVEN_FAILURES = 2  # in a row, before a host is left alone
_FIRST_PAUSE_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 6 * 3600.0
_MOST_HOSTS = 20_000


@dataclass(frozen=True, slots=True)
class HostReport:
    """How a host stands.

    Attributes:
        host: As `host_of` names it.
        delay_seconds: Between the starts of two requests, as things are.
        paused_seconds: How much longer it is left alone; 0.0 when it is not.
        failures_in_a_row: Requests since the last answer that was none of the host's failures.
        last_error: Of the latest failure; None after an answer.
    """

    host: str
    delay_seconds: float
    paused_seconds: float
    failures_in_a_row: int
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPace:
    """What another Fetcher has to know to go on with a host at the same pace.

    Attributes:
        wait_seconds: Until the next request may start.
        spacing_seconds: Between the starts of two requests, as things are.
        robots_delay_seconds: What robots.txt asks for.
        penalty_seconds: For having been asked for fewer requests.
        latency_seconds: How fast it answers, as a running mean.
        failures_in_a_row: Requests since the last answer.
    """

    wait_seconds: float = 0.0
    spacing_seconds: float = 0.0
    robots_delay_seconds: float = 0.0
    penalty_seconds: float = 0.0
    latency_seconds: float = 0.0
    failures_in_a_row: int = 0


class Slot:
    """One request that may start now; it is told how it went before the slot is given back."""

    __slots__ = ("_host",)

    def __init__(self, host: "_Host") -> None:
        self._host = host

    def answered(self, latency_seconds: float) -> None:
        """The host gave an answer that is no failure of its own (404 is one)."""
        host = self._host
        host.latency += _LATENCY_WEIGHT * (latency_seconds - host.latency)
        host.failures, host.last_error = 0, None
        host.penalty = host.penalty * _RECOVERY if host.penalty > 0.1 else 0.0

    def throttled(self, error: str, retry_after_seconds: float | None) -> None:
        """The host asked for fewer requests: 429, or 503."""
        host = self._host
        host.last_error = error
        host.penalty = min(max(2 * host.penalty, _FIRST_PENALTY_SECONDS), _LONGEST_PENALTY_SECONDS)
        pause = host.penalty if retry_after_seconds is None else retry_after_seconds
        host.paused_until = max(host.paused_until, time.monotonic() + pause)

    def failed(self, error: str) -> None:
        """No answer, or an error of the server's own: after a few, a pause that doubles."""
        host = self._host
        host.last_error = error
        host.failures += 1
        count = host.failures - _FORGIVEN_FAILURES
        if count > 0:
            pause = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(count - 1, 30), _LONGEST_PAUSE_SECONDS)
            pause *= random.uniform(0.9, 1.1)  # noqa: S311  # jitter, no secret
            host.paused_until = max(host.paused_until, time.monotonic() + pause)


class _Host:
    """State of one host's queue; times are of the monotonic clock."""

    __slots__ = ("delay", "failures", "last_error", "latency", "next_start", "paused_until",
                 "penalty", "robots_delay", "slots", "waiting")  # fmt: skip

    def __init__(self, per_host: int, delay: float) -> None:
        self.slots = asyncio.Semaphore(per_host)
        self.waiting = 0
        self.delay = delay
        self.robots_delay = 0.0
        self.penalty = 0.0
        self.latency = 0.0
        self.next_start = 0.0
        self.paused_until = 0.0
        self.failures = 0
        self.last_error: str | None = None

    def spacing(self, asked_delay: float, per_host: int) -> float:
        """Seconds between two starts, the longest of all that speak for one."""
        adapted = 0.0
        # A delay of none says that the host is the caller's own. Less than a second says more
        # about this machine's load: 200 hosts asked at once made each look half a second slow.
        if asked_delay > 0.0 and self.latency > _SLOW_SECONDS:
            adapted = min(_SLOW_FACTOR * self.latency / per_host, _MOST_ADAPTED_SECONDS)
        return max(asked_delay, self.robots_delay, self.penalty, adapted)


class Throttle:
    """The queues of all hosts of a Fetcher, and what a scheduler may ask about them.

    Hosts are named as `scraper.urls.host_of` does.
    """

    def __init__(self, *, delay_seconds: float, per_host: int, max_pause_seconds: float) -> None:
        self._delay = delay_seconds
        self._per_host = per_host
        self._max_pause = max_pause_seconds
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(
        self, host: str, *, delay_seconds: float | None = None, is_extra: bool = False
    ) -> AsyncIterator[Slot]:
        """Wait until the host may be asked, and hold one of its slots.

        Args:
            host: Whose queue.
            delay_seconds: In place of the usual delay; robots.txt may still make it longer.
            is_extra: A request that costs the next one no delay: robots.txt itself.

        Raises:
            HostPausedError: The host is paused for longer than a call should wait.
        """
        state = self._state(host)
        self._check_pause(host, state)
        asked = self._delay if delay_seconds is None else max(delay_seconds, 0.0)
        state.waiting += 1
        try:
            async with state.slots:
                state.delay = asked
                if not is_extra:
                    now = time.monotonic()
                    start = max(now, state.next_start)
                    state.next_start = start + state.spacing(asked, self._per_host)
                    if start > now:
                        await asyncio.sleep(start - now)
                await self._wait_pause(host, state)
                yield Slot(state)
        finally:
            state.waiting -= 1

    async def _wait_pause(self, host: str, state: _Host) -> None:
        while (left := state.paused_until - time.monotonic()) > 0.0:
            self._check_pause(host, state)
            await asyncio.sleep(left)

    def _check_pause(self, host: str, state: _Host) -> None:
        left = state.paused_until - time.monotonic()
        if left > self._max_pause:
            why = f" after {state.last_error}" if state.last_error else ""
            raise HostPausedError(
                f"{host} is left alone for {left:.0f} s{why}", retry_after_seconds=left
            )

    def next_free_at(self, host: str) -> float:
        """When the next request to a host could start, on the clock of `time.monotonic`.

        In the past for a host that is free. Requests already queued count.
        """
        state = self._hosts.get(host)
        if state is None:
            return 0.0
        ahead = max(state.waiting - 1, 0) * state.spacing(state.delay, self._per_host)
        return max(state.next_start + ahead, state.paused_until)

    def wait_seconds(self, host: str) -> float:
        """How long from now until a request to the host could start; 0.0 when at once."""
        return max(self.next_free_at(host) - time.monotonic(), 0.0)

    def report(self, host: str) -> HostReport:
        """How a host stands; for one never asked, as it will start."""
        state = self._hosts.get(host) or _Host(self._per_host, self._delay)
        return HostReport(
            host=host,
            delay_seconds=state.spacing(state.delay, self._per_host),
            paused_seconds=max(state.paused_until - time.monotonic(), 0.0),
            failures_in_a_row=state.failures,
            last_error=state.last_error,
        )

    def pace(self, host: str) -> HostPace:
        """How a host is asked now, for a Fetcher elsewhere to go on with."""
        state = self._hosts.get(host) or _Host(self._per_host, self._delay)
        return HostPace(
            wait_seconds=self.wait_seconds(host),
            spacing_seconds=state.spacing(state.delay, self._per_host),
            robots_delay_seconds=state.robots_delay,
            penalty_seconds=state.penalty,
            latency_seconds=state.latency,
            failures_in_a_row=state.failures,
        )

    def resume(self, host: str, pace: HostPace) -> None:
        """Go on with a host at the pace another Fetcher had come to."""
        state = self._state(host)
        state.next_start = max(state.next_start, time.monotonic() + pace.wait_seconds)
        state.robots_delay = pace.robots_delay_seconds
        state.penalty = pace.penalty_seconds
        state.latency = pace.latency_seconds
        state.failures = pace.failures_in_a_row

    def paused(self) -> tuple[HostReport, ...]:
        """The hosts that are being left alone, the longest first."""
        now = time.monotonic()
        found = [self.report(name) for name, s in self._hosts.items() if s.paused_until > now]
        return tuple(sorted(found, key=lambda report: -report.paused_seconds))

    def pause(self, host: str, seconds: float, *, failures_in_a_row: int = 0) -> None:
        """Leave a host alone, as an earlier run found necessary."""
        state = self._state(host)
        state.paused_until = max(state.paused_until, time.monotonic() + seconds)
        state.failures = max(state.failures, failures_in_a_row)

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
            if not state.waiting
            and not state.failures
            and max(state.paused_until, state.next_start) < now
        ]
        for name in quiet:
            del self._hosts[name]
