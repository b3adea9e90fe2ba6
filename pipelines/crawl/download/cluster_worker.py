"""What a machine of a cluster does in a crawl: ask hosts, one after the other, and parse pages.

A worker keeps what it works with: connections, robots.txt and the pace of each host live from one
batch of URLs to the next. Beside it is a process that parses pages, as in any crawl, so that a page
that kills its parser costs that page and not the worker.
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
from pipelines.crawl.download.downloader import FetchResult
from pipelines.crawl.download.page_downloader import PageDownloader
from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.errors import ExecutorError
from scraper.errors import FetchError, HostBackingOffError
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.browser import Browser
from scraper.fetch.manners.throttle import HostPace
from scraper.page import Page
from scraper.sites.learned import KnownBlocks

T = TypeVar("T")

_SECONDS_OF_A_BATCH: Final = 8.0
"""Results travel when a batch is over; and a worker that dies takes no more than this with it."""

_BYTES_OF_A_BATCH: Final = 8_000_000
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000
_IDLE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker works; the same in all batches of a crawl.

    Attributes:
        fetch: Limits and manners.
        page_timeout_seconds: How long parsing one page may take.
        code_version: Of whoever sends batches; a worker with other code refuses them.
    """

    fetch: FetchOptions
    page_timeout_seconds: float
    code_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBatch:
    """URLs of one host, for one worker to ask one after the other.

    Attributes:
        requests: In the order in which they are asked.
        known: What the host's site repeats; None where that is of no use.
        pace: How the host was asked until now; None for one that was not.
    """

    requests: tuple[CrawlRequest, ...]
    known: KnownBlocks | None
    pace: HostPace | None
    options: WorkerOptions


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch.

    Attributes:
        fetch_results: Of the first requests; the others have not been sent.
        pace: How the host is asked now, and whether it is backed off from.
    """

    fetch_results: tuple[FetchResult, ...]
    pace: HostPace


def download_batch(batch: HostBatch) -> BatchResult:
    """Ask for the URLs of a batch, in a worker of a cluster.

    Raises:
        ExecutorError: The worker runs other code than the crawl.
    """
    if batch.options.code_version != code_version():
        raise ExecutorError(
            f"the worker runs winnow {code_version()} and the crawl {batch.options.code_version}; "
            "install the same on both"
        )
    _leave_the_queue()
    return _current_worker(batch.options).run(batch)


def close_worker() -> None:
    """Let go of connections and processes; the next batch opens them again."""
    global _worker
    with _lock:
        worker, _worker = _worker, None
    if worker is not None:
        worker.close()


class _ClusterWorker:
    """A thread with an event loop, and in it what a crawl fetches and parses with."""

    def __init__(self, options: WorkerOptions) -> None:
        self.options = options
        self._in_hand = 0
        self._last_used = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="winnow", daemon=True)
        self._thread.start()
        self._machines = _open_machines(options)
        self._page_downloader = self._call(self._machines.__aenter__())
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._loop.call_soon_threadsafe(self._close_when_idle)

    def run(self, batch: HostBatch) -> BatchResult:
        self._in_hand += 1
        try:
            return self._call(self._download_all(batch))
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

    async def _download_all(self, batch: HostBatch) -> BatchResult:
        downloader, first = self._page_downloader, batch.requests[0]
        if batch.pace is not None:
            downloader.resume(first, batch.pace)
        fetch_results: list[FetchResult | asyncio.Task[FetchResult]] = []
        size_bytes, started = 0, time.monotonic()
        for request in batch.requests:
            wait_seconds = downloader.pace(first).wait_seconds
            is_late = time.monotonic() + wait_seconds - started > _SECONDS_OF_A_BATCH
            if fetch_results and (is_late or size_bytes > _BYTES_OF_A_BATCH):
                break
            try:
                page = await downloader.fetch(request)
            except FetchError as error:
                if isinstance(error, HostBackingOffError) and downloader.is_backing_off(first):
                    break  # when the host is asked again is not for a worker to say
                fetch_results.append(FetchResult(error=error))
                continue
            size_bytes += len(page.body)
            if page.is_unchanged:
                fetch_results.append(
                    FetchResult(page=page, transferred_bytes=page.transferred_bytes)
                )
            else:
                await self._budget.take(len(page.body))
                fetch_results.append(asyncio.create_task(self._parse(request, page, batch.known)))
        done = [each if isinstance(each, FetchResult) else await each for each in fetch_results]
        return BatchResult(
            tuple(fetch_result.without_body() for fetch_result in done), downloader.pace(first)
        )

    async def _parse(
        self, request: CrawlRequest, page: Page, known: KnownBlocks | None
    ) -> FetchResult:
        try:
            return await self._page_downloader.parse(request, page, known)
        finally:
            self._budget.give_back(len(page.body))


_worker: _ClusterWorker | None = None
_lock: Final = threading.Lock()


def _current_worker(options: WorkerOptions) -> _ClusterWorker:
    global _worker
    with _lock:
        if _worker is not None and _worker.options == options:
            return _worker
        former, _worker = _worker, _ClusterWorker(options)
        worker = _worker
    if former is not None:  # of a crawl with other options, which is over or will start its own
        former.close()
    return worker


def _close_if_current(worker: _ClusterWorker) -> None:
    if _worker is worker:
        close_worker()


def _leave_the_queue() -> None:
    """Waiting for a host's turn takes no processor: others may start meanwhile."""
    distributed: Any = import_module("distributed")  # an extra; where this runs it is there
    with contextlib.suppress(ValueError):  # not in a worker
        distributed.get_worker()
        distributed.secede()


@asynccontextmanager
async def _open_machines(options: WorkerOptions) -> AsyncIterator[PageDownloader]:
    async with (
        ParserPool(1, options.page_timeout_seconds) as parser,
        Fetcher(options.fetch) as fetcher,
        Browser(fetcher) as browser,
    ):
        yield PageDownloader(fetcher, browser, parser)
