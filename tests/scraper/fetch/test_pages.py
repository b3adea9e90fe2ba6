"""What a good answer becomes."""

import contextlib
import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError
from scraper.fetch import Fetcher
from scraper.fetch.http.decode import decode_body
from scraper.fetch.manners.robots import parse_robots
from tests.scraper.fetch.misbehaving_server import PAGE, MisbehavingServer, redirect, respond
from tests.scraper.fetch.visit import fetch, visit

ENCODED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]) + b"\0\0",
    "deflate": zlib.compress(PAGE),
    "Deflate ": zlib.compress(PAGE)[2:-4],
    "br": brotli.compress(PAGE),
    "zstd": zstandard.compress(PAGE[:20]) + zstandard.compress(PAGE[20:]),
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    "identity": PAGE,
}


@pytest.mark.parametrize("coding", ENCODED)
def test_content_codings_are_undone(coding: str) -> None:
    body = ENCODED[coding]
    page = fetch(
        "/page",
        server=MisbehavingServer(pages={"/page": respond("200 OK", body, content_encoding=coding)}),
    )
    assert page.body == PAGE
    assert page.transferred_bytes == len(body)


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_no_bytes_crash_a_decoder(body: bytes, coding: str) -> None:
    with contextlib.suppress(FetchError):
        assert len(decode_body(body, coding, max_bytes=500).body) <= 500


@given(st.binary(max_size=200_000), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_decoding_undoes_encoding_up_to_the_cap(body: bytes, coding: str) -> None:
    encoders = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }
    encoded = encoders[coding](body)
    assert decode_body(encoded, coding, max_bytes=len(body)).body == body


@given(st.binary(max_size=500))
def test_no_bytes_crash_robots_rules(body: bytes) -> None:
    rules = parse_robots(body, "winnow")
    rules.can_fetch("http://example.org/page", "*")
    rules.crawl_delay("*")


def test_headers_are_lower_case_and_repeated_ones_joined() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        running.pages["/page"] = lambda exchange: exchange.send(
            b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex\r\nX-ROBOTS-TAG: otherbot: nofollow\r\n"
            b"Content-Length: 2\r\n\r\nhi"
        )
        page = await fetcher.fetch_page(running.url("/page"), allow_private=True)
        assert page.headers["x-robots-tag"] == "noindex, otherbot: nofollow"
        assert page.body == b"hi"
        assert page.fetched_at is not None

    visit(scenario)


@pytest.mark.parametrize(
    "condition",
    [{"etag": '"v1"'}, {"last_modified": "Mon, 02 Mar 2026 10:00:00 GMT"}],
)
def test_unchanged_page_costs_no_body(condition: dict[str, str]) -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        first = await fetcher.fetch_page(running.url("/etag"), allow_private=True)
        assert (first.status, first.headers["etag"]) == (200, '"v1"')
        again = await fetcher.fetch_page(running.url("/etag"), allow_private=True, **condition)  # type: ignore[arg-type]  # only these two
        assert again.is_unchanged
        assert (again.body, again.transferred_bytes) == (b"", 0)

    visit(scenario)


def test_header_values_from_servers_cannot_add_headers() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        evil = '"v"\r\nX-Injected: yes'
        await fetcher.fetch_page(running.url("/ok"), etag=evil, allow_private=True)
        assert "x-injected" not in running.asked("/ok")[0].headers

    visit(scenario)


def test_redirects_are_recorded_oldest_first() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        running.pages["/start"] = redirect("/hops?2", "301 Moved Permanently")
        page = await fetcher.fetch_page(running.url("/start#top"), allow_private=True)
        paths = ["/start", "/hops?2", "/hops?1"]
        assert page.redirects == tuple(running.url(path) for path in paths)
        assert page.url == running.url("/hops?0")

    visit(scenario)


@pytest.mark.parametrize(
    "location", ["/ok", "ok", "//{host}/ok", "http://{host}/ok", " /ok ", "./a/../ok"]
)
def test_locations_are_resolved_as_browsers_do(location: str) -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> bytes:
        target = location.replace("{host}", f"127.0.0.1:{running.port}")
        running.pages["/start"] = redirect(target, "308 Permanent Redirect")
        return (await fetcher.fetch_page(running.url("/start"), allow_private=True)).body

    assert visit(scenario) == PAGE


def test_connection_is_kept() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> int:
        for path in ("/ok", "/etag", "/ok"):
            await fetcher.fetch_page(running.url(path), allow_private=True)
        return running.connections

    assert visit(scenario) == 1
