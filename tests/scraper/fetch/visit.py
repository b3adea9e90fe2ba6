"""Run a scenario against the misbehaving server, with a Fetcher that is quick to give up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.http.guard import Resolver, resolve_host
from scraper.page import Page
from tests.scraper.fetch.misbehaving_server import MisbehavingServer

T = TypeVar("T")
QUICK = FetchOptions(
    connect_timeout_seconds=2.0,
    timeout_seconds=0.2,
    total_timeout_seconds=0.6,
    max_bytes=1_000_000,
    delay_seconds=0.0,
    per_host=4,
    retries=0,
)


def visit(
    scenario: Callable[[MisbehavingServer, Fetcher], Awaitable[T]],
    *,
    server: MisbehavingServer | None = None,
    resolve: Resolver = resolve_host,
    **options: Any,
) -> T:
    """What the scenario returns."""

    async def run() -> T:
        async with (
            server or MisbehavingServer() as running,
            Fetcher(replace(QUICK, **options), resolve=resolve) as fetcher,
        ):
            return await asyncio.wait_for(scenario(running, fetcher), 15)

    return asyncio.run(run())


def fetch(path: str, *, server: MisbehavingServer | None = None, **options: Any) -> Page:
    """The page at a path of the server."""

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> Page:
        return await fetcher.fetch_page(running.url(path), allow_private=True)

    return visit(scenario, server=server, **options)


def failure(path: str, *, server: MisbehavingServer | None = None, **options: Any) -> FetchError:
    """The error that fetching a path of the server ends in."""
    try:
        page = fetch(path, server=server, **options)
    except FetchError as error:
        return error
    raise AssertionError(f"{path} was fetched: {page}")
