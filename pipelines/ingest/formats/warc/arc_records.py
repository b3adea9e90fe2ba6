"""ARC archives, versions 1 and 2: what the Internet Archive wrote before WARC.

A record is one line and, behind it, an HTTP response as it came. The line has the URL, the address
of the server, the time, the media type and the length; in version 2, five more before the length
(http://archive.org/web/researcher/ArcFileFormat.php). Members, damage and places are as in WARC.
"""

import re
from dataclasses import dataclass
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Reader
from pipelines.ingest.formats.warc.members import RecordStart, find_record_start
from pipelines.ingest.formats.warc.records import (
    Record,
    RecordError,
    pass_line_breaks,
    read_block,
)
from pipelines.ingest.formats.warc.warc import RecordFormat, reader_of

_MOST_LINE_BYTES: Final = 16 * 1024
_SCHEMES: Final = (b"http:", b"https:", b"filedesc:", b"dns:", b"ftp:", b"whois:", b"mailto:")
_SCHEME: Final = b"(?:" + b"|".join(_SCHEMES) + b")"
_TIME: Final = re.compile(rb"\d{8,17}")
_SERVER: Final = re.compile(rb"[0-9A-Fa-f.:]{2,45}")
_START: Final = RecordStart(
    re.compile(
        rb"(?:\A|\n)%b[^\s]{1,4000} [0-9A-Fa-f.:]{2,45} \d{8,17} [^\n]{1,500}\n|\x1f\x8b\x08"
        % _SCHEME
    ),
    re.compile(_SCHEME),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """The line that a record begins with."""

    url: str
    time: str
    length: int


def read_arc_record(stream: ByteStream, wanted: frozenset[str], max_bytes: int) -> Record:
    """The record that begins here, in the words of WARC; the stream then stands at the next one.

    Args:
        stream: Uncompressed.
        wanted: Types whose block is of use; that of others is passed over.
        max_bytes: Blocks that are longer are passed over.

    Raises:
        RecordError: It is no record, or not as long as it says.
    """
    begin = stream.tell()
    head, newline, _ = stream.peek(_MOST_LINE_BYTES).partition(b"\n")
    line = _parse_line(head)
    if not newline or line is None:
        raise RecordError("there is no record where one should begin", "damaged")
    stream.move_to(begin + len(head) + 1)
    if line.url.startswith("filedesc:"):  # of which many a writer gives a wrong length
        find_record_start(stream, _START)
        return Record({"warc-type": "warcinfo"}, None, 0)
    is_response = line.url.startswith(("http:", "https:"))
    headers = {
        "warc-type": "response" if is_response else "warcinfo",
        "warc-target-uri": line.url,
        "warc-date": _iso_time(line.time),
    }
    is_kept = headers["warc-type"] in wanted and line.length <= max_bytes
    block, size = read_block(stream, line.length, is_kept=is_kept)
    if size < line.length:
        message = f"it says that it has {line.length} bytes and has {size}"
        raise RecordError(message, "wrong length", line.url)
    record = Record(headers, block, line.length)
    pass_line_breaks(stream, record, line.length, (b"\n", *_SCHEMES))
    return record


def _parse_line(line: bytes) -> _Line | None:
    """The line of a record; None when it is none. URLs may have spaces in them."""
    words = line.rstrip(b"\r").split(b" ")
    if len(words) < 5 or not words[0].startswith(_SCHEMES) or not words[-1].isdigit():
        return None
    for at in range(2, len(words) - 1):
        if _TIME.fullmatch(words[at]) and _SERVER.fullmatch(words[at - 1]):
            url = b" ".join(words[: at - 1]).decode("utf-8", "replace")
            return _Line(url, words[at].decode(), int(words[-1][:18]))
    return None


def _iso_time(digits: str) -> str:
    """The time of a record as WARC writes it; empty for one that is none."""
    text = digits[:14].ljust(14, "0")
    day, clock = text[:8], text[8:]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"


ARC: Final[Reader] = reader_of(
    RecordFormat("ARC", _START, read_arc_record),
    name="arc",
    suffixes=(".arc",),
    magic=(b"filedesc:",),
)
