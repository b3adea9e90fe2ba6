"""TLS: trusted, or a failure; and HTTP/2 where the server speaks it."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from scraper.errors import ConnectFailedError
from scraper.fetch import Fetcher, is_transient
from scraper.page import Page
from scraper.request_settings import PLAIN, RequestSettings
from tests.scraper.fetch.misbehaving_server import PAGE
from tests.scraper.fetch.visit import QUICK

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs openssl to make keys"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate for 127.0.0.1, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


async def _speak_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                headers = [(":status", "200"), ("content-type", "text/html")]
                connection.send_headers(event.stream_id, headers)
                connection.send_data(event.stream_id, PAGE, end_stream=True)
        writer.write(connection.data_to_send())
    writer.close()


async def _speak_http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _get(
    certificate: Path,
    speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    *,
    protocols: tuple[str, ...] = ("http/1.1",),
    host: str = "127.0.0.1",
    settings: RequestSettings = PLAIN,
) -> list[Page]:
    async def run() -> list[Page]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(list(protocols))
        server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]

        async def resolve(_: str, __: int) -> list[str]:
            return ["127.0.0.1"]

        async with Fetcher(QUICK, resolve=resolve) as fetcher:
            urls = [f"https://{host}:{port}/{number}" for number in range(3)]
            pages = (fetcher.fetch_page(u, allow_private=True, settings=settings) for u in urls)
            try:
                return list(await asyncio.gather(*pages))
            finally:
                server.close()

    return asyncio.run(run())


def test_certificate_nobody_trusts_is_a_failure(certificate: Path) -> None:
    with pytest.raises(ConnectFailedError, match="certificate is not to be trusted") as failed:
        _get(certificate, _speak_http1)
    assert not is_transient(failed.value)


def test_certificate_for_another_name_is_a_failure(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(ConnectFailedError, match="certificate is not to be trusted"):
        _get(certificate, _speak_http1, host="other.example")


def test_trusted_certificate_is_accepted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert [page.body for page in _get(certificate, _speak_http1)] == [PAGE] * 3


def test_a_certificate_of_ones_own_authority_is_accepted_for_the_source_that_names_it(
    certificate: Path,
) -> None:
    settings = RequestSettings(ca_file=str(certificate.parent / "cert.pem"))
    pages = _get(certificate, _speak_http1, settings=settings)
    assert [page.body for page in pages] == [PAGE] * 3


def test_http2_is_spoken_where_offered(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    pages = _get(certificate, _speak_http2, protocols=("h2", "http/1.1"))
    assert [page.body for page in pages] == [PAGE] * 3


def test_server_that_speaks_no_tls_is_a_failure() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(speak_plainly, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Fetcher(QUICK) as fetcher:
            with pytest.raises(ConnectFailedError, match="TLS failed"):
                await fetcher.fetch_page(f"https://127.0.0.1:{port}/", allow_private=True)
        server.close()

    asyncio.run(run())
