"""A crawl: the frontier's URLs are fetched, parsed and stored until none is due.

    frontier ──leases──▶ HostQueues ──CrawlRequest──▶ Downloader ──FetchResult──▶ ResultSaver
        ▲                one a host                   fetch, parse               articles, failures
        └───────────────────────────────────── new URLs ─────────────────────────────────┘

A host's queue sends one request after the other, at the host's own pace; queues know nothing of
each other, so that a slow host holds up nobody. Pages between network and disk are bounded.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final, assert_never

from sqlite_utils import Database

from pipelines.crawl.crawl_report import CrawlReport, ProgressCallback, SourceReport
from pipelines.crawl.download.cluster import open_cluster_downloader
from pipelines.crawl.download.downloader import Downloader, Settle
from pipelines.crawl.download.local import open_local_downloader
from pipelines.crawl.download.site_memory import SiteMemory
from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.save.results import ResultSaver
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.host_queues import HostQueues
from pipelines.crawl.schedule.lease_owner import lease_owner
from pipelines.crawl.schedule.plan import SourcePlan, choose_sources, plan_crawl
from pipelines.errors import SettingsError
from pipelines.retention import forget_old_history, forget_old_pages
from pipelines.settings import Settings, SourceSettings
from pipelines.store.crawl.crawls import CrawlCounts, finish_crawl, start_crawl
from pipelines.store.crawl.hosts import load_backing_off
from pipelines.store.crawl.robots_files import forget_old_robots
from pipelines.store.database.writer import Writer
from pipelines.store.frontier.leases import hosts_of_others
from pipelines.store.frontier.urls import count_urls
from scraper.fetch import FetchOptions
from scraper.fetch.browser import find_missing

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
        SettingsError: A source is asked for that there is not, or one that needs a browser where
            there is none.
        ExecutorError: There is no such cluster, or it is gone.
        StoreError: The database cannot be written; what was stored before stays stored.
    """
    wanted = options or CrawlOptions()
    sources = choose_sources(settings, wanted.sources)
    _check_rendering(sources)
    plans = plan_crawl(db, sources, even_if_not_due=bool(wanted.sources))
    started = time.monotonic()
    fetch_options = FetchOptions(
        contact=settings.contact,
        max_connections=wanted.hosts_at_once,
        retries=1,  # the frontier tries again later, and meanwhile others are asked
    )
    with lease_owner() as owner:
        report = CrawlReport(
            crawl_id=start_crawl(db, owner),
            sources={plan.name: SourceReport(plan.name) for plan in plans.values()},
        )
        async with Writer(db) as writer:
            state = CrawlState()
            host_queues = HostQueues(plans, wanted, writer, state, owner, report.crawl_id)
            saver = ResultSaver(plans, report, writer, state, on_progress)
            await saver.start_counting()
            async with _open_downloader(
                fetch_options, wanted, SiteMemory(writer), saver.settle, state
            ) as downloader:
                run = _Run(host_queues, downloader, state, wanted.stop_grace_seconds)
                report.was_stopped = await run.to_the_end(stop or asyncio.Event())
    report.elapsed_seconds = time.monotonic() - started
    report.elsewhere = tuple(sorted(hosts_of_others(db, owner)))
    _close(db, report, plans)
    return report


def _check_rendering(sources: Iterable[SourceSettings]) -> None:
    wanting = next((source for source in sources if source.render != "never"), None)
    missing = find_missing() if wanting is not None else None
    if wanting is not None and missing is not None:
        raise SettingsError(f'source "{wanting.name}": render = "{wanting.render}": {missing}')


def _open_downloader(
    fetch_options: FetchOptions,
    options: CrawlOptions,
    site_memory: SiteMemory,
    settle: Settle,
    state: CrawlState,
) -> AbstractAsyncContextManager[Downloader]:
    match options.executor:
        case "dask":
            return open_cluster_downloader(fetch_options, options, site_memory, settle, state)
        case "local" | "processes":
            return open_local_downloader(fetch_options, options, site_memory, settle, state)
        case _:
            assert_never(options.executor)


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
    sources = {source_id: plan.settings for source_id, plan in plans.items()}
    forget_old_pages(db, sources)
    forget_old_history(db, sources)
    forget_old_robots(db)
    waiting = [count_urls(db, source_id=source_id) for source_id in plans]
    report.left = sum(counts["due"] for counts in waiting)
    report.backing_off = tuple(sorted(load_backing_off(db)))
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
            suspect=report.total("suspect"),
        ),
        outcome="stopped" if report.was_stopped else "done",
    )


class _Run:
    """The loop of a crawl: lease, work the queues, wait for something to happen."""

    def __init__(
        self,
        host_queues: HostQueues,
        downloader: Downloader,
        state: CrawlState,
        stop_grace_seconds: float,
    ) -> None:
        self._host_queues = host_queues
        self._downloader = downloader
        self._state = state
        self._stop_grace_seconds = stop_grace_seconds

    async def to_the_end(self, stop: asyncio.Event) -> bool:
        """Go on until nothing is due; whether it was stopped before.

        Raises:
            PipelineError: What ended the crawl.
        """
        helpers = [
            asyncio.create_task(self._host_queues.keep_leases()),
            asyncio.create_task(self._wake_when(stop)),
        ]
        try:
            while not stop.is_set() and self._state.fatal is None:
                self._state.wake.clear()
                await self._host_queues.refill()
                self._host_queues.start(self._downloader.download, self._downloader.batch)
                if not self._is_busy():
                    break
                await self._state.wake.wait()
        except Exception as error:
            self._state.end_with(error)
            raise
        finally:
            for helper in helpers:
                helper.cancel()
            await self._wind_up()
        if self._state.fatal is not None:
            raise self._state.fatal
        return stop.is_set()

    def _is_busy(self) -> bool:
        return bool(self._state.is_hungry or self._host_queues.tasks or self._downloader.tasks)

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._state.wake.set()

    async def _wind_up(self) -> None:
        """Finish what is under way, then give back what is not."""
        self._host_queues.close()
        if self._state.fatal is None and self._host_queues.tasks:
            await asyncio.wait(self._host_queues.tasks, timeout=self._stop_grace_seconds)
        if self._state.fatal is None and self._downloader.tasks:
            await asyncio.wait(self._downloader.tasks, timeout=_READING_GRACE_SECONDS)
        under_way = self._host_queues.tasks | self._downloader.tasks
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._host_queues.release()
