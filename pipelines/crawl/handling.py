"""What is done with one URL: fetch it, have it read, have it written."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.budget import ByteBudget
from pipelines.crawl.known_sites import KnownSites
from pipelines.crawl.paging import read_all_pages
from pipelines.crawl.plan import SourcePlan
from pipelines.crawl.pool import ReadingPool, WorkerLostError
from pipelines.crawl.reading import Reading, ReadJob, failed_reading
from pipelines.crawl.report import CrawlReport, FailureLine, Progress, ProgressCallback
from pipelines.crawl.state import CrawlState
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
from pipelines.store.frontier import count_urls
from pipelines.store.hosts import record_host_success
from pipelines.store.leases import LeasedUrl
from scraper.discover.alternates import candidate_sitemaps
from scraper.discover.links import Link
from scraper.discover.urls import normalize_url
from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    HostPausedError,
    RenderError,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.fetch.browser import Browser
from scraper.page import Page
from scraper.sites.learned import KnownBlocks

# Between network and disk; each lane may hold one page more.
_PAGES_IN_MEMORY_BYTES: Final = 24_000_000
# A host that failed so often in a row, whatever the page, is left alone for a while.
_FAILURES_OF_A_HOST: Final = 5
_RENDERED_KINDS: Final = frozenset({"article", "page"})


@dataclass(frozen=True, slots=True)
class Machines:
    """What a crawl works with."""

    writer: Writer
    pool: ReadingPool
    fetcher: Fetcher
    browser: Browser


class Handler:
    """Deals with URLs, many at once, and counts what became of them."""

    def __init__(
        self,
        plans: Mapping[int, SourcePlan],
        report: CrawlReport,
        machines: Machines,
        state: CrawlState,
        on_progress: ProgressCallback | None,
    ) -> None:
        self._plans = plans
        self._report = report
        self._machines = machines
        self._state = state
        self._on_progress = on_progress
        self._reading: set[asyncio.Task[None]] = set()
        self._budget = ByteBudget(_PAGES_IN_MEMORY_BYTES)
        self._known_sites = KnownSites(machines.writer)
        self._done = 0
        self._waiting = 0

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """Pages being read or written."""
        return frozenset(self._reading)

    async def start_counting(self) -> None:
        """Count what is waiting, for the progress."""
        self._waiting = await self._machines.writer.run(self._count_waiting)
        self._tell()

    async def take_turn(self, url: LeasedUrl) -> None:
        """Fetch a URL; when this returns its host is free, and the page is on its way."""
        plan = self._plans[url.source_id]
        turn = Turn(url, plan, self._report.crawl_id)
        try:
            page = await self._machines.fetcher.fetch_page(
                url.url,
                etag=url.etag,
                last_modified=url.last_modified,
                allow_private=plan.settings.allow_private,
                delay_seconds=plan.settings.delay_seconds,
            )
        except HostPausedError as error:
            # Not asked for: the URL keeps its turn.
            await self._rest(url.host, error, error.retry_after_seconds)
            return
        except FetchError as error:
            await self._note_fetch_error(turn, error)
            return
        if self._state.greet(url.host):
            await self._machines.writer.run(lambda db: record_host_success(db, url.host))
        counts = self._report.sources[plan.name]
        counts.bytes += page.transferred_bytes
        if page.is_unchanged:
            counts.not_modified += 1
            saving = self._machines.writer.run(lambda db: save_not_modified(db, turn, page))
            await self._finish(turn, saving)
            return
        counts.fetched += 1
        await self._budget.take(len(page.body))
        task = asyncio.create_task(self._read_and_save(turn, page))
        self._reading.add(task)
        task.add_done_callback(self._note_end)

    def _note_end(self, task: "asyncio.Task[None]") -> None:
        self._reading.discard(task)
        self._state.wake.set()

    async def _read_and_save(self, turn: Turn, page: Page) -> None:
        writer = self._machines.writer
        size = len(page.body)
        try:
            try:
                reading, page = await self._read(turn, page)
            except WorkerLostError as error:
                message, lost = str(error), page
                saving = writer.run(lambda db: save_lost(db, turn, lost, message))
            else:
                complete = await self._with_robots_sitemaps(turn, reading)
                final = page
                saving = writer.run(lambda db: save_reading(db, turn, final, complete))
            await self._finish(turn, saving)
        except Exception as error:  # noqa: BLE001 - ends the crawl, with what was wrong
            self._state.end_with(error)
        finally:
            self._budget.give_back(size)

    async def _read(self, turn: Turn, page: Page) -> tuple[Reading, Page]:
        """What is on a page, rendered by a browser where the source asks for that, and it."""
        pool, wish = self._machines.pool, turn.plan.settings.render
        try:
            if wish == "always" and turn.url.kind in _RENDERED_KINDS and _is_html(page):
                page = await self._render(turn, page)
            known = await self._find_known(turn, page)
            reading = await pool.read(_job(turn, page, known))
            if wish == "auto" and reading.is_scripted and reading.stage is None:
                page = await self._render(turn, page)
                reading = await pool.read(_job(turn, page, known))
            if reading.next_page_url is not None:
                job = _job(turn, page, known)
                reading = await read_all_pages(
                    pool, job, reading, lambda url: self._fetch_further(turn, url)
                )
        except RenderError as error:
            return failed_reading(turn.url.kind, "render", error), page
        return reading, page

    async def _fetch_further(self, turn: Turn, url: str) -> Page:
        """A further page of an article, in its host's turn."""
        settings = turn.plan.settings
        page = await self._machines.fetcher.fetch_page(
            url, allow_private=settings.allow_private, delay_seconds=settings.delay_seconds
        )
        counts = self._report.sources[turn.plan.name]
        counts.fetched += 1
        counts.bytes += page.transferred_bytes
        return page

    async def _find_known(self, turn: Turn, page: Page) -> KnownBlocks | None:
        return await self._known_sites.get(page.url) if turn.url.kind == "article" else None

    async def _render(self, turn: Turn, page: Page) -> Page:
        plan = turn.plan
        rendered = await self._machines.browser.render_page(
            page, allow_private=plan.settings.allow_private
        )
        more_bytes = rendered.transferred_bytes - page.transferred_bytes
        self._report.sources[plan.name].bytes += more_bytes
        return rendered

    async def _with_robots_sitemaps(self, turn: Turn, reading: Reading) -> Reading:
        """The reading of a source's own page, with what robots.txt says about sitemaps."""
        url, plan = turn.url, turn.plan
        is_front_page = not url.depth and url.kind == reading.kind == "page" and not reading.stage
        if not is_front_page or "sitemap" not in plan.ways:
            return reading
        named = await self._machines.fetcher.robots.sitemaps(
            url.url, allow_private=plan.settings.allow_private
        )
        # Where nothing is named, a guess is only made for those who ask for a sitemap.
        if not named and not plan.is_open:
            named = candidate_sitemaps(url.url)[:1]
        sitemaps = (Link(url=normalize_url(sitemap) or sitemap) for sitemap in named)
        return replace(reading, sitemaps=(*reading.sitemaps, *sitemaps))

    async def _note_fetch_error(self, turn: Turn, error: FetchError) -> None:
        saving = self._machines.writer.run(lambda db: save_fetch_error(db, turn, error))
        await self._finish(turn, saving)
        status = error.status if isinstance(error, StatusError) else 0
        is_host = isinstance(error, ConnectFailedError) or status in {429, 503}
        failures = 0
        if is_host or isinstance(error, FetchTimeoutError) or status >= 500:
            failures = self._state.count_failure(turn.url.host)
        if is_host or failures >= _FAILURES_OF_A_HOST:
            seconds = error.retry_after_seconds if isinstance(error, StatusError) else None
            await self._rest(turn.url.host, error, seconds)

    async def _rest(self, host: str, error: FetchError, seconds: float | None) -> None:
        """Leave a host alone for now; its URLs keep their turn."""
        message = " ".join(str(error).split())
        rest_seconds = await self._machines.writer.run(
            lambda db: save_host_failure(db, host, message, seconds)
        )
        self._state.rest(host, rest_seconds)

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
        # A feed or sitemap may name nothing new and yet make known URLs due again.
        if handled.added or handled.result == "index":
            self._state.ask_for_more()
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


def _is_html(page: Page) -> bool:
    return "html" in (page.content_type or "text/html").lower()


def _job(turn: Turn, page: Page, known: KnownBlocks | None) -> ReadJob:
    settings = turn.plan.settings
    return ReadJob(
        page=page,
        kind=turn.url.kind,
        ways=turn.plan.ways,
        wants_links=turn.url.depth < settings.max_depth,
        rules=turn.plan.rules,
        known=known,
        keep_page=settings.keep_pages,
    )
