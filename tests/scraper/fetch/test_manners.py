"""Delays, backing off and recovery: what a host sees of a Fetcher."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from scraper.backoff import Backoff
from scraper.errors import ConnectFailedError, FetchError, HostBackingOffError, StatusError
from scraper.fetch import Fetcher
from scraper.fetch.manners.retry_policy import parse_retry_after
from scraper.fetch.manners.throttle import HostPace, Throttle
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
        ("99999999999", 86_400.0),
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
def test_host_that_asks_not_to_be_asked_is_not(status: str, form: Callable[[int], str]) -> None:
    server = MisbehavingServer(pages={"/busy": respond(status, retry_after=form(3600))})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(StatusError) as refused:
            await fetcher.fetch_page(running.url("/busy"), allow_private=True)
        assert refused.value.retry_after_seconds == pytest.approx(3600, abs=30)
        host = f"127.0.0.1:{running.port}"
        message = f"backing off from {host} for \\d+ s after HTTP {status[:3]}"
        with pytest.raises(HostBackingOffError, match=message) as backing_off:
            await fetcher.fetch_page(running.url("/ok"), allow_private=True)
        assert backing_off.value.retry_after_seconds == pytest.approx(3600, abs=30)
        assert fetcher.throttle.wait_seconds(host) == pytest.approx(3600, abs=30)

    visit(scenario, server=server)
    assert server.asked("/ok") == []


def test_a_wait_that_is_too_long_is_told_as_what_the_host_answered() -> None:
    server = MisbehavingServer(pages={"/busy": respond("429 Too Many", retry_after="3600")})
    error = failure("/busy", server=server, retries=2)
    assert type(error) is StatusError
    assert (error.status, len(server.asked("/busy"))) == (429, 1)


@pytest.mark.parametrize("retry_after", ["1", "soon"])
def test_a_short_wait_is_had_and_the_page_comes(retry_after: str) -> None:
    busy = respond("503 Service Unavailable", retry_after=retry_after)
    server = MisbehavingServer(pages={"/page": in_turn(busy, FAULTS["/ok"])})
    assert fetch("/page", server=server, retries=1).body == PAGE
    first, second = server.asked("/page")
    assert second.at - first.at > 0.95


def test_throttled_host_is_slowed_and_recovers() -> None:
    throttle = Throttle(delay_seconds=0.1, per_host=1, longest_wait_seconds=10.0)

    async def scenario() -> list[float]:
        delays = []
        async with throttle.slot("example.org") as slot:
            slot.throttled(0.0)
            slot.throttled(0.0)
        delays.append(throttle.pace("example.org").spacing_seconds)
        for _ in range(12):
            slot.answered(0.01)
            delays.append(throttle.pace("example.org").spacing_seconds)
        return delays

    delays = asyncio.run(scenario())
    assert delays[0] == 2.0
    assert delays == sorted(delays, reverse=True)
    assert delays[-1] == 0.1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_server_that_says_slow_down_sees_it_and_the_recovery(status: str) -> None:
    server = MisbehavingServer(pages={"/page": in_turn(respond(status), FAULTS["/ok"])})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        for _ in range(3):
            await fetcher.fetch_page(running.url("/page"), allow_private=True)

    visit(scenario, server=server, per_host=1, retries=1)
    times = [request.at for request in server.asked("/page")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] > 0.95  # a second, and then what is left of it request by request
    assert gaps[0] > gaps[2] > 0.4


def test_server_that_goes_on_saying_slow_down_is_backed_off_from() -> None:
    server = MisbehavingServer(pages={"/page": respond("429 Too Many Requests")})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(StatusError):
            await fetcher.fetch_page(running.url("/page"), allow_private=True)
        with pytest.raises(HostBackingOffError, match="for 60 s"):
            await fetcher.fetch_page(running.url("/ok"), allow_private=True)

    visit(scenario, server=server, retries=1)
    assert len(server.asked("/page")) == 2


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
            delays.append(fetcher.throttle.pace(host).spacing_seconds)
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
    throttle = Throttle(delay_seconds=1.0, per_host=1, longest_wait_seconds=10.0)

    async def scenario() -> tuple[float, float]:
        async with throttle.slot("slow.example") as slot:
            for _ in range(20):
                slot.answered(3.0)
        slow = throttle.pace("slow.example").spacing_seconds
        for _ in range(20):
            slot.answered(0.05)
        return slow, throttle.pace("slow.example").spacing_seconds

    slow, recovered = asyncio.run(scenario())
    assert slow == pytest.approx(6.0, rel=0.01)
    assert recovered == 1.0


def test_unreachable_host_is_not_asked_for_every_page() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> list[str]:
        url = f"http://127.0.0.1:{running.port}/"
        running._server.close()
        kinds = []
        for number in range(3):
            try:
                await fetcher.fetch_page(f"{url}{number}", allow_private=True)
            except (ConnectFailedError, HostBackingOffError) as error:
                kinds.append(type(error).__name__)
        return kinds

    kinds = visit(scenario, obey_robots=False, longest_wait_seconds=5.0)
    assert kinds == ["ConnectFailedError", "HostBackingOffError", "HostBackingOffError"]


def test_a_host_goes_down_in_the_middle_of_a_request_and_has_all_its_tries() -> None:
    server = MisbehavingServer(pages={"/page": in_turn(*[FAULTS["/hang-up"]] * 2, FAULTS["/ok"])})
    assert fetch("/page", server=server, retries=2).body == PAGE
    assert len(server.asked("/page")) == 3


def test_a_host_whose_pages_fail_is_backed_off_from_at_the_fifth_that_no_page_made_up_for() -> None:
    server = MisbehavingServer()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        host = f"127.0.0.1:{running.port}"
        for path in ("/500", "/silent", "/500", "/silent", "/ok", *["/500"] * 3):
            assert fetcher.throttle.wait_seconds(host) == 0.0
            with contextlib.suppress(FetchError):
                await fetcher.fetch_page(running.url(path), allow_private=True)
        with pytest.raises(StatusError):
            await fetcher.fetch_page(running.url("/500"), allow_private=True)
        assert fetcher.throttle.backoff(host) is not None
        assert 50 < fetcher.throttle.wait_seconds(host) <= 60

    visit(scenario, server=server)


def test_a_host_without_robots_txt_to_be_had_is_backed_off_from_as_well() -> None:
    """No page of it may be asked for: five that were wanted are failures like any others."""
    server = MisbehavingServer(robots=respond("500 Internal Server Error"))

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> list[str]:
        kinds = []
        for number in range(6):
            with pytest.raises(FetchError) as failed:
                await fetcher.fetch_page(running.url(f"/{number}"), allow_private=True)
            kinds.append(type(failed.value).__name__)
        return kinds

    kinds = visit(scenario, server=server)
    assert kinds[:4] == ["StatusError"] * 4
    assert kinds[-1] == "HostBackingOffError"
    assert [request.path for request in server.requests] == ["/robots.txt"]


def test_backing_off_of_an_earlier_run_holds_and_its_count_goes_on() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        host, now = f"127.0.0.1:{running.port}", datetime.now(UTC)
        until = now + timedelta(seconds=900)
        fetcher.throttle.resume(host, HostPace(backoff=Backoff(3, until, "no connection")))
        with pytest.raises(HostBackingOffError):
            await fetcher.fetch_page(running.url("/ok"), allow_private=True)
        fetcher.throttle.resume(host, HostPace(backoff=Backoff(3, now, "no connection")))
        with pytest.raises(ConnectFailedError):
            await fetcher.fetch_page(running.url("/hang-up"), allow_private=True)
        assert fetcher.throttle.wait_seconds(host) == pytest.approx(480, abs=30)

    visit(scenario)


@pytest.mark.parametrize("path", ["/404", "/410", "/pdf-as-html"])
def test_an_answer_that_is_no_page_is_no_failure_of_the_host(path: str) -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> Backoff | None:
        for _ in range(6):
            with pytest.raises(FetchError):
                await fetcher.fetch_page(running.url(path), allow_private=True)
        return fetcher.throttle.backoff(f"127.0.0.1:{running.port}")

    server = MisbehavingServer(pages={"/410": respond("410 Gone")})
    assert visit(scenario, server=server) == Backoff()


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
