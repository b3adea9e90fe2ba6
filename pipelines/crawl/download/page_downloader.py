"""One URL fetched and parsed, without a database at hand.

It runs in the crawl's own process, or on the machines of a cluster.
"""

from dataclasses import dataclass, replace
from typing import Final

from pipelines.crawl.download.article_pages import parse_all_pages
from pipelines.crawl.download.best_of_both import Reading, best_of_both
from pipelines.crawl.download.downloader import FetchResult
from pipelines.crawl.parse.parse_page import ParseJob, Parser, ParseResult, failed_parse
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.errors import WorkerLostError
from pipelines.store.frontier.urls import UrlKind
from scraper.backoff import Backoff
from scraper.discover.alternates import candidate_sitemaps
from scraper.discover.links import Outlink
from scraper.discover.sitemaps import MAX_SITEMAP_BYTES
from scraper.errors import RenderError
from scraper.fetch import Fetcher
from scraper.fetch.browser import Browser
from scraper.fetch.manners.throttle import HostPace
from scraper.listing import Listing
from scraper.page import Page
from scraper.sites.learned import KnownBlocks
from scraper.urls.normal_urls import normalize_url
from scraper.urls.web_urls import host_of

_RENDERED_KINDS: Final[frozenset[UrlKind]] = frozenset({"article", "page"})


@dataclass(slots=True)
class _Traffic:
    fetched: int = 0
    transferred_bytes: int = 0

    def add(self, page: Page) -> None:
        self.fetched += 1
        self.transferred_bytes += page.transferred_bytes


