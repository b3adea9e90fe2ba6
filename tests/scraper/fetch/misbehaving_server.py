"""A web server on loopback that does one thing wrong per page, exactly.

Written on bare streams, because a well-made server will not send a truncated chunk.
"""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Self

import brotli
import zstandard

PAGE = b"<html><head><title>Ferry</title></head><body><p>The ferry sails again.</p></body></html>"
BOMB_BYTES = 64_000_000


@dataclass(frozen=True)
class Request:
    """What the server was asked; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    at: float


@dataclass
class Exchange:
    """One request being answered."""

    server: "MisbehavingServer"
    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, status: str = "200 OK", body: bytes = PAGE, **headers: str) -> None:
        fields = {"content_type": "text/html; charset=utf-8", **headers}
        fields.setdefault("content_length", str(len(body)))
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        await self.send("\r\n".join([f"HTTP/1.1 {status}", *lines, "\r\n"]).encode() + body)


Handler = Callable[[Exchange], Awaitable[None]]


@dataclass
class MisbehavingServer:
    """Serves `pages`; keeps what it was asked in `requests`."""

    robots: bytes | Handler = b""
    address: str = "127.0.0.1"
    pages: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.address, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()

    def url(self, path: str, host: str | None = None) -> str:
        return f"http://{host or self.address}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.rstrip().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines)
                request = Request(first.split()[1], headers, asyncio.get_running_loop().time())
                self.requests.append(request)
                await self._answer(Exchange(self, request, reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError, _HangUpError, asyncio.CancelledError):
            pass  # either side went away, which is what many pages here are about
        finally:
            writer.close()

    async def _answer(self, exchange: Exchange) -> None:
        path = exchange.request.path.partition("?")[0]
        if path == "/robots.txt" and path not in self.pages:
            if callable(self.robots):
                await self.robots(exchange)
            else:
                await exchange.reply(body=self.robots, content_type="text/plain")
            return
        await (self.pages.get(path) or FAULTS.get(path) or _not_found)(exchange)


class _HangUpError(Exception):
    """The server closes the connection here."""


FAULTS: dict[str, Handler] = {}


def _page(path: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        FAULTS[path] = handler
        return handler

    return register


async def _not_found(exchange: Exchange) -> None:
    await exchange.reply("404 Not Found", b"nothing here")


def redirect(target: str, status: str = "302 Found") -> Handler:
    """A page that leads elsewhere."""

    async def handler(exchange: Exchange) -> None:
        await exchange.reply(status, b"", location=target)

    return handler


def respond(status: str, body: bytes = b"", **headers: str) -> Handler:
    """A page that always answers the same."""

    async def handler(exchange: Exchange) -> None:
        await exchange.reply(status, body, **headers)

    return handler


def in_turn(*handlers: Handler) -> Handler:
    """A page that answers differently each time, and with the last one from then on."""
    left = list(handlers)

    async def handler(exchange: Exchange) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return handler


FAULTS["/ok"] = respond("200 OK", PAGE)


@_page("/slow-drip")
async def _slow_drip(exchange: Exchange) -> None:
    """Never silent for long, never done."""
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        await exchange.send(b".")
        await asyncio.sleep(0.02)


@_page("/slow-headers")
async def _slow_headers(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await exchange.send(b".")
        await asyncio.sleep(0.02)


@_page("/silent")
async def _silent(exchange: Exchange) -> None:
    await exchange.reader.read()  # until the client gives up


@_page("/silent-midway")
async def _silent_midway(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nThe ferry")
    await exchange.reader.read()


@_page("/hang-up")
async def _hang_up(exchange: Exchange) -> None:
    exchange.writer.close()
    raise _HangUpError


@_page("/garbage")
async def _garbage(exchange: Exchange) -> None:
    await exchange.send(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    raise _HangUpError


@_page("/short")
async def _short(exchange: Exchange) -> None:
    """Less than Content-Length says, and less than a page."""
    await exchange.reply(body=PAGE[:-14], content_length=str(len(PAGE)))
    raise _HangUpError


@_page("/wrong-length")
async def _wrong_length(exchange: Exchange) -> None:
    """A whole page, of which Content-Length says more."""
    await exchange.reply(content_length=str(len(PAGE) + 100))
    raise _HangUpError


@_page("/long")
async def _long(exchange: Exchange) -> None:
    """More than Content-Length says."""
    await exchange.reply(content_length="30")


@_page("/truncated-chunk")
async def _truncated_chunk(exchange: Exchange) -> None:
    await exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\n<p>Th\r\n100\r\ne ferry"
    )
    raise _HangUpError


@_page("/header-flood")
async def _header_flood(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await exchange.send(b"X-More: " + b"a" * 1000 + b"\r\n")


@_page("/informational-flood")
async def _informational_flood(exchange: Exchange) -> None:
    while True:
        await exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 10)
        await asyncio.sleep(0.01)


@_page("/endless")
async def _endless(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        await exchange.send(b"<p>more</p>" * 1000)


FAULTS["/declared-large"] = respond("200 OK", b"", content_length="99999999999")


def bomb(coding: str) -> bytes:
    """Some kilobytes that decode to 64 MB of zeros."""
    block = bytes(1_000_000)
    blocks = BOMB_BYTES // len(block)
    if coding == "br":
        compressor = brotli.Compressor(quality=1)
        parts = [compressor.process(block) for _ in range(blocks)]
        return b"".join([*parts, compressor.finish()])
    if coding == "zstd":
        frame = zstandard.ZstdCompressor(level=1).compressobj()
        parts = [frame.compress(block) for _ in range(blocks)]
        return b"".join([*parts, frame.flush()])
    bits = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS, "bare": -zlib.MAX_WBITS}
    stream = zlib.compressobj(1, wbits=bits[coding])
    return b"".join([*(stream.compress(block) for _ in range(blocks)), stream.flush()])


@_page("/bomb")
async def _bomb(exchange: Exchange) -> None:
    """`/bomb?br` and so on; `/bomb?gzip,gzip` is a bomb in a wrapper."""
    codings = exchange.request.path.partition("?")[2].split(",")
    body = bomb(codings[0])
    for _ in codings[1:]:
        body = gzip.compress(body)
    sent = ["deflate" if coding == "bare" else coding for coding in codings]
    await exchange.reply(body=body, content_encoding=", ".join(sent))


FAULTS["/many-codings"] = respond("200 OK", PAGE, content_encoding=", ".join(["gzip"] * 50))
FAULTS["/unknown-coding"] = respond("200 OK", PAGE, content_encoding="rot13")
FAULTS["/truncated-gzip"] = respond("200 OK", gzip.compress(PAGE)[:-20], content_encoding="gzip")
FAULTS["/not-gzip"] = respond("200 OK", PAGE, content_encoding="gzip")

FAULTS["/loop/a"] = redirect("/loop/b")
FAULTS["/loop/b"] = redirect("/loop/a")
FAULTS["/nowhere"] = respond("302 Found")
FAULTS["/to-mail"] = redirect("mailto:desk@example.org")
FAULTS["/to-file"] = redirect("file:///etc/passwd")
FAULTS["/to-metadata"] = redirect("http://169.254.169.254/latest/meta-data/")
FAULTS["/to-metadata-mapped"] = redirect("http://[::ffff:169.254.169.254]/latest/")
FAULTS["/to-metadata-number"] = redirect("http://2852039166/latest/")
FAULTS["/to-database"] = redirect("http://127.0.0.1:22/")


@_page("/hops")
async def _hops(exchange: Exchange) -> None:
    """`/hops?3` redirects three times."""
    left = int(exchange.request.path.partition("?")[2])
    await (redirect(f"/hops?{left - 1}") if left else respond("200 OK", PAGE))(exchange)


FAULTS["/pdf"] = respond("200 OK", b"%PDF-1.7 ...", content_type="application/pdf")
FAULTS["/pdf-as-html"] = respond("200 OK", b"%PDF-1.7 ...")
FAULTS["/image"] = respond("200 OK", b"\xff\xd8\xff\xe0", content_type="image/jpeg")
FAULTS["/binary-unsaid"] = respond("200 OK", bytes(range(256)), content_type="")
FAULTS["/page-unsaid"] = respond("200 OK", PAGE, content_type="")
FAULTS["/empty"] = respond("200 OK", b"")
FAULTS["/500"] = respond("500 Internal Server Error")
FAULTS["/404"] = respond("404 Not Found")
FAULTS["/401"] = respond("401 Unauthorized", www_authenticate="Basic")


@_page("/etag")
async def _etag(exchange: Exchange) -> None:
    headers = exchange.request.headers
    dated = "mon, 02 mar 2026 10:00:00 gmt"
    if headers.get("if-none-match") == '"v1"' or headers.get("if-modified-since") == dated:
        await exchange.send(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n')
    else:
        await exchange.reply(etag='"v1"', last_modified="Mon, 02 Mar 2026 10:00:00 GMT")


def retry_date(seconds: float) -> str:
    """A Retry-After date so many seconds from now; HTTP dates have no fractions."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
