"""The head of a response, made fit for a strict reader: what browsers read, a crawl reads too.

Servers send lines without a colon, names with spaces in them, lengths twice over. The parser below
refuses such a response whole; here the lines that say nothing are taken out before it sees them.
"""

import re
from typing import Final

MOST_HEAD_BYTES: Final = 131_072
"""A head that is longer is left as it is, for the parser to refuse."""

_LINE_END: Final = re.compile(rb"\r\n|\n")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSEEN: Final = bytes([*range(9), *range(10, 32), 127])
_INTERIM: Final = re.compile(rb"HTTP/\d\.\d 1\d\d")
_LENGTH: Final = b"content-length"
_CODING: Final = b"transfer-encoding"


def find_head_end(data: bytes) -> int | None:
    """Where the body begins behind a response's head; None when the head is not all there."""
    found = _HEAD_END.search(data)
    return None if found is None else found.end()


def is_interim(head: bytes) -> bool:
    """Whether a head is that of a 1xx response, which another one follows."""
    return _INTERIM.match(head) is not None


def repair_head(head: bytes) -> bytes:
    r"""A response's head with one line a field, every field well-formed.

    Lines that are no field are left out, folded ones joined, and of lengths that contradict each
    other or a transfer coding none is left: the body then goes on to where the connection ends.

    Example:
        >>> repair_head(b"HTTP/1.1 200 OK\nX Powered By: x\nServer : a\n\n")
        b'HTTP/1.1 200 OK\r\nServer: a\r\n\r\n'
    """
    start, *lines = _LINE_END.split(head)
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b" " + _clean(line))
            continue
        name, colon, value = line.partition(b":")
        name = name.rstrip()
        if colon and _NAME.fullmatch(name):
            fields.append((name, _clean(value)))
    kept = _with_one_framing(fields)
    return b"\r\n".join([start, *(name + b": " + value for name, value in kept), b"", b""])


def _clean(value: bytes) -> bytes:
    return value.translate(None, _UNSEEN).strip()


def _with_one_framing(fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Fields with one word at most on where the body ends."""
    codings = b",".join(value for name, value in fields if name.lower() == _CODING).lower()
    lengths = {
        part.strip()
        for name, value in fields
        if name.lower() == _LENGTH
        for part in value.split(b",")
    }
    rest = [field for field in fields if field[0].lower() not in {_LENGTH, _CODING}]
    if b"chunked" in codings:
        return [*rest, (b"Transfer-Encoding", b"chunked")]
    if len(lengths) == 1 and (length := lengths.pop()).isdigit() and len(length) < 20:
        return [*rest, (b"Content-Length", length)]
    if lengths:
        return [*rest, (b"Connection", b"close")]
    return rest
