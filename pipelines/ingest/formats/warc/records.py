"""Single WARC records: framing and headers, whatever state they are in (ISO 28500:2017).

fastwarc reads the header lines. Where a record ends is checked here: a `Content-Length` that is
wrong makes everything after it unreadable unless somebody notices.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

from fastwarc.warc import HeaderMap

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.warc.members import RecordStart

_MOST_HEADER_BYTES: Final = 64 * 1024
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
_PIECE_BYTES: Final = 256 * 1024


class RecordError(ValueError):
    """What is at this place is no record, or its length is wrong.

    Attributes:
        reason: ``damaged`` or ``wrong length``.
        url: What it was about; None where that cannot be read.
    """

    def __init__(self, message: str, reason: str, url: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.url = url


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        headers: Names in lower case; of several of a name the first.
        block: Everything behind the headers; None when it was not wanted or too large.
        length_bytes: Of the block.
    """

    headers: dict[str, str]
    block: bytes | None
    length_bytes: int

    @property
    def is_cut_short(self) -> bool:
        """Whether it says that it was cut off when it was archived."""
        return "warc-truncated" in self.headers

    @property
    def type(self) -> str:
        """What kind of record: ``response``, ``request``, ``conversion`` and so on."""
        return self.headers.get("warc-type", "").lower()

    @property
    def url(self) -> str | None:
        """What it is about; None for a record about the file itself."""
        # wget has long written the URL in angle brackets, as the first standard had it.
        url = self.headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
        return url or None


def read_record(stream: ByteStream, wanted: frozenset[str], max_bytes: int) -> Record:
    """The record that begins here; the stream then stands where the next one does.

    Args:
        stream: Uncompressed.
        wanted: Types whose block is of use; that of others is passed over.
        max_bytes: Blocks that are longer are passed over.

    Raises:
        RecordError: It is no record, or not as long as it says.
    """
    begin = stream.tell()
    head, _ = split_head(stream.peek(_MOST_HEADER_BYTES))
    if not head.startswith(b"WARC/"):
        raise RecordError("there is no record where one should begin", "damaged")
    headers = parse_headers(head)[1]
    record = Record(headers, None, 0)
    try:
        length = int(headers.get("content-length", ""))
    except ValueError:
        length = -1
    if length < 0:
        raise RecordError("it does not say how long it is", "wrong length", record.url)
    stream.move_to(begin + len(head))
    is_kept = record.type in wanted and length <= max_bytes
    block, size = read_block(stream, length, is_kept=is_kept)
    if size < length:
        message = f"it says that it has {length} bytes and has {size}"
        raise RecordError(message, "wrong length", record.url)
    pass_line_breaks(stream, record, length, (b"\r\n\r\n", b"WARC/"))
    return Record(headers, block, length)


def split_head(data: bytes) -> tuple[bytes, bytes]:
    """Header lines with the empty line behind them, and what follows; all head without one."""
    end = _HEADER_END.search(data)
    return (data, b"") if end is None else (data[: end.end()], data[end.end() :])


def parse_headers(head: bytes) -> tuple[HeaderMap, dict[str, str]]:
    """The headers as fastwarc reads them, and as a dictionary by lower-case name."""
    parsed = HeaderMap()
    parsed.parse(io.BytesIO(head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
    headers: dict[str, str] = {}
    for name, value in parsed.to_tuples():
        headers.setdefault(name.strip().lower(), value)
    return parsed, headers


def read_block(stream: ByteStream, length: int, *, is_kept: bool) -> tuple[bytes | None, int]:
    """The next `length` bytes, or None when they are not kept, and how many there were of them."""
    pieces: list[bytes] = []
    left = length
    while left and (piece := stream.read(min(left, _PIECE_BYTES))):
        left -= len(piece)
        if is_kept:
            pieces.append(piece)
    return b"".join(pieces) if is_kept else None, length - left


def pass_line_breaks(
    stream: ByteStream, record: Record, length: int, starts: tuple[bytes, ...]
) -> None:
    """Behind a block come line breaks; writers that forget one, or add one, are forgiven.

    Args:
        stream: Stands behind the block.
        record: Whose block it is.
        length: Of the block, as it says.
        starts: What may follow: the line breaks, or what the next record begins with.

    Raises:
        RecordError: Something else follows: the record is longer than it says.
    """
    tail = stream.peek(32)
    rest = tail.lstrip(b"\r\n")
    if rest and not (tail.startswith(starts) or rest.startswith(starts)):
        message = f"more follows than the {length} bytes that it says it has"
        raise RecordError(message, "wrong length", record.url)
    stream.move_to(stream.tell() + len(tail) - len(rest))


WARC_START: Final = RecordStart(
    re.compile(rb"(?:\A|\n)WARC/[01]\.\d+\r?\n(?=[\w-]+:)|\x1f\x8b\x08"), re.compile(rb"WARC/")
)
