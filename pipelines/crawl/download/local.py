"""Pages fetched by this process, and read by its workers while their hosts are asked for more."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from pipelines.crawl.download.byte_budget import ByteBudget
from pipelines.crawl.download.downloader import Visit, Visitor
from pipelines.crawl.download.site_memory import KnownSites
from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.parse.parser_pool import open_reader
from pipelines.crawl.save.results import Handler
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import Turn
from pipelines.store.crawl.leases import LeasedUrl
from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.browser import Browser
from scraper.page import Page

# Between network and disk; each lane may hold one page more.
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000


class FetchHere:
    """Takes turns one by one.

    Attributes:
        batch: URLs of a host that are taken at once.
    """

    batch: Final = 1

    def __init__(
        self, visitor: Visitor, known_sites: KnownSites, handler: Handler, state: CrawlState
    ) -> None:
        self._visitor = visitor
        self._known_sites = known_sites
        self._handler = handler
        self._state = state
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._reading: set[asyncio.Task[None]] = set()

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """Pages being read or written."""
        return frozenset(self._reading)

    async def take_turns(self, urls: Sequence[LeasedUrl]) -> Sequence[LeasedUrl]:
        """Fetch URLs; when this returns their host is free, and the pages are on their way.

        Returns:
            Those that were not asked for: none.
        """
        for url in urls:
            await self._take_turn(self._handler.turn_of(url))
        return ()

    async def _take_turn(self, turn: Turn) -> None:
        try:
            page = await self._visitor.fetch(turn)
        except FetchError as error:
            await self._handler.settle(turn, Visit(error=error))
            return
        await self._handler.greet(turn.url.host)
        if page.is_unchanged:
            visit = Visit(page=page, transferred_bytes=page.transferred_bytes)
            self._start(self._handler.settle(turn, visit))
            return
        await self._budget.take(len(page.body))
        self._start(self._read_and_settle(turn, page))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """See to a page while its host is asked for the next one."""
        task = asyncio.create_task(self._end_crawl_if_it_fails(work))
        self._reading.add(task)
        task.add_done_callback(self._note_end)

    async def _end_crawl_if_it_fails(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._state.end_with(error)

    def _note_end(self, task: "asyncio.Task[None]") -> None:
        self._reading.discard(task)
        self._state.wake.set()

    async def _read_and_settle(self, turn: Turn, page: Page) -> None:
        size = len(page.body)
        try:
            is_article = turn.url.kind == "article"
            known = await self._known_sites.get(page.url) if is_article else None
            await self._handler.settle(turn, await self._visitor.read(turn, page, known))
        finally:
            self._budget.give_back(size)


@asynccontextmanager
async def open_fetching_here(
    fetch_options: FetchOptions,
    options: CrawlOptions,
    known_sites: KnownSites,
    handler: Handler,
    state: CrawlState,
) -> AsyncIterator[FetchHere]:
    """Everything a crawl needs in this process to fetch and read pages."""
    async with (
        open_reader(options) as reader,
        Fetcher(fetch_options, robots_memory=known_sites.robots) as fetcher,
        Browser(fetcher) as browser,
    ):
        yield FetchHere(Visitor(fetcher, browser, reader), known_sites, handler, state)
