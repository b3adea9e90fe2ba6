"""Delays, pauses and recovery: what a host sees of a Fetcher."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from scraper.errors import ConnectFailedError, HostPausedError, StatusError
from scraper.fetch import Fetcher
from scraper.fetch.retry import parse_retry_after
from scraper.fetch.throttle import Throttle
from tests.scraper.fetch.misbehaving_server import (
    FAULTS,
    PAGE,
    Exchange,
    MisbehavingServer,
    in_turn,
    respond,
    retry_date,
)
from tests.scraper.fetch.visit import failure, fetch, visit

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("nan", 0.0),
        ("99999999999", 7 * 86_400.0),
        ("Mon, 02 Mar 2026 10:02:00 GMT", 120.0),
        ("Mon, 02 Mar 2026 11:02:00 +0100", 120.0),
        ("Mon, 02 Mar 2026 09:00:00 GMT", 0.0),
        ("Monday, 02-Mar-26 10:02:00 GMT", 120.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOW) == seconds


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("form", [str, retry_date], ids=["seconds", "date"])
def test_host_that_asks_for_a_pause_is_left_alone(status: str, form: Callable[[int], str]) -> None:
    server = MisbehavingServer(pages={"/busy": respond(status, retry_after=form(3600))})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(StatusError) as refused:
            await fetcher.fetch_page(running.url("/busy"), allow_private=True)
        assert refused.value.retry_after_seconds == pytest.approx(3600, abs=30)
        with pytest.raises(HostPausedError) as paused:
            await fetcher.fetch_page(running.url("/ok"), allow_private=True)
        assert paused.value.retry_after_seconds == pytest.approx(3600, abs=30)
        (report,) = fetcher.throttle.paused()
        assert report.host == f"127.0.0.1:{running.port}"
        assert report.last_error == f"HTTP {status[:3]}"
        assert fetcher.throttle.wait_seconds(report.host) == pytest.approx(3600, abs=30)

    visit(scenario, server=server)
    assert server.asked("/ok") == []


def test_a_pause_too_long_to_wait_for_is_told_as_what_the_host_answered() -> None:
    server = MisbehavingServer(pages={"/busy": respond("429 Too Many", retry_after="3600")})
    error = failure("/busy", server=server, retries=2)
    assert type(error) is StatusError
    assert (error.status, len(server.asked("/busy"))) == (429, 1)


def test_short_pause_is_waited_for_and_the_page_comes() -> None:
    busy = respond("503 Service Unavailable", retry_after="1")
    server = MisbehavingServer(pages={"/page": in_turn(busy, FAULTS["/ok"])})
    assert fetch("/page", server=server, retries=1).body == PAGE
    first, second = server.asked("/page")
    assert second.at - first.at > 0.95


def test_throttled_host_is_slowed_and_recovers() -> None:
    throttle = Throttle(delay_seconds=0.1, per_host=1, max_pause_seconds=10.0)

    async def scenario() -> list[float]:
        delays = []
        async with throttle.slot("example.org") as slot:
            slot.throttled("HTTP 429", 0.0)
            slot.throttled("HTTP 429", 0.0)
        delays.append(throttle.report("example.org").delay_seconds)
        for _ in range(12):
            slot.answered(0.01)
            delays.append(throttle.report("example.org").delay_seconds)
        return delays

    delays = asyncio.run(scenario())
    assert delays[0] == 2.0
    assert delays == sorted(delays, reverse=True)
    assert delays[-1] == 0.1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_server_that_says_slow_down_sees_it_and_the_recovery(status: str) -> None:
    server = MisbehavingServer(pages={"/page": in_turn(respond(status), FAULTS["/ok"])})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        for _ in range(4):
            with contextlib.suppress(StatusError):
                await fetcher.fetch_page(running.url("/page"), allow_private=True)

    visit(scenario, server=server, per_host=1)
    times = [request.at for request in server.asked("/page")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] > 0.95  # a second of rest, and then what is left of it request by request
    assert gaps[0] > gaps[2] > 0.4


def test_delay_adapts_to_how_fast_the_server_answers() -> None:
    server = MisbehavingServer()

    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(1.2)
        await exchange.reply()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> list[float]:
        host, delays = f"127.0.0.1:{running.port}", []
        running.pages["/slow"] = slow
        for path, count in (("/slow", 12), ("/ok", 1), ("/ok", 8)):
            url = running.url(path)
            pages = (fetcher.fetch_page(url, allow_private=True) for _ in range(count))
            await asyncio.gather(*pages)
            delays.append(fetcher.throttle.report(host).delay_seconds)
        return delays

    slow_delay, _, quick_delay = visit(
        scenario,
        server=server,
        per_host=12,
        delay_seconds=0.01,
        timeout_seconds=5.0,
        total_timeout_seconds=9.0,
    )
    assert slow_delay > 10 * quick_delay
    assert quick_delay == pytest.approx(0.01)


def test_delay_adapts_to_a_slow_host() -> None:
    throttle = Throttle(delay_seconds=1.0, per_host=1, max_pause_seconds=10.0)

    async def scenario() -> tuple[float, float]:
        async with throttle.slot("slow.example") as slot:
            for _ in range(20):
                slot.answered(3.0)
        slow = throttle.report("slow.example").delay_seconds
        for _ in range(20):
            slot.answered(0.05)
        return slow, throttle.report("slow.example").delay_seconds

    slow, recovered = asyncio.run(scenario())
    assert slow == pytest.approx(6.0, rel=0.01)
    assert recovered == 1.0


def test_failing_host_is_left_alone_longer_and_longer() -> None:
    throttle = Throttle(delay_seconds=0.0, per_host=1, max_pause_seconds=1e9)

    async def scenario() -> list[float]:
        pauses = []
        async with throttle.slot("down.example") as slot:
            for _ in range(20):
                slot.failed("no connection")
                pauses.append(throttle.report("down.example").paused_seconds)
        return pauses

    pauses = asyncio.run(scenario())
    assert pauses[:2] == [0.0, 0.0]
    assert 13.0 < pauses[2] < 17.0
    assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses[2:12]))
    assert 5 * 3600 < pauses[-1] < 7 * 3600


def test_unreachable_host_is_not_asked_for_every_page() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> list[str]:
        url = f"http://127.0.0.1:{running.port}/"
        running._server.close()
        kinds = []
        for number in range(5):
            try:
                await fetcher.fetch_page(f"{url}{number}", allow_private=True)
            except (ConnectFailedError, HostPausedError) as error:
                kinds.append(type(error).__name__)
        return kinds

    kinds = visit(scenario, obey_robots=False, max_pause_seconds=5.0)
    assert kinds == ["ConnectFailedError"] * 3 + ["HostPausedError"] * 2


def test_pause_of_an_earlier_run_holds() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        fetcher.throttle.pause(f"127.0.0.1:{running.port}", 900.0, failures_in_a_row=5)
        with pytest.raises(HostPausedError):
            await fetcher.fetch_page(running.url("/ok"), allow_private=True)

    visit(scenario)


def test_not_found_is_no_failure_of_the_host() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> int:
        for _ in range(6):
            with pytest.raises(StatusError):
                await fetcher.fetch_page(running.url("/404"), allow_private=True)
        return fetcher.throttle.report(f"127.0.0.1:{running.port}").failures_in_a_row

    assert visit(scenario) == 0


def test_requests_to_a_host_start_a_delay_apart() -> None:
    server = MisbehavingServer()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        pages = (fetcher.fetch_page(running.url("/ok"), allow_private=True) for _ in range(4))
        await asyncio.gather(*pages)

    visit(scenario, server=server, delay_seconds=0.1)
    times = [request.at for request in server.asked("/ok")]
    assert all(later - earlier > 0.09 for earlier, later in pairwise(times))


def test_no_host_waits_for_another() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        slow = asyncio.create_task(fetcher.fetch_page(running.url("/silent"), allow_private=True))
        async with MisbehavingServer(address="127.0.0.2") as other:
            for _ in range(3):
                await fetcher.fetch_page(other.url("/ok"), allow_private=True)
            assert not slow.done()
        slow.cancel()

    visit(scenario, timeout_seconds=10.0, total_timeout_seconds=10.0)


@pytest.mark.parametrize("per_host", [1, 3])
def test_cap_per_host(per_host: int) -> None:
    now, most = 0, 0

    async def count(exchange: Exchange) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        await exchange.reply()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        running.pages["/count"] = count
        pages = (fetcher.fetch_page(running.url("/count"), allow_private=True) for _ in range(9))
        await asyncio.gather(*pages)
        assert running.connections <= per_host + 1

    visit(scenario, per_host=per_host)
    assert most == per_host


def test_cancelled_fetch_gives_its_turn_back() -> None:
    arrived = asyncio.Event()

    async def silent(exchange: Exchange) -> None:
        arrived.set()
        await exchange.reader.read()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> bytes:
        running.pages["/silent"] = silent
        task = asyncio.create_task(fetcher.fetch_page(running.url("/silent"), allow_private=True))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return (await fetcher.fetch_page(running.url("/ok"), allow_private=True)).body

    assert visit(scenario, per_host=1, timeout_seconds=10.0, total_timeout_seconds=10.0) == PAGE


def test_scheduler_can_ask_when_a_host_is_free() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        host = f"127.0.0.1:{running.port}"
        assert fetcher.throttle.wait_seconds(host) == 0.0
        await fetcher.fetch_page(running.url("/ok"), allow_private=True)
        assert fetcher.throttle.next_free_at(host) > time.monotonic()
        assert 50 < fetcher.throttle.wait_seconds(host) <= 60

    visit(scenario, delay_seconds=60.0)


def test_says_who_is_asking() -> None:
    server = MisbehavingServer()
    fetch("/ok", server=server, contact="desk@example.org")
    (request,) = server.asked("/ok")
    assert request.headers["user-agent"] == "winnow/0.1 (+desk@example.org)"
    assert type(failure("/404", server=server)) is StatusError
