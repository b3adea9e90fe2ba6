"""What a crawl expects of whoever fetches and parses its pages: this process, or a cluster.

A downloader knows hosts, the network and parsers. What becomes of its results is not its business:
each goes to `settle`, which returns when it is stored.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.schedule.plan import CrawlRequest
from scraper.errors import FetchError
from scraper.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What came of asking for a URL: an unchanged page, a parsed one, an error or a loss.

    Attributes:
        page: As it was fetched; None when it could not be.
        parsed: What is on the page; None for one that is unchanged, and when it was lost.
        error: Why it could not be fetched.
        lost: Why nobody could parse it.
        fetched: Pages that came, further ones of the same article included.
        transferred_bytes: Of all of them, over the wire.
    """

    page: Page | None = None
    parsed: ParseResult | None = None
    error: FetchError | None = None
    lost: str | None = None
    fetched: int = 0
    transferred_bytes: int = 0

    def without_body(self) -> "FetchResult":
        """The same for a long way: what the page held has been parsed."""
        return self if self.page is None else replace(self, page=replace(self.page, body=b""))


Settle = Callable[[CrawlRequest, FetchResult], Awaitable[None]]
"""Deals with what came of a request; when it returns, that is stored."""


class Downloader(Protocol):
    """Whoever sends the requests of a crawl."""

    @property
    def batch(self) -> int:
        """How many requests of a host it is given at once."""

    @property
    def tasks(self) -> frozenset["asyncio.Task[None]"]:
        """Pages that are seen to beside the queues; more requests may come of them."""

    async def download(self, requests: Sequence[CrawlRequest]) -> Sequence[CrawlRequest]:
        """Send requests, all to one host; when this returns the host is free.

        How the host stands then is noted in the crawl's state.

        Returns:
            Those that were not sent, because the host is backed off from or it is others' turn.

        Raises:
            PipelineError: What ends the crawl.
        """
