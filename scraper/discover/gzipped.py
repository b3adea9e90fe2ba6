"""Feeds and sitemaps that are served as gzip files."""

import zlib

# Most files are one member, and some tools write a few. Each takes a copy of the rest: a file of
# empty ones would cost the square of its length.
_MOST_MEMBERS = 64


def unzipped(body: bytes, *, max_bytes: int) -> bytes:
    """What a gzip file holds, as far as it can be read and no more than `max_bytes` of it.

    Bytes that are no gzip file come back cut to `max_bytes`.
    """
    parts, size = [], 0
    for _ in range(_MOST_MEMBERS):
        if not body.startswith(b"\x1f\x8b") or size >= max_bytes:
            break
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(member.decompress(body, max_bytes - size))
        except zlib.error:
            break
        size += len(parts[-1])
        body = member.unused_data
    return b"".join(parts) if parts else body[:max_bytes]
