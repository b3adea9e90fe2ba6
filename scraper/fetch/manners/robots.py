"""robots.txt: asked for once a day per site, understood by RFC 9309, obeyed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from protego import Protego

from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    HostBackingOffError,
    ProxyError,
    RedirectError,
    RefusedAddressError,
    RobotsError,
    StatusError,
)
from scraper.fetch.manners.robots_group import find_own_group
from scraper.request_settings import PLAIN, RequestSettings
from scraper.urls.web_urls import parse_web_url

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: parse at least this much
MAX_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_FRESH_SECONDS = 24 * 3600.0  # RFC 9309, 2.4
_FIRST_FAILURE_SECONDS = 30.0  # a site whose robots.txt cannot be had is asked again after this
_LONGEST_FAILURE_SECONDS = 3600.0
_MOST_SITES = 5_000
_EVERYBODY = "*"  # the one group there is, once ours was found

FetchRobots = Callable[[str, bool, RequestSettings], Awaitable[bytes]]
"""The URL of a robots.txt, whether it may be inside, and for whom; its bytes, or a FetchError."""


class RobotsMemory(Protocol):
    """Keeps robots.txt for longer than a Fetcher lives; origins are as `https://example.org`."""

    async def load(self, origin: str) -> tuple[bytes, float] | None:
        """What it said, empty where there was none, and how many seconds ago; None: unknown."""

    async def save(self, origin: str, body: bytes) -> None:
        """Keep what it says now."""


@dataclass(slots=True)
class _Site:
    """What is known of one site's robots.txt; times are of the monotonic clock."""

    is_new: bool = True
    rules: Protego | None = None
    fresh_until: float = 0.0
    failure: FetchError | None = None
    failures: int = 0


class RobotsCache:
    """The rules of every site a Fetcher has met.

    Args:
        fetch_robots: Fetches one.
        token: Who asks.
        memory: What earlier Fetchers were told, which holds for a day as well; None for nothing.
    """

    def __init__(
        self, fetch_robots: FetchRobots, *, token: str, memory: RobotsMemory | None = None
    ) -> None:
        self._fetch_robots = fetch_robots
        self._token = token
        self._memory = memory
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(
        self, url: str, *, allow_private: bool = False, settings: RequestSettings = PLAIN
    ) -> float | None:
        """Ask whether a URL may be fetched.

        Returns:
            The Crawl-delay in seconds; None when there is none.

        Raises:
            RobotsError: robots.txt disallows it.
            FetchError: robots.txt could not be had, which disallows everything for now
                (RFC 9309, 2.3.1.4).
        """
        rules = await self._rules(url, allow_private, settings)
        if not rules.can_fetch(url, _EVERYBODY):
            raise RobotsError(f"robots.txt does not allow it for {self._token}", url=url)
        delay = rules.crawl_delay(_EVERYBODY)
        return None if delay is None else float(delay)

    async def sitemaps(
        self, url: str, *, allow_private: bool = False, settings: RequestSettings = PLAIN
    ) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the URL's site names; () when it cannot be had."""
        try:
            rules = await self._rules(url, allow_private, settings)
        except FetchError:
            return ()
        parsed = (parse_web_url(sitemap, url) for sitemap in rules.sitemaps)
        return tuple(dict.fromkeys(sitemap.href for sitemap in parsed if sitemap is not None))

    async def _rules(self, url: str, allow_private: bool, settings: RequestSettings) -> Protego:
        parsed = parse_web_url(url)
        if parsed is None:
            raise RedirectError("not a web page's URL", url=url)
        origin = str(parsed.origin)
        site = self._sites.get(origin)
        if site is not None and site.rules is not None and site.fresh_until > time.monotonic():
            return site.rules
        lock = self._locks.setdefault(origin, asyncio.Lock())
        async with lock:
            site = self._site(origin)
            if site.is_new:
                await self._remember(origin, site)
            if site.fresh_until <= time.monotonic():
                await self._refresh(origin, site, allow_private, settings)
        self._locks.pop(origin, None)
        if site.rules is None:
            raise _unreachable(site.failure, url)
        return site.rules

    async def _remember(self, origin: str, site: _Site) -> None:
        known = None if self._memory is None else await self._memory.load(origin)
        site.is_new = False
        if known is None:
            return
        body, age_seconds = known
        site.rules = parse_robots(body, self._token)
        if age_seconds >= 0.0:  # a clock that was set back knows nothing of ages
            site.fresh_until = time.monotonic() + _FRESH_SECONDS - age_seconds

    async def _refresh(
        self, origin: str, site: _Site, allow_private: bool, settings: RequestSettings
    ) -> None:
        try:
            body = await self._fetch_robots(f"{origin}/robots.txt", allow_private, settings)
        except (RefusedAddressError, HostBackingOffError, ProxyError):
            raise  # these say something about this request, not about the site's rules
        except FetchError as error:
            is_unavailable = isinstance(error, StatusError) and not _is_busy(error.status)
            if not is_unavailable and not isinstance(error, RedirectError):
                # Unreachable: rules that were there go on (RFC 9309, 2.4), otherwise no access.
                site.failure, site.failures = error, site.failures + 1
                wait = _FIRST_FAILURE_SECONDS * 2.0 ** min(site.failures - 1, 10)
                site.fresh_until = time.monotonic() + min(wait, _LONGEST_FAILURE_SECONDS)
                return
            body = b""  # unavailable: everything is allowed (RFC 9309, 2.3.1.3)
        site.rules = parse_robots(body, self._token)
        site.failure, site.failures = None, 0
        site.fresh_until = time.monotonic() + _FRESH_SECONDS
        if self._memory is not None:
            await self._memory.save(origin, _counting_part(body))

    def _site(self, origin: str) -> _Site:
        site = self._sites.get(origin)
        if site is None:
            while len(self._sites) >= _MOST_SITES:
                self._sites.popitem(last=False)
            site = self._sites[origin] = _Site()
        return site


def parse_robots(body: bytes, token: str) -> Protego:
    """What a robots.txt says to `token`, as rules for everybody; anything can be read.

    The first 500 KiB count.
    """
    text = _counting_part(body).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return Protego.parse(find_own_group(text, token))


def _is_busy(status: int) -> bool:
    """Whether a server has rules and cannot give them now: too many requests, or a fault of its."""
    return status >= 500 or status == 429


def _counting_part(body: bytes) -> bytes:
    """The first 500 KiB; a last line cut in two goes, as half a rule can mean its opposite."""
    if len(body) <= MAX_ROBOTS_BYTES:
        return body
    return body[:MAX_ROBOTS_BYTES].rpartition(b"\n")[0]


def _unreachable(failure: FetchError | None, url: str) -> FetchError:
    """The error for a page whose site's robots.txt cannot be had: of the kind that hid it."""
    text = f"{failure} (asking for robots.txt, without which nothing may be fetched)"
    if isinstance(failure, StatusError):
        return StatusError(
            text, url=url, status=failure.status, retry_after_seconds=failure.retry_after_seconds
        )
    if isinstance(failure, ConnectFailedError):
        return ConnectFailedError(text, url=url, is_transient=failure.is_transient)
    if isinstance(failure, FetchTimeoutError):
        return FetchTimeoutError(text, url=url)
    return FetchError(text, url=url)
