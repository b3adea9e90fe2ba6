"""Fetcher: pages from the web, politely, safely and within limits."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from scraper.backoff import BUSY_STATUSES, asked_seconds, is_host_failure
from scraper.errors import (
    ContentTypeError,
    FetchError,
    FetchTimeoutError,
    HostBackingOffError,
    StatusError,
    TooLargeError,
    UnreadableError,
)
from scraper.fetch.fetch_options import FetchOptions
from scraper.fetch.http.chain_cookies import ChainCookies
from scraper.fetch.http.decode import ACCEPT_ENCODING
from scraper.fetch.http.exchange import REDIRECT_STATUSES, Limits, Reply, send_request
from scraper.fetch.http.guard import Resolver, resolve_host
from scraper.fetch.http.ways import Way, Ways
from scraper.fetch.manners.retry_policy import is_transient, parse_retry_after, retry_wait_seconds
from scraper.fetch.manners.robots import (
    MAX_ROBOTS_BYTES,
    MAX_ROBOTS_REDIRECTS,
    RobotsCache,
    RobotsMemory,
)
from scraper.fetch.manners.throttle import Slot, Throttle
from scraper.fetch.redirect_chain import Ask, RedirectChain, askable
from scraper.page import Page
from scraper.request_settings import PLAIN, RequestSettings
from scraper.urls.web_urls import host_of

_ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml;q=0.9,"
    "application/atom+xml;q=0.9,application/feed+json;q=0.9,text/plain;q=0.8,*/*;q=0.1"
)


_TIMES_SILENCE = 3.0  # a whole answer may take so many times the longest silence


class Fetcher:
    """Fetches pages: robots.txt obeyed, one queue per host, every address checked.

    One per crawl; it may be used by many tasks at once.

    Example:
        >>> import asyncio
        >>> async def title_bytes(url: str) -> bytes:
        ...     async with Fetcher(FetchOptions(contact="desk@example.org")) as fetcher:
        ...         return (await fetcher.fetch_page(url)).body
        >>> asyncio.run(title_bytes("http://127.0.0.1/"))
        Traceback (most recent call last):
        ...
        scraper.errors.RefusedAddressError: 127.0.0.1 leads to 127.0.0.1, which is loopback

    Attributes:
        options: As given.
        throttle: Every host's queue: who is free, and who is backed off from.
        robots: Every site's rules; `await robots.sitemaps(url)` gives the sitemaps they name.
    """

    def __init__(
        self,
        options: FetchOptions | None = None,
        *,
        resolve: Resolver = resolve_host,
        robots_memory: RobotsMemory | None = None,
    ) -> None:
        """Prepare; nothing is opened before the first request.

        Args:
            options: Limits and manners.
            resolve: Names to addresses, in place of the system's resolver.
            robots_memory: Keeps robots.txt from one Fetcher to the next.
        """
        self.options = options or FetchOptions()
        self.throttle = Throttle(
            delay_seconds=self.options.delay_seconds,
            per_host=self.options.per_host,
            longest_wait_seconds=self.options.longest_wait_seconds,
        )
        self.robots = RobotsCache(
            self._fetch_robots, token=self.options.robots_token, memory=robots_memory
        )
        self._ways = Ways(resolve, per_host=self.options.per_host)
        self._cookies: dict[RequestSettings, ChainCookies] = {}
        self._connections = asyncio.Semaphore(self.options.max_connections)
        self._limits = self._page_limits()

    def _page_limits(self) -> Limits:
        return Limits(
            connect_seconds=self.options.connect_timeout_seconds,
            silence_seconds=self.options.timeout_seconds,
            total_seconds=self.options.total_timeout_seconds,
            max_bytes=self.options.max_bytes,
        )

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
        """Close every connection."""
        await self._ways.aclose()

    async def fetch_page(  # noqa: PLR0913 - keywords, each with a default that most callers want
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        allow_private: bool = False,
        accept: str | None = None,
        delay_seconds: float | None = None,
        max_bytes: int | None = None,
        settings: RequestSettings = PLAIN,
    ) -> Page:
        """One page, asked for when its host may be asked.

        Args:
            url: An http(s) URL; a fragment and credentials in it are not sent.
            etag: Of the copy the caller has; with `last_modified` it makes the request
                conditional, and the answer may be a Page with status 304 and no body.
            last_modified: The copy's Last-Modified header, as it was.
            allow_private: Whether loopback and private addresses may be reached.
            accept: An Accept header in place of the usual one.
            delay_seconds: Between two requests to this host, in place of the options' delay.
            max_bytes: The body's cap, in place of the options'.
            settings: What the page's source sends, and on which way.

        Raises:
            FetchError: One of its kinds says what went wrong; see `scraper.errors`.
        """
        headers = {"accept": accept or _ACCEPT}
        if etag:
            headers["if-none-match"] = _one_line(etag)
        if last_modified:
            headers["if-modified-since"] = _one_line(last_modified)
        first = askable(url)
        cookies = self._cookies_of(settings)
        if cookie := cookies.header(host_of(first), settings.cookies_for(first)):
            headers["cookie"] = cookie
        ask = Ask(
            url=first,
            headers=self._headers(headers),
            allow_private=allow_private,
            settings=settings,
            delay_seconds=delay_seconds,
            max_bytes=max_bytes or self.options.max_bytes,
        )
        redirects, reply = await self._follow(ask, self.options.max_redirects, cookies)
        if reply.status == 304 and (redirects or not (etag or last_modified)):
            raise UnreadableError("it says that nothing changed, to a first request", url=reply.url)
        return Page(
            url=reply.url,
            body=reply.body,
            status=reply.status,
            headers=reply.headers,
            redirects=redirects,
            fetched_at=datetime.now(UTC),
            elapsed_ms=round(reply.elapsed_seconds * 1000),
            transferred_bytes=reply.transferred_bytes,
            is_cut_short=reply.is_cut_short,
        )

    def _headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        return {
            "user-agent": self.options.user_agent_header,
            "accept-encoding": ACCEPT_ENCODING,
            **extra,
        }

    def _cookies_of(self, settings: RequestSettings) -> ChainCookies:
        """What hosts have set: before, for a source that sends cookies of its own."""
        if not settings.keeps_cookies:
            return ChainCookies()
        return self._cookies.setdefault(settings, ChainCookies())

    async def _follow(
        self, ask: Ask, max_redirects: int, cookies: ChainCookies | None = None
    ) -> tuple[tuple[str, ...], Reply]:
        """The reply at the end of the redirects, and the URLs on the way to it.

        Raises:
            RedirectError: They go round, are too many, or lead nowhere a page can be.
        """
        chain = RedirectChain(max_redirects, cookies)
        while True:
            reply = await self._ask(ask)
            following = chain.follow(ask, reply)
            if following is None:
                return chain.asked, reply
            ask = following

    async def _ask(self, ask: Ask) -> Reply:
        """The reply to one hop; what came of it is noted for its host.

        An answer to robots.txt is not: it says little about the pages, which may be elsewhere.
        """
        host = host_of(ask.url)
        try:
            self.throttle.check(host)
            if self.options.obey_robots and not ask.is_robots:
                delay = await self.robots.check(
                    ask.url, allow_private=ask.allow_private, settings=ask.settings
                )
                self.throttle.set_robots_delay(host, delay)
            reply = await self._try(ask, host)
        except FetchError as error:
            error.url = error.url or ask.url
            if is_host_failure(error) or not ask.is_robots:
                self.throttle.note_failure(host, error)
            raise
        if not ask.is_robots:
            self.throttle.note_success(host)
        return reply

    async def _try(self, ask: Ask, host: str) -> Reply:
        """The reply to one hop, asked for again a few times where that may help."""
        answer: FetchError | None = None
        partial: Reply | None = None
        for attempt in range(self.options.retries + 1):
            try:
                reply = await self._try_once(ask, host)
            except HostBackingOffError as backing_off:
                # What it answered says more than that it is backed off from by now.
                raise answer or backing_off from None
            except FetchError as error:
                if attempt == self.options.retries or not self._may_help_soon(error):
                    if partial is not None:
                        return partial
                    raise
                answer = error
            else:
                partial = _longer(partial, reply)
                if not reply.is_cut_short or attempt == self.options.retries:
                    return reply if not reply.is_cut_short else partial
            await asyncio.sleep(retry_wait_seconds(attempt))
        raise AssertionError("a loop of at least one attempt returns or raises")

    def _may_help_soon(self, error: FetchError) -> bool:
        """Whether to try again at once: a server that took too long has had its time."""
        is_too_long = asked_seconds(error) > self.options.longest_wait_seconds
        return is_transient(error) and not isinstance(error, FetchTimeoutError) and not is_too_long

    async def _try_once(self, ask: Ask, host: str) -> Reply:
        """Wait for a slot at the host, ask, and tell the slot how it went."""
        way = Way(ask.allow_private, ask.settings.proxy, ask.settings.ca_file)
        client = self._ways.client(way)
        limits = self._limits
        if (seconds := ask.settings.timeout_seconds) is not None:
            longest = max(limits.total_seconds, _TIMES_SILENCE * seconds)
            limits = replace(limits, silence_seconds=seconds, total_seconds=longest)
        if ask.is_robots:
            limits = _robots_limits(limits)
        if ask.max_bytes is not None:
            limits = replace(limits, max_bytes=ask.max_bytes)
        async with (
            self.throttle.slot(
                host, delay_seconds=ask.delay_seconds, is_extra=ask.is_robots
            ) as slot,
            self._connections,
        ):
            started = time.monotonic()
            try:
                headers = {**ask.headers, **ask.settings.headers_for(ask.url)}
                reply = await send_request(client, ask.url, headers, limits)
            except (ContentTypeError, TooLargeError):
                slot.answered(time.monotonic() - started)
                raise
            return _judged(reply, slot)

    async def _fetch_robots(
        self, url: str, allow_private: bool, settings: RequestSettings
    ) -> bytes:
        """The bytes of a robots.txt, as RobotsCache asks for them."""
        ask = Ask(
            url=url,
            headers=self._headers({"accept": "text/plain,*/*;q=0.1"}),
            allow_private=allow_private,
            settings=settings,
            is_robots=True,
        )
        _, reply = await self._follow(ask, MAX_ROBOTS_REDIRECTS)
        return reply.body


def _longer(first: Reply | None, second: Reply) -> Reply:
    return second if first is None or len(second.body) >= len(first.body) else first


def _judged(reply: Reply, slot: Slot) -> Reply:
    """The reply when it is one to go on with; the slot is told at what pace to go on.

    Raises:
        StatusError: 4xx, 5xx, and what else is no answer to a GET.
    """
    status = reply.status
    retry_after = parse_retry_after(reply.headers.get("retry-after"))
    if status in BUSY_STATUSES:
        slot.throttled(retry_after)
    elif status < 500:
        slot.answered(reply.latency_seconds)
    if 200 <= status < 300 or status in REDIRECT_STATUSES or status == 304:
        return reply
    raise StatusError(
        f"HTTP {status}", url=reply.url, status=status, retry_after_seconds=retry_after
    )


def _robots_limits(limits: Limits) -> Limits:
    return Limits(
        connect_seconds=limits.connect_seconds,
        silence_seconds=limits.silence_seconds,
        total_seconds=min(limits.total_seconds, 30.0),
        max_bytes=MAX_ROBOTS_BYTES,
        is_page=False,
    )


def _one_line(value: str) -> str:
    """A header value that cannot end its line, whatever a server once sent."""
    return "".join(c for c in value if " " <= c <= "\xff" and c != "\x7f").strip()
