"""A TCP or TLS connection on asyncio's own transports, as httpcore uses connections.

httpcore's stock one goes through anyio, whose cancel scopes on every read and write cost more
than the rest of a small request together.
"""

import asyncio
import ssl
from collections import deque
from typing import Any

import httpcore

from scraper.fetch.http.response_head import (
    MOST_HEAD_BYTES,
    find_head_end,
    is_interim,
    repair_head,
)

_HTTP_1 = b"HTTP/1."
_READ_BYTES = 65_536
_MOST_BUFFERED_BYTES = 256 * 1024  # received and not yet asked for; beyond it the sender waits
_ASYNCIO_NAMES = {
    "ssl_object": "ssl_object",
    "client_addr": "sockname",
    "server_addr": "peername",
    "socket": "socket",
}


async def open_connection(address: str, port: int, seconds: float | None) -> "Connection":
    """A connection to an IP address.

    Raises:
        httpcore.ConnectTimeout: It took longer than `seconds`.
        httpcore.ConnectError: It was refused, or there is no way there.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            transport, protocol = await loop.create_connection(_Receiver, address, port)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"{address} did not answer") from error
    except OSError as error:
        raise httpcore.ConnectError(error.strerror or str(error)) from error
    return Connection(transport, protocol)


class _Receiver(asyncio.Protocol):
    """What has been received, and who waits for it."""

    __slots__ = ("chunks", "error", "is_over", "is_reading_paused", "size", "transport", "waiter",
                 "writable")  # fmt: skip

    def __init__(self) -> None:
        self.chunks: deque[bytes] = deque()
        self.size = 0
        self.is_over = False
        self.is_reading_paused = False
        self.error: Exception | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.writable: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.chunks.append(data)
        self.size += len(data)
        if self.size > _MOST_BUFFERED_BYTES and not self.is_reading_paused and self.transport:
            self.transport.pause_reading()
            self.is_reading_paused = True
        self._wake()

    def eof_received(self) -> bool:
        self.is_over = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True
        self.error = exc
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        self.writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self.writable is not None and not self.writable.done():
            self.writable.set_result(None)
        self.writable = None

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def take(self, max_bytes: int) -> bytes:
        """Up to `max_bytes` of what is there; empty when nothing is."""
        if not self.chunks:
            return b""
        data = self.chunks.popleft()
        if len(data) > max_bytes:
            self.chunks.appendleft(data[max_bytes:])
            data = data[:max_bytes]
        self.size -= len(data)
        if self.is_reading_paused and self.size <= _MOST_BUFFERED_BYTES // 2 and self.transport:
            self.is_reading_paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()
        return data


class Connection(httpcore.AsyncNetworkStream):
    """One open connection."""

    def __init__(self, transport: asyncio.Transport, receiver: _Receiver) -> None:
        self._transport = transport
        self._receiver = receiver
        self._is_head_due = False
        self._repaired = b""
        self._unread = b""

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore names it
    ) -> bytes:
        """What came next; empty at the end.

        Raises:
            httpcore.ReadTimeout: Nothing came within `timeout` seconds.
            httpcore.ReadError: The connection broke.
        """
        if self._is_head_due:
            await self._read_head(timeout)
        if self._repaired:
            data, self._repaired = self._repaired[:max_bytes], self._repaired[max_bytes:]
            return data
        return await self._read_raw(max_bytes, timeout)

    async def _read_head(self, seconds: float | None) -> None:
        """Read a response's head whole, and make it fit for the parser.

        What does not begin as HTTP/1 does (HTTP/2, and what is no HTTP) is passed on as it comes.
        """
        data = b""
        while (end := find_head_end(data)) is None:
            more = await self._read_raw(_READ_BYTES, seconds)
            data += more
            if not more or len(data) > MOST_HEAD_BYTES or _HTTP_1[: len(data)] != data[:7]:
                self._is_head_due = False
                self._repaired = data
                return
        head, rest = data[:end], data[end:]
        self._is_head_due = is_interim(head)  # then another one follows
        self._repaired = repair_head(head)
        if self._is_head_due:
            self._unread = rest
        else:
            self._repaired += rest

    async def _read_raw(
        self,
        max_bytes: int,
        timeout: float | None,  # noqa: ASYNC109  # as `read` has it
    ) -> bytes:
        if self._unread:
            data, self._unread = self._unread[:max_bytes], self._unread[max_bytes:]
            return data
        receiver = self._receiver
        if not receiver.chunks and not receiver.is_over:
            await self._wait(timeout)
        if receiver.chunks:
            return receiver.take(max_bytes)
        if receiver.error is not None:
            raise httpcore.ReadError(str(receiver.error)) from receiver.error
        return b""

    async def _wait(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        waiter = self._receiver.waiter = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _expire, waiter)
        try:
            await waiter
        finally:
            self._receiver.waiter = None
            if timer is not None:
                timer.cancel()

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore names it
    ) -> None:
        """Send, waiting while the other side takes nothing.

        Raises:
            httpcore.WriteTimeout: It took nothing for `timeout` seconds.
            httpcore.WriteError: The connection broke.
        """
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._is_head_due = not self._repaired  # a request is written whole, then it is answered
        self._transport.write(buffer)
        if self._receiver.writable is not None:
            try:
                async with asyncio.timeout(timeout):
                    await asyncio.shield(self._receiver.writable)
            except TimeoutError as error:
                raise httpcore.WriteTimeout("the server takes nothing") from error

    async def aclose(self) -> None:
        """Close at once; nothing that is still to be sent matters."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore names it
    ) -> httpcore.AsyncNetworkStream:
        """The same connection under TLS, with the server's certificate checked.

        Raises:
            httpcore.ConnectTimeout: The handshake took longer than `timeout` seconds.
            httpcore.ConnectError: It failed, or the certificate is not to be trusted.
        """
        loop = asyncio.get_running_loop()
        receiver = _Receiver()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport,
                    receiver,
                    ssl_context,
                    server_hostname=server_hostname,
                    ssl_shutdown_timeout=1.0,
                )
        except TimeoutError as error:
            self._transport.abort()
            raise httpcore.ConnectTimeout("the TLS handshake was not done in time") from error
        except (OSError, ssl.SSLError) as error:
            self._transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        if transport is None:
            raise httpcore.ConnectError("the connection broke during the TLS handshake")
        receiver.transport = transport
        return Connection(transport, receiver)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about a connection; None for what it need not know."""
        if info == "is_readable":
            # httpcore means: is there anything on a connection that should be quiet?
            receiver = self._receiver
            return bool(receiver.chunks) or receiver.is_over or self._transport.is_closing()
        name = _ASYNCIO_NAMES.get(info)
        return self._transport.get_extra_info(name) if name is not None else None


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(httpcore.ReadTimeout("nothing came in time"))
