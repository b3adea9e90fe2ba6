"""One request and its answer: no redirects, no retries, no manners; every limit."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import h11
import httpcore
import httpx

from scraper.errors import (
    ConnectFailedError,
    ContentTypeError,
    FetchError,
    FetchTimeoutError,
    TooLargeError,
    UnreadableError,
)
from scraper.fetch.http.decode import Decoded, decode_body
from scraper.fetch.http.transport import LOCATION
from scraper.media_types import find_binary, find_wrong_type

REDIRECT_STATUSES = frozenset((300, 301, 302, 303, 307, 308))
"""With these, and a Location, an answer is to be had elsewhere; 300 names the server's choice."""

# What is read of a body nobody wants, to keep its connection; beyond it a new one is cheaper.
_MOST_DRAINED_BYTES = 64 * 1024

_LONGEST_END_BYTES = 2048  # of a page: what caches and counters write behind its last tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one exchange may cost.

    Attributes:
        connect_seconds: For name, TCP and TLS.
        silence_seconds: Without a byte from the server.
        total_seconds: From start to last byte.
        max_bytes: Of the body, on the wire and decoded.
        is_page: Whether the body must be something to read, and a body over the cap an error;
            otherwise what is over is cut off (robots.txt).
    """

    connect_seconds: float
    silence_seconds: float
    total_seconds: float
    max_bytes: int
    is_page: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; `body` is decoded, and empty unless the status is one to read a page of.

    Attributes:
        is_cut_short: Whether the connection ended, or the coding, before the body did.
        set_cookies: The Set-Cookie lines, one by one.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_cut_short: bool = False
    transferred_bytes: int = 0
    latency_seconds: float = 0.0
    elapsed_seconds: float = 0.0
    set_cookies: tuple[str, ...] = ()


async def send_request(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], limits: Limits
) -> Reply:
    """GET one URL.

    Raises:
        FetchError: No answer within the limits; a status, whatever it is, is an answer.
    """
    timeouts = {
        "connect": limits.connect_seconds,
        "read": limits.silence_seconds,
        "write": limits.silence_seconds,
        "pool": limits.total_seconds,
    }
    try:
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})
        async with asyncio.timeout(limits.total_seconds):
            return await _exchange(client, request, url, limits)
    except TimeoutError as error:
        raise FetchTimeoutError(
            f"not complete after {limits.total_seconds:g} s", url=url
        ) from error
    except FetchError as error:
        error.url = error.url or url
        raise
    except (httpx.InvalidURL, httpx.HTTPError, UnicodeError, ValueError) as error:
        raise ConnectFailedError(
            f"not a URL that can be asked for: {error}", url=url, is_transient=False
        ) from error
    except (*_NETWORK_ERRORS, OSError) as error:
        raise translate_error(error, url) from error


def _is_closed(body: bytes) -> bool:
    """Whether a page ends as one does, whatever its length was said to be."""
    return b"</html>" in body[-_LONGEST_END_BYTES:].lower()


async def _exchange(
    client: httpx.AsyncClient, request: httpx.Request, url: str, limits: Limits
) -> Reply:
    started = time.monotonic()
    response = await client.send(request, stream=True, follow_redirects=False)
    latency = time.monotonic() - started
    try:
        headers = _joined_headers(response)
        raw, is_whole = b"", True
        if _has_page(response.status_code, headers):
            raw, is_whole = await _read_body(response, headers, limits)
            decoded = _decoded(raw, headers, limits)
        else:
            await _drain(response)
            decoded = Decoded(b"")
    finally:
        await response.aclose()
    return Reply(
        url=url,
        status=response.status_code,
        headers=headers,
        body=decoded.body,
        is_cut_short=(decoded.is_cut_short or not is_whole) and not _is_closed(decoded.body),
        transferred_bytes=len(raw),
        latency_seconds=latency,
        elapsed_seconds=time.monotonic() - started,
        set_cookies=tuple(
            value.decode("latin-1")
            for name, value in response.headers.raw
            if name.lower() == b"set-cookie"
        ),
    )


def _has_page(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the body is to be read: of a redirect to nowhere a browser shows it too."""
    return 200 <= status < 300 or (status in REDIRECT_STATUSES and "location" not in headers)


