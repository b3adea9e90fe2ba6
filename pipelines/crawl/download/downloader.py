"""One URL fetched and read: what of a crawl needs no database.

It runs in the crawl's own process, or on the machines of a cluster.
"""

from dataclasses import dataclass, replace
from typing import Final

from pipelines.crawl.download.article_pages import read_all_pages
from pipelines.crawl.parse.parse_page import Reader, Reading, ReadJob, failed_reading
from pipelines.crawl.schedule.plan import Turn
from pipelines.executor import WorkerLostError
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

_RENDERED_KINDS: Final = frozenset({"article", "page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of asking for a URL: one of an unchanged page, a reading, an error or a loss.

    Attributes:
        page: As it was fetched; None when it could not be.
        reading: What is on the page; None for one that is unchanged, and when reading was lost.
        error: Why it could not be fetched.
        lost: Why nobody could read it.
        fetched: Pages that came, further ones of the same article included.
        transferred_bytes: Of all of them, over the wire.
    """

    page: Page | None = None
    reading: Reading | None = None
    error: FetchError | None = None
    lost: str | None = None
    fetched: int = 0
    transferred_bytes: int = 0

    def without_body(self) -> "Visit":
        """The same for a long way: what the page held has been read."""
        return self if self.page is None else replace(self, page=replace(self.page, body=b""))


@dataclass(slots=True)
class _Traffic:
    fetched: int = 0
    transferred_bytes: int = 0

    def add(self, page: Page) -> None:
        self.fetched += 1
        self.transferred_bytes += page.transferred_bytes


class Visitor:
    """Fetches pages in their host's turn, and has them read.

    Args:
        fetcher: For all pages of a crawl that are fetched here.
        browser: For those that need one.
        reader: Reads them.
    """

    def __init__(self, fetcher: Fetcher, browser: Browser, reader: Reader) -> None:
        self._fetcher = fetcher
        self._browser = browser
        self._reader = reader

    async def fetch(self, turn: Turn) -> Page:
        """The page of a URL; when this returns its host is free.

        Raises:
            FetchError: It cannot be had.
        """
        url, settings = turn.url, turn.plan.settings
        return await self._fetcher.fetch_page(
            url.url,
            etag=url.etag,
            last_modified=url.last_modified,
            allow_private=settings.allow_private,
            delay_seconds=settings.delay_seconds,
        )

    async def read(self, turn: Turn, page: Page, known: KnownBlocks | None) -> Visit:
        """A fetched page with what is on it, rendered by a browser where the source asks for that.

        Args:
            turn: Whose page it is.
            page: As `fetch` brought it.
            known: What its site repeats.

        Raises:
            WorkerStartError: There is nobody to read it.
        """
        traffic = _Traffic()
        traffic.add(page)
        reading, lost = None, None
        try:
            reading, page = await self._read(turn, page, known, traffic)
            reading = await self._with_robots_sitemaps(turn, reading)
        except WorkerLostError as error:
            lost = str(error)
        return Visit(
            page=page,
            reading=reading,
            lost=lost,
            fetched=traffic.fetched,
            transferred_bytes=traffic.transferred_bytes,
        )

    async def _read(
        self, turn: Turn, page: Page, known: KnownBlocks | None, traffic: _Traffic
    ) -> tuple[Reading, Page]:
        reader, wish = self._reader, turn.plan.settings.render
        try:
            if wish == "always" and turn.url.kind in _RENDERED_KINDS and _is_html(page):
                page = await self._render(turn, page, traffic)
            reading = await reader.read(_job(turn, page, known))
            if wish == "auto" and reading.is_scripted and reading.stage is None:
                page = await self._render(turn, page, traffic)
                reading = await reader.read(_job(turn, page, known))
            if reading.next_page_url is not None:
                reading = await read_all_pages(
                    reader,
                    _job(turn, page, known),
                    reading,
                    lambda url: self._fetch_further(turn, url, traffic),
                )
        except RenderError as error:
            return failed_reading(turn.url.kind, "render", error), page
        return reading, page

    async def _fetch_further(self, turn: Turn, url: str, traffic: _Traffic) -> Page:
        """A further page of an article, in its host's turn."""
        settings = turn.plan.settings
        page = await self._fetcher.fetch_page(
            url, allow_private=settings.allow_private, delay_seconds=settings.delay_seconds
        )
        traffic.add(page)
        return page

    async def _render(self, turn: Turn, page: Page, traffic: _Traffic) -> Page:
        rendered = await self._browser.render_page(
            page, allow_private=turn.plan.settings.allow_private
        )
        traffic.transferred_bytes += rendered.transferred_bytes - page.transferred_bytes
        return rendered

    async def _with_robots_sitemaps(self, turn: Turn, reading: Reading) -> Reading:
        """The reading of a source's own page, with what robots.txt says about sitemaps."""
        url, plan = turn.url, turn.plan
        is_front_page = not url.depth and url.kind == reading.kind == "page" and not reading.stage
        if not is_front_page or "sitemap" not in plan.ways:
            return reading
        named = await self._fetcher.robots.sitemaps(
            url.url, allow_private=plan.settings.allow_private
        )
        # Where nothing is named, a guess is only made for those who ask for a sitemap.
        if not named and not plan.is_open:
            named = candidate_sitemaps(url.url)[:1]
        sitemaps = (Link(url=normalize_url(sitemap) or sitemap) for sitemap in named)
        return replace(reading, sitemaps=(*reading.sitemaps, *sitemaps))


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


def is_host_trouble(error: FetchError) -> bool:
    """Whether an error may be the host's rather than the page's."""
    if isinstance(error, StatusError):
        return error.status >= 500 or error.status == 429
    return isinstance(error, ConnectFailedError | FetchTimeoutError | HostPausedError)
