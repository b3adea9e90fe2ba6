"""A crawl: the frontier's URLs are fetched, read and stored until none is due.

    lease ──▶ one lane a host ──fetch──▶ reading pool ──▶ writer ──▶ frontier, articles, failures
      ▲                                                                │
      └──────────────────────── what was found ────────────────────────┘

A lane asks one host, one request after the other, at the host's own pace; lanes know nothing of
each other, so that a slow host holds up nobody. Pages between network and disk are bounded.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.budget import ByteBudget
from pipelines.crawl.owner import lease_owner
from pipelines.crawl.plan import SourcePlan, choose_sources, plan_crawl
from pipelines.crawl.pool import ReadingPool, WorkerLostError
from pipelines.crawl.reading import Reading, ReadJob
from pipelines.crawl.report import (
    CrawlOptions,
    CrawlReport,
    FailureLine,
    Progress,
    ProgressCallback,
    SourceReport,
)
from pipelines.crawl.steps import (
    Handled,
    Turn,
    save_fetch_error,
    save_host_failure,
    save_lost,
    save_not_modified,
    save_reading,
)
from pipelines.crawl.writer import Writer
from pipelines.settings import Settings
from pipelines.store.crawls import CrawlCounts, finish_crawl, start_crawl
from pipelines.store.frontier import count_urls
from pipelines.store.hosts import hosts_backing_off, record_host_success
from pipelines.store.leases import LeasedUrl, LeaseOptions, lease_urls, release_leases, renew_leases
from scraper.discover.alternates import candidate_sitemaps
from scraper.discover.links import Link
from scraper.discover.urls import normalize_url
from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    HostPausedError,
    StatusError,
)
from scraper.fetch import Fetcher, FetchOptions
from scraper.page import Page

_LEASE_SECONDS: Final = 300.0
_RENEW_SECONDS: Final = 100.0
_PER_HOST: Final = 12
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000
_PAGES_IN_MEMORY: Final = 64
# A host that failed so often in a row, whatever the page, is left alone for a while.
_FAILURES_OF_A_HOST: Final = 5
_READING_GRACE_SECONDS: Final = 10.0


async def crawl(
    settings: Settings,
    db: Database,
    options: CrawlOptions | None = None,
    *,
    on_progress: ProgressCallback | None = None,
    stop: asyncio.Event | None = None,
) -> CrawlReport:
    """Crawl the sources that are due, and everything of them left from before, to the end.

    Args:
        settings: The sources.
        db: An open database; nobody else may use this connection meanwhile.
        options: Which sources, how many articles, how many processes.
        on_progress: Called after each page, in the event loop: be quick.
        stop: Set from outside, it ends the crawl: what is under way is finished, the rest waits in
            the frontier for the next crawl.

    Raises:
        SettingsError: A source is asked for that there is not.
        StoreError: The database cannot be written; what was stored before stays stored.
    """
    wanted = options or CrawlOptions()
    sources = choose_sources(settings, wanted.sources)
    plans = plan_crawl(db, sources, even_if_not_due=bool(wanted.sources))
    started = time.monotonic()
    report = CrawlReport(
        crawl_id=start_crawl(db),
        sources={plan.name: SourceReport(plan.name) for plan in plans.values()},
    )
    fetch_options = FetchOptions(
        contact=settings.contact,
        max_connections=wanted.hosts_at_once,
        retries=1,  # the frontier tries again later, and meanwhile others have their turn
    )
    with lease_owner() as owner:
        async with (
            Writer(db) as writer,
            ReadingPool(wanted.workers or default_workers(), wanted.page_timeout_seconds) as pool,
            Fetcher(fetch_options) as fetcher,
        ):
            run = _Crawl(plans, wanted, report, (writer, pool, fetcher, owner))
            await run.to_the_end(stop or asyncio.Event(), on_progress)
    report.elapsed_seconds = time.monotonic() - started
    _close(db, report, plans)
    return report


def default_workers() -> int:
    """One process for each processor this process may use; reading pages is what takes time."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(count or 1, 16))


