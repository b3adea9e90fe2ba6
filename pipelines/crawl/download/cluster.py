"""Pages fetched and read by the machines of a cluster, the URLs of a host by one at a time.

The lanes and the writer stay in this process: a host is in the hands of no more than one worker,
whatever their number, so that it sees one polite visitor.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from pipelines.crawl.download.cluster_worker import (
    GroupResult,
    HostGroup,
    StationOptions,
    close_station,
    visit_group,
)
from pipelines.crawl.download.downloader import Visit
from pipelines.crawl.download.site_memory import KnownSites
from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.save.results import Handler
from pipelines.crawl.schedule.plan import Turn
from pipelines.executor import WorkerLostError, default_workers
from pipelines.executor.dask_cluster import Cluster, open_cluster
from pipelines.store.crawl.leases import LeasedUrl
from scraper.fetch import FetchOptions
from scraper.fetch.throttle import HostPace
from scraper.page import Page

_LOSSES: Final = 3
"""Workers that may die over one URL, asked for by itself, before it is given up."""


class FetchOnCluster:
    """Sends the URLs of a host to a worker, a few at a time.

    Attributes:
        batch: URLs of a host that are taken at once.
    """

    batch: Final = 8

    def __init__(
        self,
        cluster: Cluster,
        options: StationOptions,
        known_sites: KnownSites,
        handler: Handler,
    ) -> None:
        self._cluster = cluster
        self._options = options
        self._known_sites = known_sites
        self._handler = handler
        self._pace_of: dict[str, tuple[HostPace, float]] = {}

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """None beside the lanes."""
        return frozenset()

    async def take_turns(self, urls: Sequence[LeasedUrl]) -> Sequence[LeasedUrl]:
        """Have URLs of one host fetched and read by a worker, and what comes back stored.

        Returns:
            Those that have not been asked for.

        Raises:
            EngineError: There is no cluster any more.
            StoreError: The database cannot be written.
        """
        turns = tuple(self._handler.turn_of(url) for url in urls)
        result, turns = await self._visit(turns)
        for turn, visit in zip(turns, result.visits, strict=False):
            if visit.error is None:
                await self._handler.greet(turn.url.host)
            await self._handler.settle(turn, visit)
        return urls[len(result.visits) :]

    async def _visit(self, turns: tuple[Turn, ...]) -> tuple[GroupResult, tuple[Turn, ...]]:
        """What came of the turns; where they kill workers, of the first one alone."""
        host = turns[0].url.host
        losses = 0
        while True:
            group = await self._group(host, turns)
            try:
                result = await self._cluster.run(visit_group, group, key=host)
            except WorkerLostError as error:
                losses += 1
                self._note_pace(host, self._pace_after_loss(turns[0]))
                if losses == _LOSSES and len(turns) == 1:
                    return GroupResult((_lost(turns[0], str(error)),), HostPace()), turns
                if losses == _LOSSES:
                    losses, turns = 0, turns[:1]
            else:
                self._note_pace(host, result.pace)
                return result, turns

    async def _group(self, host: str, turns: tuple[Turn, ...]) -> HostGroup:
        pace, noted_at = self._pace_of.get(host, (None, 0.0))
        if pace is not None:
            await asyncio.sleep(max(0.0, noted_at + pace.wait_seconds - time.monotonic()))
        is_article = any(turn.url.kind == "article" for turn in turns)
        return HostGroup(
            host=host,
            turns=turns,
            known=await self._known_sites.get(turns[0].url.url) if is_article else None,
            pace=_without_wait(pace),
            options=self._options,
        )

    def _note_pace(self, host: str, pace: HostPace) -> None:
        self._pace_of[host] = (pace, time.monotonic())

    def _pace_after_loss(self, turn: Turn) -> HostPace:
        """The pace of a host whose worker died: it may have asked a moment ago."""
        pace, _ = self._pace_of.get(turn.url.host, (HostPace(), 0.0))
        spacing = max(pace.spacing_seconds, turn.plan.settings.delay_seconds)
        return replace(pace, wait_seconds=spacing, spacing_seconds=spacing)


def _without_wait(pace: HostPace | None) -> HostPace | None:
    return None if pace is None else replace(pace, wait_seconds=0.0)


def _lost(turn: Turn, message: str) -> Visit:
    return Visit(page=Page(url=turn.url.url, body=b""), lost=message)


@asynccontextmanager
async def open_fetching_on_cluster(
    fetch_options: FetchOptions,
    options: CrawlOptions,
    known_sites: KnownSites,
    handler: Handler,
) -> AsyncIterator[FetchOnCluster]:
    """A cluster to fetch and read pages on.

    Raises:
        EngineError: There is none at the address, or Dask is not installed.
    """
    station = StationOptions(
        fetch=fetch_options,
        page_timeout_seconds=options.page_timeout_seconds,
        code=code_version(),
    )
    async with open_cluster(options.workers or default_workers(), options.cluster) as cluster:
        try:
            yield FetchOnCluster(cluster, station, known_sites, handler)
        finally:
            await cluster.tell_all(close_station)
