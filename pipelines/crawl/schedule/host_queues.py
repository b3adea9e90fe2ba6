"""Which URL is asked for next: URLs are leased, and each host has a queue of its own.

A queue is worked off one request after the other; queues know nothing of each other, so that a slow
host holds up nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import CrawlRequest, SourcePlan
from pipelines.crawl.schedule.shares import Shares
from pipelines.store.crawl.fetches import last_asked
from pipelines.store.crawl.hosts import load_backoffs, save_backoff
from pipelines.store.database.writer import Writer
from pipelines.store.frontier.leases import (
    LeasedUrl,
    LeaseOptions,
    lease_urls,
    release_leases,
    renew_leases,
    sources_with_lists,
)
from scraper.backoff import Backoff

_LEASE_SECONDS: Final = 300.0
_RENEW_SECONDS: Final = 100.0
_PER_HOST: Final = 12
_SHORT_PAUSE_SECONDS: Final = 61.0  # "too many requests": most such hosts count by the minute
_MOST_PAUSES_SECONDS: Final = 600.0  # of one host in one crawl
_FEW: Final = 4  # a queue with so many left asks for more: the lease is there before they are gone
Download = Callable[[Sequence[CrawlRequest]], Awaitable[Sequence[CrawlRequest]]]
"""Sends some requests to one host, and returns those that it did not come to."""


class HostQueues:
    """The queues of all hosts, and the tasks that work them off.

    Args:
        plans: The sources, by id.
        options: How many articles, how many hosts.
        writer: For leases.
        state: Shared with those who deal with the pages.
        owner: In whose name URLs are leased.
        crawl_id: What all requests belong to.
    """

    def __init__(
        self,
        plans: Mapping[int, SourcePlan],
        options: CrawlOptions,
        writer: Writer,
        state: CrawlState,
        owner: str,
        crawl_id: int,
    ) -> None:
        self._plans = plans
        self._options = options
        self._writer = writer
        self._state = state
        self._owner = owner
        self._crawl_id = crawl_id
        self._queues: dict[str, deque[LeasedUrl]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._shares = Shares(plans, options)
        self._asked: set[str] = set()
        self._asked_before: dict[str, datetime] = {}  # by another crawl, at these times
        self._stored_backoffs: dict[str, Backoff] = {}
        self._sat_out: dict[str, float] = {}

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """Of the hosts that are being asked."""
        return frozenset(self._tasks.values())

    async def refill(self) -> None:
        """Lease what there is room for, if there may be more."""
        if not self._state.is_hungry:
            return
        self._state.is_hungry = False
        enough = {host for host, queue in self._queues.items() if len(queue) > _FEW}
        options = LeaseOptions(
            limit=_PER_HOST * self._options.hosts_at_once,
            per_host=_PER_HOST - _FEW,
            lease_seconds=_LEASE_SECONDS,
            skip_hosts=frozenset(enough),
        )

        def lease(
            db: Database,
        ) -> tuple[list[LeasedUrl], dict[str, datetime], dict[str, Backoff]]:
            urls = self._lease_lists(db, options)
            urls += self._lease_stories(db, options, urls)
            new_hosts = {url.host for url in urls} - self._asked
            return urls, last_asked(db, new_hosts), load_backoffs(db, new_hosts)

        urls, asked_at, backoffs = await self._writer.run(lease)
        for url in urls:
            self._queues.setdefault(url.host, deque()).append(url)
        self._asked_before |= asked_at
        self._asked.update(url.host for url in urls)
        self._stored_backoffs |= backoffs
        for host, backoff in backoffs.items():
            self._state.note_backoff(host, backoff)

    def _lease_lists(self, db: Database, options: LeaseOptions) -> list[LeasedUrl]:
        ranges = self._shares.open_lists()
        return lease_urls(db, self._owner, replace(options, source_ids=list(ranges), ranges=ranges))

    def _lease_stories(
        self, db: Database, options: LeaseOptions, lists: Sequence[LeasedUrl]
    ) -> list[LeasedUrl]:
        """Stories of the sources whose lists are read: what is new comes before what is known."""
        unread = {url.source_id for url in lists} | sources_with_lists(db, self._owner)
        ranges = {
            source_id: wanted
            for source_id, wanted in self._shares.open_stories().items()
            if source_id not in unread
        }
        wanted = replace(options, limit=max(options.limit - len(lists), 0))
        return lease_urls(db, self._owner, replace(wanted, source_ids=list(ranges), ranges=ranges))

    def start(self, download: Download, batch: int) -> None:
        """Start a task for each host that has something in its queue and none yet.

        Args:
            download: Sends the next requests to a host.
            batch: How many at most it is given at once.
        """
        for host, queue in self._queues.items():
            if queue and host not in self._tasks and not self._state.is_backing_off(host):
                if len(self._tasks) >= self._options.hosts_at_once:
                    return
                self._tasks[host] = asyncio.create_task(self._run(host, download, batch))

    def close(self) -> None:
        """Let each task end after the request it is at."""
        self._queues.clear()

    async def release(self) -> None:
        """Give back what was leased and not dealt with, and keep how the hosts stand."""
        for host in self._asked:
            await self._save_backoff(host)
        await self._writer.run(lambda db: release_leases(db, self._owner))

    async def keep_leases(self) -> None:
        """Renew the leases for as long as this runs."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            await self._writer.run(lambda db: renew_leases(db, self._owner, _LEASE_SECONDS))

    async def _run(self, host: str, download: Download, batch: int) -> None:
        queue = self._queues[host]
        try:
            if queue and host in self._asked_before:
                await asyncio.sleep(self._wait_after(self._asked_before.pop(host), queue[0]))
            while queue and self._queues.get(host) is queue and self._state.fatal is None:
                if self._state.is_backing_off(host) and not await self._sit_out(host):
                    return
                requests = self._take(queue, batch)
                left = [each.url for each in await download(requests)] if requests else []
                queue.extendleft(reversed(left))
                for url in left:
                    self._shares.give_back(url)
                await self._save_backoff(host)
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._state.end_with(error)
        finally:
            del self._tasks[host]
            if not queue:
                self._queues.pop(host, None)
            self._state.ask_for_more()

    async def _sit_out(self, host: str) -> bool:
        """Wait for as long as a host asks for, when that is short; whether it may be asked now."""
        backoff = self._state.backoff(host)
        if backoff is None or not backoff.is_asked:
            return False
        seconds = backoff.seconds_left()
        self._sat_out[host] = self._sat_out.get(host, 0.0) + seconds
        if seconds > _SHORT_PAUSE_SECONDS or self._sat_out[host] > _MOST_PAUSES_SECONDS:
            return False
        await asyncio.sleep(seconds)
        return not self._state.is_backing_off(host)

    async def _save_backoff(self, host: str) -> None:
        """Keep how a host stands where that is news, for the next crawl to go on from."""
        backoff = self._state.backoff(host)
        if backoff is not None and backoff != self._stored_backoffs.get(host):
            self._stored_backoffs[host] = backoff
            await self._writer.run(lambda db: save_backoff(db, host, backoff))

    def _wait_after(self, asked_at: datetime, url: LeasedUrl) -> float:
        """How long another crawl's last request still asks us to wait."""
        delay = self._plans[url.source_id].settings.delay_seconds
        return min(delay, delay - (datetime.now(UTC) - asked_at).total_seconds())

    def _take(self, queue: deque[LeasedUrl], most: int) -> list[CrawlRequest]:
        """The next requests to a host that no limit stands against; more are leased in time."""
        before = len(queue)
        requests: list[CrawlRequest] = []
        while queue and len(requests) < most:
            url = queue.popleft()
            if self._shares.take(url):
                requests.append(CrawlRequest(url, self._plans[url.source_id], self._crawl_id))
        if len(queue) <= _FEW < before:
            self._state.ask_for_more()
        return requests
