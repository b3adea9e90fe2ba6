"""Content codings undone with a cap on what comes out (RFC 9110, section 8.4).

Each decoder is told how much it may produce, so that a bomb of a few kilobytes never becomes the
gigabytes it holds.
"""

import zlib
from collections.abc import Callable

import brotli
import zstandard

from scraper.errors import ConnectFailedError, TooLargeError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_MOST_CODINGS = 3  # more than one is rare, and each can multiply the one before
_MOST_MEMBERS = 64  # of a gzip file; each costs a copy of what is left
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024  # RFC 9659: the most a sender may ask for over HTTP
_ZSTD_SLICE_BYTES = 128


def decode_body(body: bytes, content_encoding: str, *, max_bytes: int) -> bytes:
    """The body as it was before its content codings.

    Args:
        body: As received.
        content_encoding: The header; codings in the order in which they were applied.
        max_bytes: The most that may come out of any of them.

    Raises:
        TooLargeError: More than `max_bytes` would come out.
        ConnectFailedError: The bytes are not what the header says, or end too early.
    """
    codings = [name for part in content_encoding.lower().split(",") if (name := part.strip())]
    codings = [name for name in codings if name != "identity"]
    if len(codings) > _MOST_CODINGS:
        raise TooLargeError(f"the body is encoded {len(codings)} times over")
    for name in reversed(codings):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise ConnectFailedError(f"content coding {name!r} is not known", is_transient=False)
        if not body:
            break  # HEAD-like answers name a coding and send nothing
        try:
            body = decoder(body, max_bytes + 1)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise ConnectFailedError(f"the {name} body is damaged: {error}") from error
        if len(body) > max_bytes:
            raise TooLargeError(f"the {name} body holds more than {max_bytes} bytes")
    return body


def _decode_gzip(body: bytes, limit: int) -> bytes:
    parts, size = [], 0
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        parts.append(member.decompress(body, limit - size))
        size += len(parts[-1])
        if size >= limit:
            break
        if not member.eof:
            raise EOFError("it ends too early")
        body = member.unused_data
        if body[:2] != b"\x1f\x8b":
            break  # padding after the last member, as gzip(1) allows
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _decode_deflate(body: bytes, limit: int) -> bytes:
    # "deflate" means zlib (RFC 9110), but some servers send it bare.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(bits)
        try:
            decoded = decoder.decompress(body, limit)
        except zlib.error:
            continue
        if len(decoded) < limit and not decoder.eof:
            raise EOFError("it ends too early")
        return decoded
    raise zlib.error("neither zlib nor bare deflate")


def _decode_brotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    parts, size = [], 0
    part = decoder.process(body, output_buffer_limit=limit)
    while part:
        parts.append(part)
        size += len(part)
        if size >= limit or decoder.is_finished():
            break
        part = decoder.process(b"", output_buffer_limit=limit - size)
    if size < limit and not decoder.is_finished():
        raise EOFError("it ends too early")
    return b"".join(parts)


def _decode_zstd(body: bytes, limit: int) -> bytes:
    # The decoder has no limit of its own. A block is three bytes at least and 128 KiB at most, so
    # a slice this small yields some 5 MB at worst before the sum is looked at.
    parts, size = [], 0
    frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
    rest = memoryview(body)
    while rest and size < limit:
        if frame.eof:
            frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
        piece = rest[:_ZSTD_SLICE_BYTES]
        parts.append(frame.decompress(piece))
        size += len(parts[-1])
        rest = rest[len(piece) - len(frame.unused_data) :]
    if size < limit and not frame.eof:
        raise EOFError("it ends too early")
    return b"".join(parts)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_brotli,
    "zstd": _decode_zstd,
}
