"""What browsers read of sloppy servers is read, and what they follow of pages is followed."""

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import RedirectError, UnreadableError
from scraper.fetch.http.response_head import find_head_end, repair_head
from scraper.fetch.page_redirects import find_page_redirect
from tests.scraper.fetch.misbehaving_server import (
    PAGE,
    Exchange,
    Handler,
    MisbehavingServer,
    respond,
)
from tests.scraper.fetch.visit import failure, fetch

_LENGTH = f"Content-Length: {len(PAGE)}\r\n".encode()


def _raw(head: bytes, body: bytes = PAGE) -> Handler:
    async def handler(exchange: Exchange) -> None:
        await exchange.send(head + b"\r\n" + body)
        exchange.writer.close()

    return handler


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nmod_quarry/2.1: ready or not\r\n" + _LENGTH,
        b"HTTP/1.1 200 OK\r\nThis line says nothing\r\n" + _LENGTH,
        b"HTTP/1.1 200 OK\r\nServer Side: yes\r\nDate : today\r\n" + _LENGTH,
        b"HTTP/1.1 200 OK\r\nX-Note: two\r\n\tlines\r\n" + _LENGTH,
        b"HTTP/1.1 200 OK\nServer: old\n" + _LENGTH.replace(b"\r\n", b"\n"),
        b"HTTP/1.1 200 OK\r\nX-Odd: \x01\x7f\xe9\r\n" + _LENGTH,
        b"HTTP/1.1 200 OK\r\n" + _LENGTH * 3,
        b"HTTP/1.1 200 OK\r\n" + _LENGTH + b"Content-Length: 3\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200\r\nBad Line\r\n" + _LENGTH,
    ],
)
def test_a_head_that_is_not_well_formed_costs_no_page(head: bytes) -> None:
    page = fetch("/page", server=MisbehavingServer(pages={"/page": _raw(head)}))
    assert page.body == PAGE
    assert not page.is_cut_short


def test_chunks_announced_twice_are_chunks() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-encoding: Chunked\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    assert fetch("/page", server=MisbehavingServer(pages={"/page": _raw(head, body)})).body == PAGE


@given(st.binary(max_size=2000))
def test_a_repaired_head_is_one_whatever_it_was(noise: bytes) -> None:
    repaired = repair_head(b"HTTP/1.1 200 OK\r\n" + noise)
    assert find_head_end(repaired) == len(repaired)
    for line in repaired.split(b"\r\n")[1:-2]:
        name, colon, _ = line.partition(b":")
        assert colon
        assert name.strip() == name


@pytest.mark.parametrize(
    ("coding", "body", "is_cut_short"),
    [
        ("UTF-8", PAGE, False),
        ("none", PAGE, False),
        ("gzip", PAGE, False),
        ("br", PAGE, False),
        ("deflate", PAGE, False),
        ("identity, gzip", gzip.compress(PAGE, mtime=0), False),
        ("deflate", gzip.compress(PAGE, mtime=0), False),
        ("", gzip.compress(PAGE, mtime=0), False),
        ("gzip", gzip.compress(PAGE, mtime=0)[:-8], False),
        ("gzip", gzip.compress(PAGE, mtime=0)[:-4] + b"\x00" * 4, False),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"\nadvertisement", False),
        ("gzip", gzip.compress(PAGE[:-9] + bytes(range(256)) * 9, mtime=0)[:-60], True),
        ("gzip", gzip.compress(PAGE, mtime=0)[:-8], False),
        ("deflate", zlib.compress(PAGE)[:-2], False),
        ("br", brotli.compress(PAGE)[:-1], True),
    ],
)
def test_a_body_is_read_as_what_it_is(coding: str, body: bytes, is_cut_short: bool) -> None:
    pages = {"/page": respond("200 OK", body, content_encoding=coding)}
    page = fetch("/page", server=MisbehavingServer(pages=pages))
    assert page.body.startswith(PAGE[:40])
    assert page.is_cut_short == is_cut_short


