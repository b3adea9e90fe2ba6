"""robots.txt by RFC 9309."""

import asyncio
import tracemalloc
from itertools import pairwise

import pytest

from scraper.errors import (
    ConnectFailedError,
    FetchError,
    FetchTimeoutError,
    RobotsError,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.fetch.manners.robots import parse_robots
from tests.scraper.fetch.misbehaving_server import (
    FAULTS,
    PAGE,
    Handler,
    MisbehavingServer,
    redirect,
    respond,
)
from tests.scraper.fetch.visit import QUICK, failure, fetch, visit

CLOSED = b"User-agent: *\nDisallow: /\n"


def test_disallowed_page_is_not_asked_for() -> None:
    server = MisbehavingServer(robots=b"User-agent: winnow\nDisallow: /private/\n")
    error = failure("/private/page", server=server)
    assert type(error) is RobotsError
    assert "winnow" in str(error)
    assert [request.path for request in server.requests] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("robots", "path", "is_allowed"),
    [
        (b"", "/ok", True),
        (CLOSED, "/ok", False),
        (b"\xef\xbb\xbf" + CLOSED, "/ok", False),
        (b"User-agent: *\r\nDisallow: /o\r\nAllow: /ok\r\n", "/ok", True),
        (b"User-agent: *\nDisallow: /*k$\n", "/ok", False),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: Winnow\nDisallow: /x\n", "/ok", True),
        (b"User-agent: other\nDisallow: /\n", "/ok", True),
        (b"User-agent: *\nDisallow: /ok # the rest is open\n", "/ok", False),
        (b"\xff\xfe\x00nonsense\x80\x81", "/ok", True),
        (b"<!doctype html><title>Not found</title>", "/ok", True),
        (b"User-agent: *\nDisallow:\n", "/ok", True),
        (b"User-agent: winnow/0.1 (news)\nDisallow: /o\n", "/ok", False),
        (b"User-agent: WINNOW, quarrybot\nDisallow: /o\n", "/ok", False),
        (b"User-agent: win\nDisallow: /o\n", "/ok", True),
        (b"User-agent: winnower\nDisallow: /o\n", "/ok", True),
        (b"User-agent: quarrybot\nNoindex: /x\nUser-agent: winnow\nDisallow: /o\n", "/ok", False),
        (b"User-agent: quarrybot\nCrawl-delay: 1\nUser-agent: *\nDisallow: /o\n", "/ok", False),
        (b"User-agent: winnow\n\nUser-agent: *\nDisallow: /\n", "/ok", False),
        (b"User-agent: winnow\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/ok", True),
        (b"User-agent winnow\rDisallow /o\r", "/ok", False),
    ],
)
def test_rules(robots: bytes, path: str, is_allowed: bool) -> None:
    server = MisbehavingServer(robots=robots)
    if is_allowed:
        assert fetch(path, server=server).body == PAGE
    else:
        assert type(failure(path, server=server)) is RobotsError


def test_a_file_of_thousands_of_agents_and_rules_costs_no_more_than_its_size() -> None:
    agents = "".join(f"User-agent: quarrybot{n}\n" for n in range(4_000))
    rules = "".join(f"Disallow: /{n}/\n" for n in range(4_000))
    body = f"{agents}User-agent: winnow\n{rules}User-agent: *\nDisallow:\n".encode()
    tracemalloc.start()
    parsed = parse_robots(body, "winnow")
    assert not parsed.can_fetch("https://alder.example/3999/x", "*")
    assert parsed.can_fetch("https://alder.example/4001/x", "*")
    assert tracemalloc.get_traced_memory()[1] < 30_000_000  # of 16 million rules it was 1.2 GB
    tracemalloc.stop()


@pytest.mark.parametrize("status", ["400 Bad", "401 Closed", "403 No", "404 None", "410 Gone"])
def test_unavailable_allows(status: str) -> None:
    assert fetch("/ok", server=MisbehavingServer(robots=respond(status, CLOSED))).body == PAGE


@pytest.mark.parametrize(
    ("robots", "kind"),
    [
        (respond("500 Broken"), StatusError),
        (respond("503 Busy"), StatusError),
        (respond("429 Too Many"), StatusError),
        (FAULTS["/hang-up"], ConnectFailedError),
        (FAULTS["/silent"], FetchTimeoutError),
        (FAULTS["/slow-drip"], FetchTimeoutError),
        (redirect("http://127.0.0.1:1024/robots.txt"), ConnectFailedError),
    ],
)
def test_unreachable_disallows(robots: Handler, kind: type[FetchError]) -> None:
    server = MisbehavingServer(robots=robots)
    error = failure("/ok", server=server)
    assert type(error) is kind
    assert "robots.txt" in str(error)
    assert server.asked("/ok") == []


def test_unreachable_is_remembered_for_a_while() -> None:
    server = MisbehavingServer(robots=respond("500 Broken"))

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        for _ in range(3):
            with pytest.raises(StatusError):
                await fetcher.fetch_page(running.url("/ok"), allow_private=True)

    visit(scenario, server=server)
    assert len(server.requests) == 1


def test_redirects_are_followed_five_times() -> None:
    pages = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, 8)}
    pages["/r5"] = respond("200 OK", CLOSED, content_type="text/plain")
    server = MisbehavingServer(robots=redirect("/r1"), pages=pages)
    assert type(failure("/ok", server=server)) is RobotsError