@contextlib.contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM set `stop`; a second one ends the process as ever."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def note(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in numbers:
        loop.add_signal_handler(number, note, number)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _close(db: Database, report: CrawlReport, plans: Mapping[int, SourcePlan]) -> None:
    waiting = [count_urls(db, source_id=source_id) for source_id in plans]
    report.left = sum(counts["due"] for counts in waiting)
    report.backing_off = tuple(sorted(hosts_backing_off(db)))
    finish_crawl(
        db,
        report.crawl_id,
        CrawlCounts(
            fetched=report.total("fetched"),
            not_modified=report.total("not_modified"),
            articles_new=report.total("new"),
            articles_changed=report.total("changed"),
            articles_unchanged=report.total("unchanged"),
            failed=report.total("failed"),
            bytes=report.total("bytes"),
        ),
    )


class _Crawl:
    """The moving parts of one crawl."""

    def __init__(
        self,
        plans: Mapping[int, SourcePlan],
        options: CrawlOptions,
        report: CrawlReport,
        machines: tuple[Writer, ReadingPool, Fetcher, str],
    ) -> None:
        self._plans = plans
        self._options = options
        self._report = report
        self._writer, self._pool, self._fetcher, self._owner = machines
        self._queues: dict[str, deque[LeasedUrl]] = {}
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._reading: set[asyncio.Task[None]] = set()
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._room = asyncio.Semaphore(_PAGES_IN_MEMORY)
        self._wake = asyncio.Event()
        self._fatal: BaseException | None = None
        self._articles_of: Counter[int] = Counter()
        self._failures_of: Counter[str] = Counter()
        self._resting: dict[str, float] = {}
        self._greeted: set[str] = set()
        self._done = 0
        self._waiting = 0
        self._on_progress: ProgressCallback | None = None

    async def to_the_end(self, stop: asyncio.Event, on_progress: ProgressCallback | None) -> None:
        self._on_progress = on_progress
        self._waiting = await self._writer.run(self._count_waiting)
        self._tell()
        keeper = asyncio.create_task(self._keep_leases())
        stopper = asyncio.create_task(self._wake_when(stop))
        try:
            while not stop.is_set() and self._fatal is None:
                self._wake.clear()
                has_more = await self._refill()
                self._start_lanes()
                if not has_more and not self._lanes and not self._reading:
                    break
                await self._wake.wait()
            self._report.was_stopped = stop.is_set()
        except BaseException as error:
            self._fatal = error
            raise
        finally:
            keeper.cancel()
            stopper.cancel()
            await self._wind_up()
        if self._fatal is not None:
            raise self._fatal

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            await self._writer.run(lambda db: renew_leases(db, self._owner, _LEASE_SECONDS))

    async def _wind_up(self) -> None:
        """Finish what is under way, then give back what is not."""
        self._queues.clear()
        grace = self._options.stop_grace_seconds
        under_way = {*self._lanes.values(), *self._reading}
        if under_way and self._fatal is None:
            await asyncio.wait(under_way, timeout=grace)
            # A fetch that has just ended hands its page to a task of its own.
            if self._reading:
                await asyncio.wait(self._reading, timeout=max(grace, _READING_GRACE_SECONDS))
        for task in (*self._lanes.values(), *self._reading):
            task.cancel()
        await asyncio.gather(*self._lanes.values(), *self._reading, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._writer.run(lambda db: release_leases(db, self._owner))

    # -- taking turns ---------------------------------------------------------------------------

    async def _refill(self) -> bool:
        """Lease more URLs if there is room for them; whether there may be more to come."""
        buffered = sum(len(q) for host, q in self._queues.items() if not self._is_resting(host))
        most = min(max(64, 8 * len(self._queues)), 8 * self._options.hosts_at_once)
        if buffered >= most:
            return True
        full = {host for host, queue in self._queues.items() if len(queue) > _PER_HOST // 2}
        options = LeaseOptions(
            limit=most,
            per_host=_PER_HOST,
            lease_seconds=_LEASE_SECONDS,
            source_ids=[i for i in self._plans if not self._has_enough(i)],
            skip_hosts=frozenset(full | self._resting.keys()),
        )
        leased = await self._writer.run(lambda db: lease_urls(db, self._owner, options))
        for url in leased:
            self._queues.setdefault(url.host, deque()).append(url)
        return bool(leased)

    def _start_lanes(self) -> None:
        for host, queue in self._queues.items():
            if queue and host not in self._lanes and not self._is_resting(host):
                if len(self._lanes) >= self._options.hosts_at_once:
                    return
                self._lanes[host] = asyncio.create_task(self._run_lane(host, queue))

    async def _run_lane(self, host: str, queue: deque[LeasedUrl]) -> None:
        """Ask one host for its URLs, one after the other."""
        try:
            while queue and self._fatal is None:
                url = queue.popleft()
                if len(queue) == _PER_HOST // 3:
                    self._wake.set()
                if self._is_resting(host):
                    queue.appendleft(url)
                    return
                if self._is_over_limit(url):
                    continue
                await self._room.acquire()
                if self._queues.get(host) is not queue:  # the crawl is being wound up
                    self._room.release()
                    return
                await self._take_turn(url)
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._fatal = self._fatal or error
        finally:
            del self._lanes[host]
            if not queue:
                self._queues.pop(host, None)
            self._wake.set()

    def _has_enough(self, source_id: int) -> bool:
        limit = self._options.limit
        if limit is not None and sum(self._articles_of.values()) >= limit:
            return True
        most = self._plans[source_id].settings.max_articles_per_crawl
        return self._articles_of[source_id] >= most

    def _is_over_limit(self, url: LeasedUrl) -> bool:
        """Whether a URL has to wait for the next crawl; one that does not is counted."""
        if url.kind != "article":
            return False
        if self._has_enough(url.source_id):
            return True
        self._articles_of[url.source_id] += 1
        return False

    # -- one URL --------------------------------------------------------------------------------

    async def _take_turn(self, url: LeasedUrl) -> None:
        plan = self._plans[url.source_id]
        turn = Turn(url, plan, self._report.crawl_id)
        counts = self._report.sources[plan.name]
        try:
            page = await self._fetcher.fetch_page(
                url.url,
                etag=url.etag,
                last_modified=url.last_modified,
                allow_private=plan.settings.allow_private,
                delay_seconds=plan.settings.delay_seconds,
            )
        except HostPausedError as error:
            self._room.release()
            await self._rest(url.host, error, error.retry_after_seconds)
            return
        except FetchError as error:
            self._room.release()
            await self._note_fetch_error(turn, error)
            return
        except BaseException:
            self._room.release()
            raise
        await self._greet(url.host)
        counts.bytes += page.transferred_bytes
        if page.is_unchanged:
            self._room.release()
            counts.not_modified += 1
            await self._finish(turn, self._writer.run(lambda db: save_not_modified(db, turn, page)))
            return
        counts.fetched += 1
        await self._budget.take(len(page.body))
        task = asyncio.create_task(self._read_and_save(turn, page))
        self._reading.add(task)
        task.add_done_callback(self._note_read)

    def _note_read(self, task: "asyncio.Task[None]") -> None:
        self._reading.discard(task)
        self._wake.set()

    async def _read_and_save(self, turn: Turn, page: Page) -> None:
        settings = turn.plan.settings
        job = ReadJob(
            page=page,
            kind=turn.url.kind,
            ways=turn.plan.ways,
            wants_links=turn.url.depth < settings.max_depth,
            rules=turn.plan.rules,
            keep_page=settings.keep_pages,
        )
        try:
            try:
                reading = await self._pool.read(job)
            except WorkerLostError as error:
                message = str(error)
                saving = self._writer.run(lambda db: save_lost(db, turn, page, message))
            else:
                complete = await self._with_robots_sitemaps(turn, reading)
                saving = self._writer.run(lambda db: save_reading(db, turn, page, complete))
            await self._finish(turn, saving)
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._fatal = self._fatal or error
        finally:
            self._budget.give_back(len(page.body))
            self._room.release()

    async def _with_robots_sitemaps(self, turn: Turn, reading: Reading) -> Reading:
        """The reading of a source's own page, with what robots.txt says about sitemaps."""
        url, plan = turn.url, turn.plan
        if url.depth or reading.kind != "page" or url.kind == "article" or reading.stage:
            return reading
        if "sitemap" not in plan.ways:
            return reading
        named = await self._fetcher.robots.sitemaps(
            url.url, allow_private=plan.settings.allow_private
        )
        # Where nothing is named, a guess is only made for those who ask for a sitemap.
        if not named and not plan.is_open:
            named = candidate_sitemaps(url.url)[:1]
        sitemaps = (Link(url=normalize_url(sitemap) or sitemap) for sitemap in named)
        return replace(reading, sitemaps=(*reading.sitemaps, *sitemaps))

    async def _note_fetch_error(self, turn: Turn, error: FetchError) -> None:
        await self._finish(turn, self._writer.run(lambda db: save_fetch_error(db, turn, error)))
        host = turn.url.host
        status = error.status if isinstance(error, StatusError) else None
        is_host = isinstance(error, ConnectFailedError) or status in {429, 503}
        if is_host or isinstance(error, FetchTimeoutError) or (status or 0) >= 500:
            self._failures_of[host] += 1
        if is_host or self._failures_of[host] >= _FAILURES_OF_A_HOST:
            seconds = error.retry_after_seconds if isinstance(error, StatusError) else None
            await self._rest(host, error, seconds)

    async def _rest(self, host: str, error: FetchError, seconds: float | None) -> None:
        """Leave a host alone for now; its URLs keep their turn for another crawl."""
        message = " ".join(str(error).split())
        rest_seconds = await self._writer.run(
            lambda db: save_host_failure(db, host, message, seconds)
        )
        self._resting[host] = time.monotonic() + rest_seconds
        self._greeted.discard(host)

    def _is_resting(self, host: str) -> bool:
        until = self._resting.get(host)
        if until is None:
            return False
        if time.monotonic() < until:
            return True
        del self._resting[host]
        return False

    async def _greet(self, host: str) -> None:
        """Note that a host answers, once in a while and not with every page."""
        self._failures_of.pop(host, None)
        if host not in self._greeted:
            self._greeted.add(host)
            await self._writer.run(lambda db: record_host_success(db, host))

    async def _finish(self, turn: Turn, saving: "asyncio.Future[Handled]") -> None:
        handled = await saving
        counts = self._report.sources[turn.plan.name]
        if handled.stage is not None:
            self._report.note_failure(
                turn.plan.name,
                FailureLine(turn.url.url, handled.stage, handled.error, handled.message),
            )
        elif handled.result in {"new", "changed", "unchanged", "skipped"}:
            setattr(counts, handled.result, getattr(counts, handled.result) + 1)
        self._done += 1
        self._waiting += handled.added - 1
        if handled.added:
            self._wake.set()
        self._tell()

    def _count_waiting(self, db: Database) -> int:
        counts = [count_urls(db, source_id=source_id) for source_id in self._plans]
        return sum(count["due"] + count["leased"] for count in counts)

    def _tell(self) -> None:
        if self._on_progress is not None:
            report = self._report
            self._on_progress(
                Progress(
                    done=self._done,
                    waiting=max(self._waiting, 0),
                    articles=report.total("new") + report.total("changed"),
                    failed=report.total("failed"),
                    bytes=report.total("bytes"),
                )
            )