def _joined_headers(response: httpx.Response) -> dict[str, str]:
    """Header fields by lower-case name; one that is repeated becomes a list (RFC 9110, 5.3)."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    if location := response.extensions.get(LOCATION):
        joined["location"] = str(location)
    return joined


async def _read_body(
    response: httpx.Response, headers: Mapping[str, str], limits: Limits
) -> tuple[bytes, bool]:
    """The bytes of a body, and whether they are all that were announced."""
    if limits.is_page:
        if wrong := find_wrong_type(headers.get("content-type", "")):
            raise ContentTypeError(f"it is {wrong}, not a page")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > limits.max_bytes:
            raise TooLargeError(f"it has {length} bytes; the cap is {limits.max_bytes}")
    chunks: list[bytes] = []
    size, is_whole = 0, True
    try:
        async for chunk in _raw_stream(response):
            chunks.append(chunk)
            size += len(chunk)
            if size > limits.max_bytes:
                if limits.is_page:
                    raise TooLargeError(f"it has more than {limits.max_bytes} bytes")
                break
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        if not chunks:
            raise UnreadableError(f"the connection ended before its body: {error}") from error
        is_whole = False  # what a browser would show: all that came
    return chunks[0] if len(chunks) == 1 else b"".join(chunks), is_whole


def _raw_stream(response: httpx.Response) -> httpx.AsyncByteStream:
    """The chunks as they come, still content-coded.

    `Response.aiter_raw` gives the same, at three times the cost per chunk.
    """
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError(f"not an asynchronous body: {type(stream).__name__}")
    return stream


async def _drain(response: httpx.Response) -> None:
    """Read a body nobody wants while it is short, so that the connection can be used again."""
    size = 0
    async for chunk in _raw_stream(response):
        size += len(chunk)
        if size > _MOST_DRAINED_BYTES:
            break


def _decoded(raw: bytes, headers: Mapping[str, str], limits: Limits) -> Decoded:
    try:
        decoded = decode_body(raw, headers.get("content-encoding", ""), max_bytes=limits.max_bytes)
    except TooLargeError:
        if limits.is_page:
            raise
        return Decoded(b"")  # a robots.txt that is a bomb says nothing
    if not limits.is_page:
        return replace(decoded, body=decoded.body[: limits.max_bytes])
    if wrong := find_binary(decoded.body, headers.get("content-type", "")):
        raise ContentTypeError(f"it is {wrong}, not a page")
    return decoded


_NETWORK_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
)


def translate_error(error: Exception, url: str) -> FetchError:  # noqa: PLR0911  # one line a kind
    """What a failure of the network layers means to the caller."""
    if isinstance(error, httpcore.ConnectTimeout):
        return FetchTimeoutError("no connection in time", url=url)
    if isinstance(error, httpcore.TimeoutException):
        return FetchTimeoutError("the server fell silent", url=url)
    causes = _causes(error)
    if certificate := next(
        (c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None
    ):
        return ConnectFailedError(
            f"its TLS certificate is not to be trusted: {certificate.verify_message}",
            url=url,
            is_transient=False,
        )
    if tls := next((c for c in causes if isinstance(c, ssl.SSLError)), None):
        return ConnectFailedError(f"TLS failed: {tls.reason or tls}", url=url)
    # h11 hints at 431 (too large) for a header block or chunk line that does not end.
    flood = next((c for c in causes if isinstance(c, h11.RemoteProtocolError)), None)
    if flood is not None and flood.error_status_hint == 431:
        return TooLargeError("its headers do not end", url=url)
    if isinstance(error, httpcore.ConnectError):
        return ConnectFailedError(f"no connection: {error or 'refused'}", url=url)
    if isinstance(error, httpcore.RemoteProtocolError) and flood is not None:
        return UnreadableError(f"the answer is no HTTP: {error}", url=url)
    return ConnectFailedError(f"the connection broke: {error or type(error).__name__}", url=url)


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and len(found) < 10:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