def test_too_many_redirects_mean_unavailable() -> None:
    pages = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, 8)}
    server = MisbehavingServer(robots=redirect("/r1"), pages=pages)
    assert fetch("/ok", server=server).body == PAGE


def test_first_500_kib_count() -> None:
    padding = b"# padding\n" * 60_000
    late = MisbehavingServer(robots=b"User-agent: *\n" + padding + b"Disallow: /\n")
    assert fetch("/ok", server=late).body == PAGE
    early = MisbehavingServer(robots=CLOSED + padding)
    assert type(failure("/ok", server=early)) is RobotsError


def test_bomb_says_nothing() -> None:
    server = MisbehavingServer(pages={"/robots.txt": redirect("/bomb?gzip")})
    assert fetch("/ok", server=server, total_timeout_seconds=10.0).body == PAGE


def test_one_request_serves_all_pages_of_a_site() -> None:
    server = MisbehavingServer(robots=b"User-agent: *\nAllow: /\n")

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        pages = (fetcher.fetch_page(running.url("/ok"), allow_private=True) for _ in range(8))
        await asyncio.gather(*pages)

    visit(scenario, server=server)
    assert len(server.asked("/robots.txt")) == 1
    assert len(server.asked("/ok")) == 8


def test_redirect_obeys_the_target_site() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        async with MisbehavingServer(robots=CLOSED, address="127.0.0.2") as other:
            running.pages["/away"] = redirect(other.url("/ok"))
            with pytest.raises(RobotsError):
                await fetcher.fetch_page(running.url("/away"), allow_private=True)
            assert other.asked("/ok") == []

    visit(scenario)


def test_sitemaps_are_given() -> None:
    robots = b"Sitemap: /a.xml\nUser-agent: *\nDisallow: /x\nSitemap: https://example.org/b.xml\n"

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        found = await fetcher.robots.sitemaps(running.url("/news"), allow_private=True)
        assert found == (running.url("/a.xml"), "https://example.org/b.xml")

    visit(scenario, server=MisbehavingServer(robots=robots))


def test_crawl_delay_is_obeyed() -> None:
    server = MisbehavingServer(robots=b"User-agent: *\nCrawl-delay: 0.2\n")

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        pages = (fetcher.fetch_page(running.url("/ok"), allow_private=True) for _ in range(3))
        await asyncio.gather(*pages)

    visit(scenario, server=server)
    times = [request.at for request in server.asked("/ok")]
    assert all(later - earlier > 0.19 for earlier, later in pairwise(times))


def test_robots_can_be_left_aside() -> None:
    server = MisbehavingServer(robots=CLOSED)
    assert fetch("/ok", server=server, obey_robots=False).body == PAGE
    assert server.asked("/robots.txt") == []


class _Notes:
    """A memory in a dict: what it said, and how long ago that was."""

    def __init__(self, **known: tuple[bytes, float]) -> None:
        self.known: dict[str, tuple[bytes, float]] = known
        self.loads = 0

    async def load(self, origin: str) -> tuple[bytes, float] | None:
        self.loads += 1
        return self.known.get(origin) or self.known.get("any")

    async def save(self, origin: str, body: bytes) -> None:
        self.known[origin] = (body, 0.0)


def _fetch_with(notes: _Notes, server: MisbehavingServer) -> bytes | FetchError:
    async def run() -> bytes | FetchError:
        async with server, Fetcher(QUICK, robots_memory=notes) as fetcher:
            try:
                page = await fetcher.fetch_page(server.url("/ok"), allow_private=True)
                await fetcher.fetch_page(server.url("/ok"), allow_private=True)
            except FetchError as error:
                return error
            return page.body

    return asyncio.run(run())


def test_what_an_earlier_fetcher_was_told_holds_for_a_day() -> None:
    server = MisbehavingServer()
    told = _fetch_with(_Notes(any=(CLOSED, 86_000.0)), server)
    assert type(told) is RobotsError
    assert server.requests == []


@pytest.mark.parametrize("age_seconds", [86_500.0, -60.0])
def test_after_a_day_it_is_asked_for_again_and_kept(age_seconds: float) -> None:
    server, notes = MisbehavingServer(robots=b"# open"), _Notes(any=(CLOSED, age_seconds))
    assert _fetch_with(notes, server) == PAGE
    assert len(server.asked("/robots.txt")) == 1
    assert notes.known[server.url("")] == (b"# open", 0.0)
    assert notes.loads == 1


def test_what_was_told_once_holds_while_the_site_is_unreachable() -> None:
    server, notes = MisbehavingServer(robots=respond("500 Broken")), _Notes(any=(CLOSED, 90_000.0))
    assert type(_fetch_with(notes, server)) is RobotsError
    server, notes = MisbehavingServer(robots=respond("500 Broken")), _Notes(any=(b"", 90_000.0))
    assert _fetch_with(notes, server) == PAGE


def test_no_more_than_counts_is_kept() -> None:
    server, notes = MisbehavingServer(robots=CLOSED + b"# padding\n" * 60_000), _Notes()
    assert type(_fetch_with(notes, server)) is RobotsError
    assert len(notes.known[server.url("")][0]) <= 500 * 1024
