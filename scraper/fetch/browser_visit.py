"""One page in a browser: every request it makes is answered from here."""

import asyncio
import contextlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scraper.errors import FetchError, StatusError
from scraper.fetch.client import Fetcher
from scraper.page import Page
from scraper.request_settings import PLAIN, RequestSettings
from scraper.urls.web_urls import host_of

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Route
    from playwright.async_api import Page as Tab

_NEEDED: Final = frozenset({"document", "script", "xhr", "fetch"})
_ACCEPT: Final = "*/*"
_QUIET_MS: Final = 8_000  # how long a page may go on loading after its document is there
_CLOSE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserOptions:
    """Limits of a browser.

    Attributes:
        program: Path of Chromium or Chrome; None to look where they usually are.
        max_tabs: Pages rendered at the same time.
        total_timeout_seconds: For one page, from the first script to the last.
        max_bytes: Of the page that comes out, and of all it loads together.
        max_requests: That one page may make.
        pages_per_start: After so many pages the browser is started anew: it only ever grows.
        cache_bytes: Scripts kept in memory, as all pages of a site have the same.
    """

    program: Path | None = None
    max_tabs: int = 2
    total_timeout_seconds: float = 60.0
    max_bytes: int = 10_000_000
    max_requests: int = 100
    pages_per_start: int = 200
    cache_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """On whose terms a page is visited.

    Attributes:
        allow_private: Whether its own host may be private.
        settings: What its requests say, and on which way they go.
    """

    allow_private: bool = False
    settings: RequestSettings = PLAIN

    @property
    def locale(self) -> str | None:
        """What scripts are told of the reader's language; None for the browser's own."""
        languages = self.settings.accept_language or ""
        return languages.partition(",")[0].partition(";")[0].strip() or None


class Visit:
    """One page in a context of its own: nothing is shared with the page before."""

    def __init__(
        self,
        fetcher: Fetcher,
        cache: "ScriptCache",
        page: Page,
        terms: VisitTerms,
        options: BrowserOptions,
    ) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self._page = page
        self._host = host_of(page.url)
        self._terms = terms
        self._options = options
        self._context: BrowserContext | None = None
        self._requests = 0
        self._loaded_bytes = 0
        self._is_document_given = False
        self.transferred_bytes = 0

    async def render(self, chromium: "Chromium") -> str:
        """The page's HTML when it has come to rest, or has had its time."""
        self._context = await chromium.new_context(
            accept_downloads=False,
            service_workers="block",
            user_agent=self._terms.settings.user_agent or self._fetcher.options.user_agent_header,
            locale=self._terms.locale,
        )
        await self._context.route("**/*", self._answer)
        await self._context.route_web_socket("**/*", lambda socket: socket.close())
        tab: Tab = await self._context.new_page()
        tab.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
        await tab.goto(self._page.url, wait_until="domcontentloaded", timeout=0)

        from playwright.async_api import TimeoutError as StillLoading  # noqa: PLC0415 - an extra

        with contextlib.suppress(StillLoading):
            await tab.wait_for_load_state("networkidle", timeout=_QUIET_MS)
        return await tab.content()

    async def close(self) -> bool:
        """Close the page, however it is; whether that could be done."""
        if self._context is None:
            return True
        with contextlib.suppress(Exception):  # the browser may be dead, or busy for ever
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._context.close()
            return True
        return False

    async def _answer(self, route: "Route") -> None:
        # A page that is closed meanwhile wants no answer any more.
        with contextlib.suppress(Exception):
            request = route.request
            kind, url = request.resource_type, request.url
            if kind == "document":
                await self._answer_document(route)
            elif kind not in _NEEDED or request.method != "GET" or not self._has_budget():
                await route.abort("blockedbyclient")
            else:
                await self._answer_resource(route, url)

    async def _answer_document(self, route: "Route") -> None:
        """The page itself, once; frames and pages it wants to go on to are not visited."""
        if self._is_document_given or route.request.frame.parent_frame is not None:
            await route.abort("blockedbyclient")
            return
        self._is_document_given = True
        content_type = self._page.content_type or "text/html"
        headers = {"content-type": content_type}
        if policy := self._page.headers.get("content-security-policy"):
            headers["content-security-policy"] = policy
        await route.fulfill(status=200, headers=headers, body=self._page.body)

    async def _answer_resource(self, route: "Route", url: str) -> None:
        # A page may reach what its source may reach only on its own host: nothing it loads from
        # elsewhere gets to look inside.
        inside = self._terms.allow_private and host_of(url) == self._host
        key = ScriptKey(inside, url, self._terms.settings)
        found = self._cache.get(key)
        if found is None:
            try:
                found = await self._fetcher.fetch_page(
                    url,
                    accept=_ACCEPT,
                    allow_private=inside,
                    delay_seconds=0.0,
                    settings=self._terms.settings,
                )
            except StatusError as error:
                await route.fulfill(status=error.status, body="")
                return
            except FetchError:
                await route.abort("failed")
                return
            self.transferred_bytes += found.transferred_bytes
            if route.request.resource_type == "script":
                self._cache.keep(key, found)
        self._loaded_bytes += len(found.body)
        headers = {"content-type": found.content_type or "text/plain"}
        # Whoever asks: all scripts of a page run in its own name, and frames are not loaded.
        headers["access-control-allow-origin"] = "*"
        await route.fulfill(status=200, headers=headers, body=found.body)

    def _has_budget(self) -> bool:
        self._requests += 1
        return (
            self._requests <= self._options.max_requests
            and self._loaded_bytes <= self._options.max_bytes
        )


@dataclass(frozen=True, slots=True)
class ScriptKey:
    """A URL, whether it may be private, and for whom it was asked."""

    inside: bool
    url: str
    settings: RequestSettings


class ScriptCache:
    """The scripts asked for last, up to a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._pages: OrderedDict[ScriptKey, Page] = OrderedDict()

    def get(self, key: ScriptKey) -> Page | None:
        """What is kept of a URL; None when nothing is."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def keep(self, key: ScriptKey, page: Page) -> None:
        """Keep a page, at the cost of those not asked for longest."""
        if key in self._pages:
            return
        self._pages[key] = page
        self._size += len(page.body)
        while self._size > self._max_bytes and self._pages:
            _, old = self._pages.popitem(last=False)
            self._size -= len(old.body)
