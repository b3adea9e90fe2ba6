"""HTTP responses as archives keep them: status line, headers, and a body as it was sent."""

import contextlib
import re
from dataclasses import dataclass
from typing import Final

from pipelines.ingest.formats.warc.records import parse_headers, split_head
from scraper.errors import UnreadableError
from scraper.fetch.http.decode import decode_body

CUT_BYTES: Final = 1024 * 1024
"""Where Common Crawl cuts; its older archives do so without a word."""

_STATUS_LINE: Final = re.compile(rb"[A-Za-z]\w{0,7}(?:/\d+(?:\.\d+)?)?[ \t]+(\d{3})(?!\d)")
_HEADER_LINE: Final = re.compile(rb"[A-Za-z][\w-]{0,60}:[ \t]")
_CODED_STARTS: Final = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@dataclass(frozen=True, slots=True)
class Response:
    """A response.

    Attributes:
        status: 0 where the status line cannot be read.
        headers: By lower-case name.
        body: Without its transfer and content codings.
        is_cut_short: Whether there should have been more of the body.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    is_cut_short: bool = False


def parse_response(block: bytes, max_bytes: int) -> Response:
    """The response in the block of a record.

    Archives differ: some keep the body as it came over the wire, some decode it and leave the
    headers as they were. A body that is not coded as its headers say is taken as it is. Of one that
    ends too early all is given that there is: crawls at large keep no more than `CUT_BYTES` each.

    Raises:
        TooLargeError: The body is more than `max_bytes`, decoded.
    """
    if block.lstrip().startswith(b"<"):
        return Response(200, {}, block)  # neither status nor headers were kept
    head, body = split_head(block)
    status = parse_status(head)
    if not status and _HEADER_LINE.match(head):
        head = b"HTTP/1.1 200\r\n" + head  # some keep the headers alone
        status = 200
    headers = parse_headers(head)[1]
    kept_bytes = len(body)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = join_chunks(body)
    coding = headers.get("content-encoding", "")
    is_cut_short = False
    if coding and body.startswith(_CODED_STARTS.get(coding.strip().lower(), b"")):
        with contextlib.suppress(UnreadableError):
            decoded = decode_body(body, coding, max_bytes=max_bytes)
            body, is_cut_short = decoded.body, decoded.is_cut_short
    is_cut_short = is_cut_short or kept_bytes == CUT_BYTES or kept_bytes < _said_bytes(headers)
    return Response(status, headers, body, is_cut_short)


def parse_status(head: bytes) -> int:
    r"""The status of a response; 0 where its first line has none.

    Example:
        >>> parse_status(b"HTTP/3 200\r\nServer: x\r\n"), parse_status(b"Server: x\r\n")
        (200, 0)
    """
    match = _STATUS_LINE.match(head)
    return int(match[1]) if match else 0


def _said_bytes(headers: dict[str, str]) -> int:
    """How long the body is, by its headers; 0 where they do not say."""
    said = headers.get("content-length", "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0


def join_chunks(body: bytes) -> bytes:
    r"""A chunked body as one (RFC 9112, section 7.1); as it is when it is not chunked.

    Example:
        >>> join_chunks(b"5\r\nhello\r\n0\r\n\r\n"), join_chunks(b"hello")
        (b'hello', b'hello')
    """
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at, at + 64)
        try:
            size = int(body[at:end].partition(b";")[0], 16) if end > 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return b"".join(parts) if parts else body
        if size == 0:
            break
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)
