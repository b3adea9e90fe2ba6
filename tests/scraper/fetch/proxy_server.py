"""A small forward proxy on loopback: absolute addresses and CONNECT, a password if wanted."""

import asyncio
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit


@dataclass(slots=True)
class ProxyUnderTest:
    """Passes requests on, and notes what was asked for.

    Attributes:
        login: ``user:password`` that it asks for; None for nobody's.
        asked: The first line of each request.
        targets: Where it leads in truth, by the host and port that is asked for.
    """

    login: str | None = None
    asked: list[str] = field(default_factory=list)
    targets: dict[str, tuple[str, int]] = field(default_factory=dict)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Its address, with the login."""
        login = f"{self.login}@" if self.login else ""
        return f"http://{login}127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            line = head.split(b"\r\n", 1)[0].decode()
            self.asked.append(line)
            expected = b64encode((self.login or "").encode()).decode()
            if self.login and f"Basic {expected}".encode() not in head:
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                await writer.drain()
                writer.close()
                return
            method, target, _ = line.split(" ")
            if method == "CONNECT":
                await self._tunnel(target, b"", reader, writer)
                return
            await self._tunnel(urlsplit(target).netloc, head, reader, writer)

    async def _tunnel(
        self,
        target: str,
        first: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        host, _, port = target.partition(":")
        address = self.targets.get(target, (host, int(port or 80)))
        there, back = await asyncio.open_connection(*address)
        absolute = f"GET http://{target}/".encode()
        if first:
            back.write(first.replace(absolute, b"GET /"))
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pass_on(reader, back, absolute, self.asked), _pass_on(there, writer))


async def _pass_on(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    absolute: bytes = b"",
    asked: list[str] | None = None,
) -> None:
    """Pass on what comes; of further requests on a connection the address is made a path."""
    with suppress(OSError):
        while data := await reader.read(65_536):
            if absolute and asked is not None and data.startswith(absolute):
                asked.append(data.split(b"\r\n", 1)[0].decode())
                data = data.replace(absolute, b"GET /", 1)
            writer.write(data)
            await writer.drain()
    writer.close()
