"""Gzip members one at a time, and where in damaged bytes the next record begins.

A WARC file is a series of records; compressed, each record is a gzip member of its own, so that
reading can begin at any of them (ISO 28500, annex D). Some tools compress the whole file at once:
that is one member with all records, and reading can begin only at its start.
"""

import re
import zlib
from dataclasses import dataclass
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_CHUNK_BYTES: Final = 64 * 1024
_MOST_OUT_BYTES: Final = 256 * 1024
_PROBE_BYTES: Final = 1024
_PREVIEW_BYTES: Final = 400
_NEWLINE: Final = 0x0A


class MemberError(ValueError):
    """A gzip member is damaged, or ends too early."""


class GzipMember:
    """What one gzip member holds, as bytes; the stream stands behind it when it is through.

    Raises (on read):
        MemberError: The member is damaged or cut off.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._waiting = b""
        self._out = memoryview(b"")
        self._at = 0

    def tell(self) -> int:
        """How many bytes have been read out of it."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; none at the member's end."""
        while not self._out and not self._zlib.eof:
            self._inflate()
        piece = self._out if size < 0 else self._out[:size]
        self._out = self._out[len(piece) :]
        self._at += len(piece)
        return bytes(piece)

    def _inflate(self) -> None:
        data = self._waiting or self._stream.read(_CHUNK_BYTES)
        if not data:
            raise MemberError("the file ends in the middle of a gzip member")
        try:
            self._out = memoryview(self._zlib.decompress(data, _MOST_OUT_BYTES))
        except zlib.error as error:
            raise MemberError(f"damaged gzip member: {error}") from error
        self._waiting = self._zlib.unconsumed_tail
        if self._zlib.eof:
            # What was read too far belongs to the next member.
            self._stream.move_to(self._stream.tell() - len(self._zlib.unused_data))


@dataclass(frozen=True, slots=True)
class RecordStart:
    """How the records of a format begin.

    Attributes:
        pattern: Matches where one may begin, behind a line break or not, and at the magic bytes of
            a gzip member.
        first_bytes: Matches the first bytes of what a gzip member with a record holds.
    """

    pattern: re.Pattern[bytes]
    first_bytes: re.Pattern[bytes]


def find_record_start(
    stream: ByteStream, start: RecordStart, stop_at: int | None = None
) -> int | None:
    """Move on to the next place a record may begin and return its offset; None when there is none.

    A gzip member counts when what it holds begins like a record; other archives of pages, or
    images, compress too. The stream then stands at the offset.

    Args:
        stream: Read from where it stands.
        start: What to look for.
        stop_at: Offset to give up at.
    """
    while not stream.is_at_end():
        begin = stream.tell()
        if stop_at is not None and begin >= stop_at:
            return None
        window = stream.peek(_CHUNK_BYTES)
        match = start.pattern.search(window)
        while match is not None:
            at = begin + match.start() + (window[match.start()] == _NEWLINE)
            stream.move_to(at)
            if stop_at is not None and at >= stop_at:
                return None
            if window[match.start()] != GZIP_MAGIC[0] or _holds_record(stream, start):
                stream.keep_from(at)
                return at
            match = start.pattern.search(window, match.start() + 1)
        # A start may lie across the window's end: leave as much as the longest has.
        stream.move_to(begin + max(len(window) - 16, 1))
        stream.keep_from(stream.tell())
    return None


def preview_member(head: bytes, size: int) -> bytes:
    """Up to `size` of the first bytes a member holds, from its first bytes; none if it is none."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, size)
    except zlib.error:
        return b""


def _holds_record(stream: ByteStream, start: RecordStart) -> bool:
    held = preview_member(stream.peek(_PROBE_BYTES), _PREVIEW_BYTES)
    return start.first_bytes.match(held) is not None
