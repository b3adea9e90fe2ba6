"""Content codings undone with a cap on what comes out (RFC 9110, section 8.4).

Each decoder is told how much it may produce, so that a bomb of a few kilobytes never becomes the
gigabytes it holds. What servers call a coding and what they send are two things: names that are no
coding are left aside, and a body that is not what its header says is read as what it is. What ends
too early is given as far as it goes.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import brotli
import zstandard

from scraper.errors import TooLargeError, UnreadableError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_MOST_CODINGS = 3  # more than one is rare, and each can multiply the one before
_MOST_MEMBERS = 64  # of a gzip file; each costs a copy of what is left
_SLICE_BYTES = 32_768  # damage costs what its slice would have given
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024  # RFC 9659: the most a sender may ask for over HTTP
_ZSTD_SLICE_BYTES = 128
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_GZIP_TRAILER_BYTES: Final = 8  # a checksum and a length; whether they are right changes no page


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its codings.

    Attributes:
        is_cut_short: Whether there should have been more of it.
    """

    body: bytes
    is_cut_short: bool = False


def decode_body(body: bytes, content_encoding: str, *, max_bytes: int) -> Decoded:
    """The body as it was before its content codings.

    Args:
        body: As received.
        content_encoding: The header; codings in the order in which they were applied. Names that
            are none (``utf-8``, ``none``, ``binary``) are left aside.
        max_bytes: The most that may come out of any of them.

    Raises:
        TooLargeError: More than `max_bytes` would come out.
        UnreadableError: The bytes are not what the header says, nor anything that can be read.

    Example:
        >>> decode_body(b"<p>Rain", "utf-8", max_bytes=100)
        Decoded(body=b'<p>Rain', is_cut_short=False)
    """
    codings = [name for part in content_encoding.lower().split(",") if (name := part.strip())]
    known = [name for name in codings if name in _DECODERS]
    if len(known) > _MOST_CODINGS:
        raise TooLargeError(f"the body is encoded {len(known)} times over")
    if not known and body.startswith(_GZIP_MAGIC):
        known = ["gzip"]  # said or not: a page does not begin like that
    is_cut_short = False
    for name in reversed(known):
        if not body:
            break  # HEAD-like answers name a coding and send nothing
        decoded = _undo(name, body, max_bytes)
        body, is_cut_short = decoded.body, is_cut_short or decoded.is_cut_short
    return Decoded(body, is_cut_short)


def _undo(name: str, body: bytes, max_bytes: int) -> Decoded:
    coding = _coding_of(name, body)
    if coding is None:
        return Decoded(body)
    try:
        decoded = _DECODERS[coding](body, max_bytes + 1)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise UnreadableError(f"the {name} body is damaged: {error}") from error
    if len(decoded.body) > max_bytes:
        raise TooLargeError(f"the {name} body holds more than {max_bytes} bytes")
    return decoded


def _coding_of(name: str, body: bytes) -> str | None:
    """How a body is coded, by its first bytes where these say so; None for one that is plain."""
    if body.startswith(_GZIP_MAGIC):
        return "gzip"
    if body.startswith(_ZSTD_MAGIC):
        return "zstd"
    if body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"{", b"["}:
        return None  # no compressed body begins as a page, a feed or JSON does
    return name if name in {"br", "deflate"} else None if body[:512].isascii() else name


def _decode_gzip(body: bytes, limit: int) -> Decoded:
    """The members of a gzip file one after the other; checksums are not looked at."""
    parts: list[bytes] = []
    rest, size, is_cut = body, 0, False
    for _ in range(_MOST_MEMBERS):
        start = _find_gzip_data(rest)
        if start is None:
            is_cut = not parts
            break
        part, unused, is_whole = _inflate(rest[start:], -zlib.MAX_WBITS, limit - size)
        parts.append(part)
        size += len(part)
        if size >= limit or not is_whole:
            is_cut = not is_whole and size < limit
            break
        rest = unused[_GZIP_TRAILER_BYTES:]
        if not rest.startswith(_GZIP_MAGIC):
            break  # padding after the last member, as gzip(1) allows
    if not parts:
        raise zlib.error("its header is damaged")
    return Decoded(parts[0] if len(parts) == 1 else b"".join(parts), is_cut)


def _find_gzip_data(body: bytes) -> int | None:
    """Where the compressed bytes of a gzip member begin (RFC 1952, 2.3); None when they do not."""
    if len(body) < 10 or not body.startswith(_GZIP_MAGIC):
        return None
    flags, place = body[3], 10
    if flags & 4:
        if len(body) < place + 2:
            return None
        place += 2 + struct.unpack_from("<H", body, place)[0]
    for flag in (8, 16):  # a file name, a comment: each ends with a zero byte
        if flags & flag:
            end = body.find(b"\x00", place)
            if end < 0:
                return None
            place = end + 1
    return place + 2 if flags & 2 else place


def _inflate(body: bytes, bits: int, limit: int) -> tuple[bytes, bytes, bool]:
    """What is in a deflated stream, what stands behind it, and whether it came to its end.

    Raises:
        zlib.error: It is damaged before anything came out of it.
    """
    decoder = zlib.decompressobj(bits)
    parts, size = [], 0
    for start in range(0, len(body), _SLICE_BYTES):
        piece = body[start : start + _SLICE_BYTES]
        try:
            parts.append(decoder.decompress(piece, limit - size))
        except zlib.error:
            if not size:
                raise
            return b"".join(parts), b"", False
        size += len(parts[-1])
        if size >= limit:
            break
        if decoder.eof:
            return b"".join(parts), decoder.unused_data + body[start + _SLICE_BYTES :], True
    return b"".join(parts), b"", decoder.eof


def _decode_deflate(body: bytes, limit: int) -> Decoded:
    # "deflate" means zlib (RFC 9110), but some servers send it bare.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            decoded, _, is_whole = _inflate(body, bits, limit)
        except zlib.error:
            continue
        return Decoded(decoded, not is_whole and len(decoded) < limit)
    raise zlib.error("neither zlib nor bare deflate")


def _decode_brotli(body: bytes, limit: int) -> Decoded:
    decoder = brotli.Decompressor()
    parts, size = [], 0
    part = decoder.process(body, output_buffer_limit=limit)
    while part:
        parts.append(part)
        size += len(part)
        if size >= limit or decoder.is_finished():
            break
        part = decoder.process(b"", output_buffer_limit=limit - size)
    if not size and not decoder.is_finished():
        raise brotli.error("nothing came out of it")
    return Decoded(b"".join(parts), size < limit and not decoder.is_finished())


def _decode_zstd(body: bytes, limit: int) -> Decoded:
    # The decoder has no limit of its own. A block is three bytes at least and 128 KiB at most, so
    # a slice this small yields some 5 MB at worst before the sum is looked at.
    parts, size = [], 0
    frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
    rest = memoryview(body)
    while rest and size < limit:
        if frame.eof:
            frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
        piece = rest[:_ZSTD_SLICE_BYTES]
        try:
            parts.append(frame.decompress(piece))
        except zstandard.ZstdError:
            if not size:
                raise
            return Decoded(b"".join(parts), is_cut_short=True)
        size += len(parts[-1])
        rest = rest[len(piece) - len(frame.unused_data) :]
    return Decoded(b"".join(parts), size < limit and not frame.eof)


_DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_brotli,
    "zstd": _decode_zstd,
}
