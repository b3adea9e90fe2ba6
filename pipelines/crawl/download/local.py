"""Pages fetched by this process, and parsed by its workers while their hosts are asked for more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from pipelines.crawl.download.byte_budget import ByteBudget
from pipelines.crawl.download.downloader import FetchResult, Settle
from pipelines.crawl.download.page_downloader import PageDownloader
from pipelines.crawl.download.site_memory import SiteMemory
from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.parse.parser_pool import open_parser
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import CrawlRequest
from scraper.errors import FetchError, HostBackingOffError
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.browser import Browser
from scraper.fetch.manners.throttle import HostPace
from scraper.page import Page

# Between network and disk; each queue may hold one page more.
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000


class LocalDownloader:
    """Sends the requests of a host one by one.

    Attributes:
        batch: Requests of a host that are taken at once.
    """

    batch: Final = 1

    def __init__(
        self,
        page_downloader: PageDownloader,
        site_memory: SiteMemory,
        settle: Settle,
        state: CrawlState,
    ) -> None:
        self._page_downloader = page_downloader
        self._site_memory = site_memory
        self._settle = settle
        self._state = state
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._reading: set[asyncio.Task[None]] = set()

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """Pages being read or written."""
        return frozenset(self._reading)

    async def download(self, requests: Sequence[CrawlRequest]) -> Sequence[CrawlRequest]:
        """Fetch pages; when this returns their host is free, and they are on their way.

        Returns:
            Requests that were not sent, because their host is backed off from.

        Raises:
            StoreError: The database cannot be written.
        """
        for number, request in enumerate(requests):
            self._resume(request)
            try:
                await self._download_one(request)
            except HostBackingOffError:
                return requests[number:]
            finally:
                self._note_backoff(request)
        return ()

    def _resume(self, request: CrawlRequest) -> None:
        """Go on with a host as the crawl before left it."""
        known = self._state.backoff(request.url.host)
        if known is not None and self._page_downloader.backoff(request) is None:
            self._page_downloader.resume(request, HostPace(backoff=known))

    def _note_backoff(self, request: CrawlRequest) -> None:
        self._state.note_backoff(request.url.host, self._page_downloader.backoff(request))

    async def _download_one(self, request: CrawlRequest) -> None:
        """Fetch a URL, and have the page seen to.

        Raises:
            HostBackingOffError: Its host is not to be asked.
        """
        try:
            page = await self._page_downloader.fetch(request)
        except FetchError as error:
            is_own = self._page_downloader.is_backing_off(request)  # not of one it redirects to
            if isinstance(error, HostBackingOffError) and is_own:
                raise
            await self._settle(request, FetchResult(error=error))
            return
        if page.is_unchanged:
            fetch_result = FetchResult(page=page, transferred_bytes=page.transferred_bytes)
            self._start(self._settle(request, fetch_result))
            return
        await self._budget.take(len(page.body))
        self._start(self._parse_and_settle(request, page))

    def _start(self, work: Awaitable[None]) -> None:
        """See to a page while its host is asked for the next one."""
        task = asyncio.create_task(self._end_crawl_if_it_fails(work))
        self._reading.add(task)
        task.add_done_callback(self._note_end)

    async def _end_crawl_if_it_fails(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._state.end_with(error)

    def _note_end(self, task: "asyncio.Task[None]") -> None:
        self._reading.discard(task)
        self._state.wake.set()

    async def _parse_and_settle(self, request: CrawlRequest, page: Page) -> None:
        size = len(page.body)
        try:
            is_article = request.url.kind == "article"
            known = await self._site_memory.get(page.url) if is_article else None
            await self._settle(request, await self._page_downloader.parse(request, page, known))
        finally:
            self._note_backoff(request)
            self._budget.give_back(size)


@asynccontextmanager
async def open_local_downloader(
    fetch_options: FetchOptions,
    options: CrawlOptions,
    site_memory: SiteMemory,
    settle: Settle,
    state: CrawlState,
) -> AsyncIterator[LocalDownloader]:
    """Everything a crawl needs in this process to fetch and read pages."""
    async with (
        open_parser(options) as parser,
        Fetcher(fetch_options, robots_memory=site_memory.robots) as fetcher,
        Browser(fetcher) as browser,
    ):
        yield LocalDownloader(PageDownloader(fetcher, browser, parser), site_memory, settle, state)
