"""Pages fetched and read by the machines of a cluster, the URLs of a host by one at a time.

The queues and the writer stay in this process: a host is in the hands of no more than one worker,
whatever their number, so that it sees one polite client.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from pipelines.crawl.download.cluster_worker import (
    BatchResult,
    HostBatch,
    WorkerOptions,
    close_worker,
    download_batch,
)
from pipelines.crawl.download.downloader import FetchResult, Settle
from pipelines.crawl.download.site_memory import SiteMemory
from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.errors import WorkerLostError
from pipelines.executor import default_workers
from pipelines.executor.dask_cluster import Cluster, open_cluster
from scraper.fetch import FetchOptions
from scraper.fetch.manners.throttle import HostPace
from scraper.page import Page

_LOSSES: Final = 3
"""Workers that may die over one URL, asked for by itself, before it is given up."""


class ClusterDownloader:
    """Sends the URLs of a host to a worker, a few at a time.

    Attributes:
        batch: Requests of a host that are taken at once.
    """

    batch: Final = 8

    def __init__(
        self,
        cluster: Cluster,
        options: WorkerOptions,
        site_memory: SiteMemory,
        settle: Settle,
        state: CrawlState,
    ) -> None:
        self._cluster = cluster
        self._options = options
        self._site_memory = site_memory
        self._settle = settle
        self._state = state
        self._pace_of: dict[str, tuple[HostPace, float]] = {}

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """None beside the queues."""
        return frozenset()

    async def download(self, requests: Sequence[CrawlRequest]) -> Sequence[CrawlRequest]:
        """Have pages of one host fetched and parsed by a worker, and what comes back stored.

        Returns:
            Requests that were not sent.

        Raises:
            ExecutorError: There is no cluster any more.
            StoreError: The database cannot be written.
        """
        fetch_results = await self._download(tuple(requests))
        for request, fetch_result in zip(requests, fetch_results, strict=False):
            await self._settle(request, fetch_result)
        return requests[len(fetch_results) :]

    async def _download(self, requests: tuple[CrawlRequest, ...]) -> tuple[FetchResult, ...]:
        """What came of the first requests; where they kill workers, of the first one alone."""
        host = requests[0].url.host
        losses = 0
        while True:
            batch = await self._batch_of(host, requests)
            try:
                result: BatchResult = await self._cluster.run(download_batch, batch, key=host)
            except WorkerLostError as error:
                losses += 1
                self._note_pace(host, self._pace_after_loss(requests[0]))
                if losses == _LOSSES and len(requests) == 1:
                    return (_lost(requests[0], str(error)),)
                if losses == _LOSSES:
                    losses, requests = 0, requests[:1]
            else:
                self._note_pace(host, result.pace)
                return result.fetch_results

    async def _batch_of(self, host: str, requests: tuple[CrawlRequest, ...]) -> HostBatch:
        pace, noted_at = self._pace_of.get(host, (None, 0.0))
        if pace is not None:
            await asyncio.sleep(max(0.0, noted_at + pace.wait_seconds - time.monotonic()))
        elif (backoff := self._state.backoff(host)) is not None:
            pace = HostPace(backoff=backoff)
        is_article = any(request.url.kind == "article" for request in requests)
        return HostBatch(
            requests=requests,
            known=await self._site_memory.get(requests[0].url.url) if is_article else None,
            pace=None if pace is None else _without_waits(pace),
            options=self._options,
        )

    def _note_pace(self, host: str, pace: HostPace) -> None:
        self._pace_of[host] = (pace, time.monotonic())
        self._state.note_backoff(host, pace.backoff)

    def _pace_after_loss(self, request: CrawlRequest) -> HostPace:
        """The pace of a host whose worker died: it may have asked a moment ago."""
        pace, _ = self._pace_of.get(request.url.host, (HostPace(), 0.0))
        spacing = max(pace.spacing_seconds, request.plan.settings.delay_seconds)
        return replace(pace, wait_seconds=spacing, spacing_seconds=spacing)


def _without_waits(pace: HostPace) -> HostPace:
    """The pace for the next worker: what there was to wait for is over, whatever its clock says."""
    backoff = None if pace.backoff is None else replace(pace.backoff, until=None)
    return replace(pace, wait_seconds=0.0, backoff=backoff)


def _lost(request: CrawlRequest, message: str) -> FetchResult:
    return FetchResult(page=Page(url=request.url.url, body=b""), lost=message)


@asynccontextmanager
async def open_cluster_downloader(
    fetch_options: FetchOptions,
    options: CrawlOptions,
    site_memory: SiteMemory,
    settle: Settle,
    state: CrawlState,
) -> AsyncIterator[ClusterDownloader]:
    """A cluster to fetch and read pages on.

    Raises:
        ExecutorError: There is none at the address, or Dask is not installed.
    """
    worker = WorkerOptions(
        fetch=fetch_options,
        page_timeout_seconds=options.page_timeout_seconds,
        code_version=code_version(),
    )
    async with open_cluster(options.workers or default_workers(), options.cluster) as cluster:
        try:
            yield ClusterDownloader(cluster, worker, site_memory, settle, state)
        finally:
            await cluster.tell_all(close_worker)
