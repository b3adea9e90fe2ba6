"""HTTP responses as archives keep them: status line, headers, and a body as it was sent."""

import contextlib
from dataclasses import dataclass
from typing import Final

from pipelines.ingest.formats.warc.records import parse_headers, split_head
from scraper.errors import UnreadableError
from scraper.fetch.http.decode import decode_body

_CODED_STARTS: Final = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@dataclass(frozen=True, slots=True)
class Response:
    """A response.

    Attributes:
        status: 0 where the status line cannot be read.
        headers: By lower-case name.
        body: Without its transfer and content codings.
    """

    status: int
    headers: dict[str, str]
    body: bytes


def parse_response(block: bytes, max_bytes: int) -> Response:
    """The response in the block of a record.

    Archives differ: some keep the body as it came over the wire, some decode it and leave the
    headers as they were. A body that is not coded as its headers say is taken as it is.

    Raises:
        TooLargeError: The body is more than `max_bytes`, decoded.
    """
    head, body = split_head(block)
    parsed, headers = parse_headers(head)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = join_chunks(body)
    coding = headers.get("content-encoding", "")
    if coding and body.startswith(_CODED_STARTS.get(coding.strip().lower(), b"")):
        with contextlib.suppress(UnreadableError):
            body = decode_body(body, coding, max_bytes=max_bytes).body
    return Response(parsed.status_code or 0, headers, body)


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
