"""Every way a server can misbehave ends in the right error, soon, and within bounds."""

import tracemalloc

import pytest

from scraper.errors import (
    ConnectFailedError,
    ContentTypeError,
    FetchError,
    FetchTimeoutError,
    RedirectError,
    RefusedAddressError,
    StatusError,
    TooLargeError,
    UnreadableError,
)
from scraper.fetch import Fetcher, is_transient
from tests.scraper.fetch.misbehaving_server import BOMB_BYTES, PAGE, MisbehavingServer, in_turn
from tests.scraper.fetch.misbehaving_server import FAULTS as PAGES
from tests.scraper.fetch.visit import failure, fetch, visit


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/slow-drip", FetchTimeoutError, "not complete after 0.6 s"),
        ("/slow-headers", FetchTimeoutError, "not complete after 0.6 s"),
        ("/informational-flood", FetchTimeoutError, "not complete after 0.6 s"),
        ("/silent", FetchTimeoutError, "fell silent"),
        ("/silent-midway", FetchTimeoutError, "fell silent"),
        ("/hang-up", ConnectFailedError, "without sending a response"),
        ("/garbage", UnreadableError, "no HTTP"),
        ("/header-flood", TooLargeError, "headers do not end"),
        ("/endless", TooLargeError, "more than 1000000 bytes"),
        ("/declared-large", TooLargeError, "99999999999 bytes"),
        ("/many-codings", TooLargeError, "encoded 50 times"),
        ("/loop/a", RedirectError, "go round"),
        ("/hops?21", RedirectError, "more than 20"),
        ("/nowhere", RedirectError, "no web page"),
        ("/to-mail", RedirectError, "no web page"),
        ("/to-file", RedirectError, "no web page"),
        ("/to-metadata", RefusedAddressError, "169.254.169.254"),
        ("/to-metadata-mapped", RefusedAddressError, "169.254.169.254 inside IPv6"),
        ("/to-metadata-number", RefusedAddressError, "169.254.169.254"),
        ("/to-database", RefusedAddressError, "port 22"),
        ("/pdf", ContentTypeError, "a PDF"),
        ("/pdf-as-html", ContentTypeError, "a PDF"),
        ("/image", ContentTypeError, "an image (image/jpeg)"),
        ("/binary-unsaid", ContentTypeError, "binary data"),
        ("/500", StatusError, "HTTP 500"),
        ("/404", StatusError, "HTTP 404"),
        ("/401", StatusError, "HTTP 401"),
    ],
)
def test_fault_ends_in_its_error(path: str, kind: type[FetchError], said: str) -> None:
    error = failure(path)
    assert type(error) is kind
    assert said in str(error)
    assert error.url is not None


@pytest.mark.parametrize(
    ("path", "is_cut_short"),
    [
        ("/short", True),
        ("/wrong-length", False),
        ("/truncated-chunk", True),
        ("/truncated-gzip", True),
        ("/unknown-coding", False),
        ("/not-gzip", False),
        ("/hops?12", False),
    ],
)
def test_what_a_browser_would_show_is_read_and_marked(path: str, is_cut_short: bool) -> None:
    page = fetch(path)
    assert b"The ferry" in page.body
    assert page.is_cut_short == is_cut_short


@pytest.mark.parametrize("codings", ["gzip", "deflate", "bare", "br", "zstd", "gzip,gzip"])
def test_bomb_is_never_unpacked(codings: str) -> None:
    tracemalloc.start()
    try:
        error = failure(f"/bomb?{codings}", total_timeout_seconds=20.0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(error) is TooLargeError
    assert "more than 1000000 bytes" in str(error)
    assert peak < BOMB_BYTES / 4


def test_body_is_what_content_length_says() -> None:
    assert fetch("/long").body == PAGE[:30]


def test_connection_with_left_over_bytes_spoils_no_other_page() -> None:
    async def scenario(server: MisbehavingServer, fetcher: Fetcher) -> list[bytes]:
        pages = []
        for path in ("/long", "/ok", "/long", "/ok"):
            page = await fetcher.fetch_page(server.url(path), allow_private=True)
            pages.append(page.body)
        return pages

    assert visit(scenario, per_host=1, retries=2) == [PAGE[:30], PAGE, PAGE[:30], PAGE]


def test_page_without_a_type_is_sniffed() -> None:
    assert fetch("/page-unsaid").body == PAGE


def test_empty_page_is_a_page() -> None:
    assert fetch("/empty").body == b""


@pytest.mark.parametrize("first", ["/hang-up", "/short", "/truncated-chunk", "/500"])
def test_failure_that_passes_is_retried(first: str) -> None:
    server = MisbehavingServer(pages={"/page": in_turn(PAGES[first], PAGES["/ok"])})
    assert fetch("/page", server=server, retries=1).body == PAGE
    assert len(server.asked("/page")) == 2


@pytest.mark.parametrize("path", ["/404", "/pdf", "/loop/a", "/declared-large", "/to-metadata"])
def test_failure_that_stays_is_not_retried(path: str) -> None:
    server = MisbehavingServer()
    error = failure(path, server=server, retries=3)
    assert not is_transient(error)
    assert len(server.asked(path)) == 1


def test_server_that_took_too_long_is_not_asked_again_at_once() -> None:
    server = MisbehavingServer()
    assert is_transient(failure("/silent", server=server, retries=3))
    assert len(server.asked("/silent")) == 1


def test_retries_end() -> None:
    server = MisbehavingServer()
    assert type(failure("/500", server=server, retries=1)) is StatusError
    assert len(server.asked("/500")) == 2
