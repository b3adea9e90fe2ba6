"""The processes that read pages: what becomes of the others when one of them ends."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pipelines.crawl.parse.fork_server import WorkerStartError
from pipelines.crawl.parse.parse_page import ParseJob, ParseResult
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.errors import WorkerLostError
from pipelines.page.read_apart import MOST_MEMORY_BYTES
from scraper.page import Page
from tests.pipelines.loopback_site import story, story_title

# Some seconds of work for any machine, and never more than a test may take.
_LONG_PAGE = b"<p>" + b"<b>a <i>b</i></b> " * 150_000


def job(number: int, body: bytes | None = None) -> ParseJob:
    page = Page(url=f"https://news.example/{number}", body=body or story(number))
    return ParseJob(page=page, kind="article")


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def nurseries_of(pid: int) -> list[int]:
    """The processes that fork readers; a test run has other children too."""
    return [
        child
        for child in children_of(pid)
        if b"pipelines.crawl.parse.worker" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def readers_of(pid: int) -> list[int]:
    return [reader for nursery in nurseries_of(pid) for reader in children_of(nursery)]


async def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def run(check: Callable[[ParserPool], Awaitable[None]], page_timeout_seconds: float = 30) -> None:
    async def inside() -> None:
        async with ParserPool(2, page_timeout_seconds) as pool:
            await check(pool)

    asyncio.run(inside())


def titles(readings: list[ParseResult]) -> list[str | None]:
    return [reading.rows.title if reading.rows else None for reading in readings]


def test_each_answer_is_to_its_own_question() -> None:
    async def check(pool: ParserPool) -> None:
        readings = await asyncio.gather(*(pool.parse(job(i)) for i in range(30)))
        assert titles(list(readings)) == [story_title(i) for i in range(30)]
        assert len(readers_of(os.getpid())) == 2

    run(check)
    assert nurseries_of(os.getpid()) == []


def test_a_reader_that_dies_costs_the_page_it_was_at_and_no_other() -> None:
    async def check(pool: ParserPool) -> None:
        await pool.parse(job(0))
        long_ones = [asyncio.create_task(pool.parse(job(i, _LONG_PAGE))) for i in range(2)]
        others = [asyncio.create_task(pool.parse(job(i))) for i in range(12)]
        await until(lambda: len(readers_of(os.getpid())) == 2)
        await asyncio.sleep(0.3)
        for pid in readers_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        lost = await asyncio.gather(*long_ones, return_exceptions=True)
        assert [type(each) for each in lost] == [WorkerLostError, WorkerLostError]
        assert titles(await asyncio.gather(*others)) == [story_title(i) for i in range(12)]

    run(check)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    async def check(pool: ParserPool) -> None:
        await pool.parse(job(0))
        with pytest.raises(WorkerLostError, match=r"took longer than 0\.4 seconds"):
            await pool.parse(job(1, _LONG_PAGE))
        assert titles([await pool.parse(job(2))]) == [story_title(2)]

    run(check, page_timeout_seconds=0.4)


def test_no_reader_may_fill_the_memory() -> None:
    async def check(pool: ParserPool) -> None:
        await pool.parse(job(0))
        for pid in readers_of(os.getpid()):
            assert resource.prlimit(pid, resource.RLIMIT_DATA)[0] == MOST_MEMORY_BYTES

    run(check)


def test_readers_go_on_and_come_anew_when_what_forks_them_dies() -> None:
    async def check(pool: ParserPool) -> None:
        await pool.parse(job(0))
        (nursery,) = nurseries_of(os.getpid())
        readers = children_of(nursery)
        os.kill(nursery, signal.SIGKILL)
        assert titles([await pool.parse(job(1))]) == [story_title(1)]
        for pid in readers:
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.3)  # a page sent before that is noticed counts as the one that killed
        assert titles([await pool.parse(job(2))]) == [story_title(2)]

    run(check)


_HOLDS_A_POOL = """
import asyncio
from pipelines.crawl.parse.fork_server import WorkerStartError
from pipelines.crawl.parse.parser_pool import ParserPool
from tests.pipelines.crawl.test_pool import _LONG_PAGE, job

async def hold():
    async with ParserPool(2) as pool:
        await pool.parse(job(0))
        print("ready", flush=True)
        await pool.parse(job(1, _LONG_PAGE))

asyncio.run(hold())
"""


def test_no_process_is_left_when_the_crawl_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS_A_POOL], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        left = [*nurseries_of(process.pid), *readers_of(process.pid)]
        assert len(left) == 3
        process.kill()
    asyncio.run(until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left)))


def test_readers_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an upgrade under a watch that goes on: its code is one, that on the disk another."""
    monkeypatch.setattr("pipelines.crawl.parse.fork_server.code_version", lambda: "0.0.1+1")

    async def check(pool: ParserPool) -> None:
        for number in range(2):
            with pytest.raises(WorkerStartError, match="upgraded while this crawl ran"):
                await pool.parse(job(number))

    run(check)
    assert nurseries_of(os.getpid()) == []
