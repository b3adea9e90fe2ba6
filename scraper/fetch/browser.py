"""Pages that scripts build: rendered in an installed Chromium that never touches the network.

Every request of a page is intercepted and answered by the `Fetcher`: addresses are checked after
DNS on every hop, robots.txt is obeyed, sizes and times are capped, no cookie is kept. What is not
needed for text is not asked for at all. Should a request get past the interception (a WebSocket,
WebRTC), the browser's only way out is a proxy that does not exist.

Needs Playwright (the extra "render") and a Chromium or Chrome that is installed.
"""

import asyncio
import contextlib
import os
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from scraper.errors import RenderError
from scraper.fetch.browser_visit import BrowserOptions, ScriptCache, Visit, VisitTerms
from scraper.fetch.client import Fetcher
from scraper.page import Page
from scraper.request_settings import PLAIN, RequestSettings

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

_PROGRAMS: Final = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome",
    "microsoft-edge-stable", "microsoft-edge",
)  # fmt: skip
_APPLICATIONS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ARGUMENTS: Final = (
    # The way out for what was not intercepted: nowhere. Loopback is no exception.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # /dev/shm of a container is small
    "--js-flags=--max-old-space-size=512",
    "--no-first-run",
)
_CLOSE_SECONDS: Final = 5.0


def find_browser() -> Path | None:
    """An installed Chromium, Chrome or Edge; None when there is none."""
    found = (shutil.which(name) for name in _PROGRAMS)
    paths = (*found, *(path for path in _APPLICATIONS if Path(path).exists()))
    return next((Path(path) for path in paths if path), None)


def find_missing(program: Path | None = None) -> str | None:
    """What rendering lacks, in words; None when it can be done."""
    if find_spec("playwright") is None:
        return "rendering needs Playwright: pip install 'winnow-news[render]'"
    if program is None and find_browser() is None:
        return "rendering needs Chromium or Chrome, and none is installed"
    return None


class Browser:
    """One browser for a crawl, started when the first page needs it.

    Args:
        fetcher: Answers what pages ask for.
        options: Limits.
    """

    def __init__(self, fetcher: Fetcher, options: BrowserOptions | None = None) -> None:
        self.options = options or BrowserOptions()
        self._fetcher = fetcher
        self._tabs = asyncio.Semaphore(self.options.max_tabs)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._rendered = 0
        self._open_tabs = 0
        self._tab_closed = asyncio.Event()
        self._is_stuck = False
        self._cache = ScriptCache(self.options.cache_bytes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the browser."""
        await self._end_chromium()
        if self._playwright is not None:
            with contextlib.suppress(Exception):
                await self._playwright.stop()
            self._playwright = None

    async def render_page(
        self, page: Page, *, allow_private: bool = False, settings: RequestSettings = PLAIN
    ) -> Page:
        """The page as its scripts leave it: HTML in UTF-8, with the headers of the plain one.

        Args:
            page: As it was fetched; it is not asked for again.
            allow_private: Whether its own host, and only that, may be private for its requests.
            settings: What the page's source sends, and on which way.

        Raises:
            RenderError: There is no browser, it failed, or the page went over a limit.
        """
        async with self._tabs:
            terms = VisitTerms(allow_private, settings)
            visit = Visit(self._fetcher, self._cache, page, terms, self.options)
            chromium = await self._start()
            try:
                async with asyncio.timeout(self.options.total_timeout_seconds):
                    html = await visit.render(chromium)
            except TimeoutError as error:
                seconds = self.options.total_timeout_seconds
                raise RenderError(f"not rendered after {seconds:g} s", url=page.url) from error
            except RenderError:
                raise
            except Exception as error:
                # Playwright has an error for each of its calls; a browser that died is one more.
                words = str(error).strip().partition("\n")[0] or type(error).__name__
                raise RenderError(f"the browser failed: {words}", url=page.url) from error
            finally:
                if not await visit.close():
                    self._is_stuck = True
                self._rendered += 1
                self._open_tabs -= 1
                self._tab_closed.set()
        body = html.encode("utf-8", "replace")
        if len(body) > self.options.max_bytes:
            raise RenderError(
                f"rendered it has {len(body)} bytes; the cap is {self.options.max_bytes}",
                url=page.url,
            )
        return replace(
            page,
            body=body,
            headers={**page.headers, "content-type": "text/html; charset=utf-8"},
            transferred_bytes=page.transferred_bytes + visit.transferred_bytes,
        )

    async def _start(self) -> "Chromium":
        """The browser, started when there is none, it has died, or has done enough."""
        async with self._starting:
            is_worn = self._is_stuck or self._rendered >= self.options.pages_per_start
            if self._chromium is not None and is_worn:
                while self._open_tabs:  # they end by themselves, in time
                    self._tab_closed.clear()
                    await self._tab_closed.wait()
            if self._chromium is not None and (is_worn or not self._chromium.is_connected()):
                await self._end_chromium()
            if self._chromium is None:
                self._chromium = await self._launch()
                self._rendered = 0
                self._is_stuck = False
            self._open_tabs += 1
            return self._chromium

    async def _launch(self) -> "Chromium":
        if (missing := find_missing(self.options.program)) is not None:
            raise RenderError(missing)
        program = self.options.program or find_browser()

        from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - an extra

        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            return await self._playwright.chromium.launch(
                executable_path=str(program),
                args=list(_ARGUMENTS),
                # Chromium's own sandbox does not work for root, which containers often are.
                chromium_sandbox=not hasattr(os, "geteuid") or os.geteuid() != 0,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except (Error, OSError) as error:
            words = str(error).strip().partition("\n")[0]
            raise RenderError(f"{program} cannot be started: {words}") from error

    async def _end_chromium(self) -> None:
        if self._chromium is not None:
            with contextlib.suppress(Exception):  # it may be dead already
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._chromium.close()
            self._chromium = None