@pytest.mark.parametrize("media_type", ["application/html", "application/download", "html", ""])
def test_a_page_of_an_unheard_of_type_is_one(media_type: str) -> None:
    pages = {"/page": respond("200 OK", PAGE, content_type=media_type)}
    assert fetch("/page", server=MisbehavingServer(pages=pages)).body == PAGE


_STUB = "<html><head>{}</head><body>{}</body></html>"
_LONG = "<p>" + "The ferry waited for the tide, and the tide for the moon. " * 30


@pytest.mark.parametrize(
    "page",
    [
        _STUB.format("<META content='0;URL=/ok' http-equiv=Refresh>", ""),
        _STUB.format('<meta http-equiv="refresh" content="3; url=&#39;/ok&#39;" />', _LONG),
        _STUB.format("<noscript><meta http-equiv=refresh content='1,/ok'></noscript>", "Wait."),
        _STUB.format("<script>top.location.href = '/ok';</script>", "Moved."),
        _STUB.format("", '<script>\nvar a = 1; window.location.replace("\\/ok")</script>'),
        _STUB.format("<script>document.location=`/ok`</script>", "<a href=/ok>Go on</a>"),
    ],
)
def test_a_page_that_leads_away_is_followed(page: str) -> None:
    found = fetch(
        "/page", server=MisbehavingServer(pages={"/page": respond("200 OK", page.encode())})
    )
    assert found.body == PAGE
    assert [url.rpartition("/")[2] for url in found.redirects] == ["page"]


@pytest.mark.parametrize(
    "page",
    [
        _STUB.format("<meta http-equiv=refresh content=240>", _LONG),
        _STUB.format("<meta http-equiv=refresh content='15; url=/ok'>", _LONG),
        _STUB.format("<!-- <meta http-equiv=refresh content='0; url=/ok'> -->", _LONG),
        _STUB.format("<noscript><meta http-equiv=refresh content='0; url=/ok'></noscript>", _LONG),
        _STUB.format("<script>location.href = '/ok'</script>", _LONG),
        _STUB.format("<script>function go() { location.href = '/ok' }</script>", "Short."),
        _STUB.format("<script>if (location == '/ok') {}</script>", "Short."),
        _STUB.format("<meta http-equiv=refresh content='0; url=/page'>", _LONG),
    ],
)
def test_a_page_that_stays_is_the_page(page: str) -> None:
    pages = {"/page": respond("200 OK", page.encode())}
    assert fetch("/page", server=MisbehavingServer(pages=pages)).body == page.encode()


def test_a_refresh_header_and_a_choice_are_redirects() -> None:
    pages = {
        "/later": respond("200 OK", b"", refresh="0; url=/choice"),
        "/choice": respond("300 Multiple Choices", b"", location="/ok"),
    }
    found = fetch("/later", server=MisbehavingServer(pages=pages))
    assert found.body == PAGE
    assert len(found.redirects) == 2


@given(st.text(alphabet="<>meta scriptrefresh=\"'url;/0location.hrefplace()-!", max_size=4000))
def test_no_page_crashes_the_search_for_where_it_leads(page: str) -> None:
    find_page_redirect(page.encode(), "text/html", page[:100])


async def _asks_for_a_cookie(exchange: Exchange) -> None:
    if "pass=yes" in exchange.request.headers.get("cookie", ""):
        await exchange.reply()
    else:
        await exchange.reply(
            "302 Found", b"", location=exchange.request.path, set_cookie="pass=yes; Path=/"
        )


def test_a_cookie_that_a_host_sets_on_the_way_comes_back_to_it_and_is_forgotten() -> None:
    server = MisbehavingServer(pages={"/page": _asks_for_a_cookie})
    assert fetch("/page", server=server).body == PAGE
    assert len(server.asked("/page")) == 2
    endless = MisbehavingServer(
        pages={"/page": respond("302 Found", b"", location="/page", set_cookie="other=1")}
    )
    assert type(failure("/page", server=endless)) is RedirectError


def test_nothing_changed_is_no_answer_to_a_first_request() -> None:
    pages = {"/page": respond("304 Not Modified", b"", etag='"x"')}
    assert type(failure("/page", server=MisbehavingServer(pages=pages))) is UnreadableError
