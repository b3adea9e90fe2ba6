"""What a machine of a cluster does in a crawl: ask hosts, one after the other, and read pages.

A worker process keeps one station: connections, robots.txt and the pace of each host live from
one group of URLs to the next. Beside it is the process that reads pages, as in any crawl, so that
a page that kills its reader costs that page and not the worker.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeVar

from pipelines.crawl.download.byte_budget import ByteBudget
from pipelines.crawl.download.downloader import Visit, Visitor, is_host_trouble
from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.parse.parser_pool import ReadingPool
from pipelines.crawl.schedule.plan import Turn
from pipelines.errors import EngineError
from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.browser import Browser
from scraper.fetch.throttle import HostPace
from scraper.page import Page
from scraper.sites.learned import KnownBlocks

T = TypeVar("T")

_SECONDS_OF_A_GROUP: Final = 8.0
"""Results travel when a group is over; and a worker that dies takes no more than this with it."""

_BYTES_OF_A_GROUP: Final = 8_000_000
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000
_IDLE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StationOptions:
    """How a station works; the same in all groups of a crawl.

    Attributes:
        fetch: Limits and manners.
        page_timeout_seconds: How long reading one page may take.
        code: Of whoever sends groups; a station of other code refuses them.
    """

    fetch: FetchOptions
    page_timeout_seconds: float
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGroup:
    """URLs of one host, for one worker to ask one after the other.

    Attributes:
        host: As the frontier names it.
        turns: In the order in which they are asked.
        known: What the host's site repeats; None where that is of no use.
        pace: How the host was asked until now; None for one that was not.
    """

    host: str
    turns: tuple[Turn, ...]
    known: KnownBlocks | None
    pace: HostPace | None
    options: StationOptions


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What came of a group.

    Attributes:
        visits: Of the first turns; the others have not been asked.
        pace: How the host is asked now.
    """

    visits: tuple[Visit, ...]
    pace: HostPace


def visit_group(group: HostGroup) -> GroupResult:
    """Ask for the URLs of a group, in a worker of a cluster.

    Raises:
        EngineError: The worker runs other code than the crawl.
    """
    if group.options.code != code_version():
        raise EngineError(
            f"the worker runs winnow {code_version()} and the crawl {group.options.code}; "
            "install the same on both"
        )
    _leave_the_queue()
    return _running_station(group.options).run(group)


def close_station() -> None:
    """Let go of connections and processes; the next group opens them again."""
    global _station
    with _lock:
        station, _station = _station, None
    if station is not None:
        station.close()


class _Station:
    """A thread with an event loop, and in it what a crawl fetches and reads with."""

    def __init__(self, options: StationOptions) -> None:
        self.options = options
        self._in_hand = 0
        self._last_used = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="winnow", daemon=True)
        self._thread.start()
        self._machines = _open_machines(options)
        self._visitor, self._fetcher = self._call(self._machines.__aenter__())
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._loop.call_soon_threadsafe(self._close_when_idle)

    def run(self, group: HostGroup) -> GroupResult:
        self._in_hand += 1
        try:
            return self._call(self._visit_all(group))
        finally:
            self._in_hand -= 1
            self._last_used = time.monotonic()

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._call(self._machines.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _close_when_idle(self) -> None:
        """A crawl that was killed cannot say that it is over."""
        if not self._in_hand and time.monotonic() - self._last_used > _IDLE_SECONDS:
            threading.Thread(target=_close_if_current, args=(self,), daemon=True).start()
        else:
            self._loop.call_later(_IDLE_SECONDS / 4, self._close_when_idle)

    async def _visit_all(self, group: HostGroup) -> GroupResult:
        if group.pace is not None:
            self._fetcher.hosts.resume(group.host, group.pace)
        visits: list[Visit | asyncio.Task[Visit]] = []
        size_bytes, started = 0, time.monotonic()
        for turn in group.turns:
            wait_seconds = self._fetcher.hosts.wait_seconds(group.host)
            is_late = time.monotonic() + wait_seconds - started > _SECONDS_OF_A_GROUP
            if visits and (is_late or size_bytes > _BYTES_OF_A_GROUP):
                break
            try:
                page = await self._visitor.fetch(turn)
            except FetchError as error:
                visits.append(Visit(error=error))
                if is_host_trouble(error):
                    break  # whether the host is asked again is not for a station to say
                continue
            size_bytes += len(page.body)
            if page.is_unchanged:
                visits.append(Visit(page=page, transferred_bytes=page.transferred_bytes))
            else:
                await self._budget.take(len(page.body))
                visits.append(asyncio.create_task(self._read(turn, page, group.known)))
        done = [each if isinstance(each, Visit) else await each for each in visits]
        return GroupResult(
            tuple(visit.without_body() for visit in done), self._fetcher.hosts.pace(group.host)
        )

    async def _read(self, turn: Turn, page: Page, known: KnownBlocks | None) -> Visit:
        try:
            return await self._visitor.read(turn, page, known)
        finally:
            self._budget.give_back(len(page.body))


_station: _Station | None = None
_lock: Final = threading.Lock()


def _running_station(options: StationOptions) -> _Station:
    global _station
    with _lock:
        if _station is not None and _station.options == options:
            return _station
        former, _station = _station, _Station(options)
        station = _station
    if former is not None:  # of a crawl with other options, which is over or will start its own
        former.close()
    return station


def _close_if_current(station: _Station) -> None:
    if _station is station:
        close_station()


def _leave_the_queue() -> None:
    """Waiting for a host's turn takes no processor: others may start meanwhile."""
    distributed: Any = import_module("distributed")  # an extra; where this runs it is there
    with contextlib.suppress(ValueError):  # not in a worker
        distributed.get_worker()
        distributed.secede()


@asynccontextmanager
async def _open_machines(options: StationOptions) -> AsyncIterator[tuple[Visitor, Fetcher]]:
    async with (
        ReadingPool(1, options.page_timeout_seconds) as reader,
        Fetcher(options.fetch) as fetcher,
        Browser(fetcher) as browser,
    ):
        yield Visitor(fetcher, browser, reader), fetcher