class PageDownloader:
    """Fetches pages at their host's pace, and has them parsed.

    Args:
        fetcher: For all pages of a crawl that are fetched here.
        browser: For those that need one.
        parser: Parses them.
    """

    def __init__(self, fetcher: Fetcher, browser: Browser, parser: Parser) -> None:
        self._fetcher = fetcher
        self._browser = browser
        self._parser = parser

    async def fetch(self, request: CrawlRequest) -> Page:
        """The page of a URL; when this returns its host is free.

        Raises:
            FetchError: It cannot be had.
        """
        url, settings = request.url, request.plan.settings
        return await self._fetcher.fetch_page(
            url.url,
            etag=url.etag,
            last_modified=url.last_modified,
            allow_private=settings.allow_private,
            delay_seconds=settings.delay_seconds,
            settings=request.plan.requests,
            max_bytes=None if url.kind == "article" else MAX_SITEMAP_BYTES,
        )

    def backoff(self, request: CrawlRequest) -> Backoff | None:
        """How the host of a URL stands; None while nothing came of any request to it."""
        return self._fetcher.throttle.backoff(host_of(request.url.url))

    def is_backing_off(self, request: CrawlRequest) -> bool:
        """Whether the host of a URL is not to be asked now."""
        backoff = self.backoff(request)
        return backoff is not None and backoff.seconds_left() > 0.0

    def resume(self, request: CrawlRequest, pace: HostPace) -> None:
        """Go on with the host of a URL as somebody else left it."""
        self._fetcher.throttle.resume(host_of(request.url.url), pace)

    def pace(self, request: CrawlRequest) -> HostPace:
        """How the host of a URL is asked now, for somebody else to go on with."""
        return self._fetcher.throttle.pace(host_of(request.url.url))

    async def parse(
        self, request: CrawlRequest, page: Page, known: KnownBlocks | None
    ) -> FetchResult:
        """A fetched page with what is on it, rendered by a browser where the source asks for that.

        Args:
            request: Whose page it is.
            page: As `fetch` brought it.
            known: What its site repeats.

        Raises:
            WorkerStartError: There is nobody to parse it.
        """
        traffic = _Traffic()
        traffic.add(page)
        parsed, lost = None, None
        try:
            parsed, page = await self._parse(request, page, known, traffic)
            parsed = await self._with_robots_sitemaps(request, parsed)
        except WorkerLostError as error:
            lost = str(error)
        return FetchResult(
            page=page,
            parsed=parsed,
            lost=lost,
            fetched=traffic.fetched,
            transferred_bytes=traffic.transferred_bytes,
        )

    async def _parse(
        self, request: CrawlRequest, page: Page, known: KnownBlocks | None, traffic: _Traffic
    ) -> tuple[ParseResult, Page]:
        reading = Reading(page, await self._parser.parse(_job(request, page, known)))
        if _wants_browser(request, reading):
            reading = await self._read_rendered(request, reading, known, traffic)
        parsed = reading.parsed
        if parsed.next_page_url is not None:
            parsed = await parse_all_pages(
                self._parser,
                _job(request, reading.page, known),
                parsed,
                lambda url: self._fetch_further(request, url, traffic),
            )
        return parsed, reading.page

    async def _read_rendered(
        self,
        request: CrawlRequest,
        plain: Reading,
        known: KnownBlocks | None,
        traffic: _Traffic,
    ) -> Reading:
        """The better of a page as it was sent and as its scripts leave it.

        Where the browser fails, what the plain page has is read, and why is told beside it.
        """
        try:
            page = await self._render(request, plain.page, traffic)
            parsed = await self._parser.parse(_job(request, page, known))
        except (RenderError, WorkerLostError) as error:
            if not _has_anything(plain.parsed):
                return replace(plain, parsed=failed_parse(request.url.kind, "render", error))
            problem = " ".join(str(error).split())
            return replace(plain, parsed=replace(plain.parsed, render_problem=problem))
        return best_of_both(plain, Reading(page, parsed))

    async def _fetch_further(self, request: CrawlRequest, url: str, traffic: _Traffic) -> Page:
        """A further page of an article, at its host's pace."""
        settings = request.plan.settings
        page = await self._fetcher.fetch_page(
            url,
            allow_private=settings.allow_private,
            delay_seconds=settings.delay_seconds,
            settings=request.plan.requests,
        )
        traffic.add(page)
        return page

    async def _render(self, request: CrawlRequest, page: Page, traffic: _Traffic) -> Page:
        rendered = await self._browser.render_page(
            page,
            allow_private=request.plan.settings.allow_private,
            settings=request.plan.requests,
        )
        traffic.transferred_bytes += rendered.transferred_bytes - page.transferred_bytes
        return rendered

    async def _with_robots_sitemaps(
        self, request: CrawlRequest, parsed: ParseResult
    ) -> ParseResult:
        """What a source's own page holds, with what robots.txt says about sitemaps."""
        url, plan = request.url, request.plan
        is_front_page = not url.depth and url.kind == parsed.kind == "page" and not parsed.stage
        if not is_front_page or "sitemap" not in plan.discover_methods:
            return parsed
        named = await self._fetcher.robots.sitemaps(
            url.url, allow_private=plan.settings.allow_private, settings=plan.requests
        )
        # Where nothing is named, a guess is only made for those who ask for a sitemap.
        if not named and not plan.is_discover_open:
            named = candidate_sitemaps(url.url)[:1]
        sitemaps = (Outlink(url=normalize_url(sitemap) or sitemap) for sitemap in named)
        return replace(parsed, sitemaps=(*parsed.sitemaps, *sitemaps))


def _wants_browser(request: CrawlRequest, plain: Reading) -> bool:
    """Whether a source has such a page rendered, given what is on it without."""
    match request.plan.settings.render:
        case "never":
            return False
        case "auto":
            return plain.parsed.is_scripted and plain.parsed.stage is None
        case "always":
            return request.url.kind in _RENDERED_KINDS and _is_html(plain.page)


def _has_anything(parsed: ParseResult) -> bool:
    return parsed.rows is not None or bool(parsed.links or parsed.feeds or parsed.sitemaps)


def _is_html(page: Page) -> bool:
    return "html" in (page.content_type or "text/html").lower()


def _job(request: CrawlRequest, page: Page, known: KnownBlocks | None) -> ParseJob:
    settings = request.plan.settings
    return ParseJob(
        page=page,
        kind=request.url.kind,
        discover_methods=request.plan.discover_methods,
        wants_links=request.url.depth < settings.max_depth,
        rules=request.plan.rules,
        known=known,
        keep_page=settings.keep_pages,
        listing=Listing.from_json(request.url.listing),
    )
