"""What a page costs the client, as a ratio to a bare httpx client in the same run.

    WINNOW_BENCH_PAGES=4000 .venv/bin/pytest -s tests/benchmarks/fetch

A server in a process of its own answers on twenty loopback addresses. Figures are printed; what is
asserted is that both clients got every page, never how long it took.
"""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from multiprocessing.connection import Connection

import httpx
import pytest

from scraper.fetch import Fetcher, FetchOptions

PAGES = int(os.environ.get("WINNOW_BENCH_PAGES", "200"))
HOSTS = 20
WORKERS = 40
BODY = b"<html><body>" + b"<p>The ferry sails again.</p>" * 2000 + b"</body></html>"

pytestmark = pytest.mark.benchmark


class _Serve(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, self.pending = self.pending.partition(b"\r\n\r\n")
            body = b"User-agent: *\nDisallow: /x\n" if b"/robots.txt" in head else BODY
            reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.write(reply % len(body) + body)


def _serve(ready: Connection) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        first = await loop.create_server(_Serve, "127.0.0.2", 0)
        port = first.sockets[0].getsockname()[1]
        for number in range(1, HOSTS):
            await loop.create_server(_Serve, f"127.0.0.{2 + number}", port)
        ready.send(port)
        await asyncio.sleep(600)

    asyncio.run(run())


@pytest.fixture(scope="module")
def urls() -> Iterator[list[str]]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        port = here.recv()
        yield [f"http://127.0.0.{2 + n % HOSTS}:{port}/news/{n:05}.html" for n in range(PAGES)]
    finally:
        server.terminate()


async def _measure(
    name: str, urls: list[str], get: Callable[[str], Awaitable[bytes]]
) -> tuple[int, float]:
    """How many pages came whole, and the CPU seconds of this process per page."""
    left, whole = iter(urls), 0

    async def work() -> None:
        nonlocal whole
        for url in left:
            body = await get(url)  # on a line of its own: others add while this one waits
            whole += body == BODY

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    seconds, cost = time.perf_counter() - started, (time.process_time() - cpu) / len(urls)
    print(f"\n{name}: {len(urls) / seconds:.0f} pages/s, {cost * 1e6:.0f} µs of CPU a page")
    return whole, cost


def test_cost_of_a_page(urls: list[str]) -> None:
    async def bare() -> tuple[int, float]:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=WORKERS)) as client:

            async def get(url: str) -> bytes:
                return (await client.get(url)).content

            return await _measure("httpx alone", urls, get)

    async def ours() -> tuple[int, float]:
        async with Fetcher(FetchOptions(delay_seconds=0.0, per_host=2)) as fetcher:

            async def get(url: str) -> bytes:
                return (await fetcher.fetch_page(url, allow_private=True)).body

            return await _measure("Fetcher", urls, get)

    whole_bare, cost_bare = asyncio.run(bare())
    whole_ours, cost_ours = asyncio.run(ours())
    print(f"Fetcher costs {cost_ours / cost_bare:.2f} times httpx alone")
    assert whole_bare == whole_ours == len(urls)
