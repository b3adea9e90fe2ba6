"""What pages that were saved say of themselves: where they came from, and when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import MAX_PAGE_BYTES, UnpackError, UnpackTooMuchError
from scraper.errors import ExtractionError

MOST_SAVED_BYTES: Final = 100_000_000
"""Of a page with its pictures in it."""

_HEAD_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 1024 * 1024
# Chrome, Internet Explorer and Safari; the number is the length of the address.
_SAVED_FROM: Final = re.compile(rb"<!-- saved from url=\(\d{1,6}\)(https?://[^\s>]{1,4000})")
_SINGLE_FILE: Final = re.compile(
    rb"<!--[^>]{0,200}\bSingleFile\b\s{0,20}url:\s{0,20}(https?://[^\s>]{1,4000})"
    rb"(?:\s{1,20}saved date:\s{0,20}(\w{3} \w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4}))?"
)
_HTTRACK: Final = re.compile(
    rb"<!-- Mirrored from ((?:https?://)?[^\s/<>]{1,255}/[^\s>]{0,4000}) by HTTrack"
    rb"[^>]{0,200}?(\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)?\s{0,5}-->"
)
_JS_TIME: Final = "%a %b %d %Y %H:%M:%S GMT%z"
_DATA_URL: Final = re.compile(
    rb"data:[\w/+.-]{1,100}(?:;[\w=-]{1,40}){0,3}(?:;base64)?,[A-Za-z0-9+/=%_-]{200,}"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a page says of where it came from.

    Attributes:
        url: Its address; empty where it names none.
        saved_at: When it was saved.
    """

    url: str = ""
    saved_at: datetime | None = None


def find_origin(body: bytes) -> Origin:
    """What the program that saved a page has written into it.

    Example:
        >>> find_origin(b"<!-- Mirrored from a.example/b?c by HTTrack Website Copier/3.x -->").url
        'https://a.example/b?c'
    """
    head = body[:_HEAD_BYTES]
    if b"<!--" not in head:
        return Origin()
    if saved := _SAVED_FROM.search(head):
        return Origin(_text(saved[1]))
    if single := _SINGLE_FILE.search(head):
        return Origin(_text(single[1]), _parse_js_time(single[2]))
    if mirrored := _HTTRACK.search(head):
        url = _text(mirrored[1])
        # HTTrack leaves out by which scheme it came.
        url = url if url.startswith(("http://", "https://")) else f"https://{url}"
        return Origin(url, _parse_mail_time(mirrored[2]))
    return Origin()


def fit_page(body: bytes) -> bytes:
    """A page that is small enough to be read; the pictures in one that is not are left out.

    Raises:
        ExtractionError: It is too large without them, too.
    """
    if len(body) > MAX_PAGE_BYTES:
        body = _DATA_URL.sub(b"data:,", body)
    if len(body) > MAX_PAGE_BYTES:
        raise ExtractionError(f"larger than {MAX_PAGE_BYTES / 1e6:g} MB, which is no page")
    return body


def read_up_to(stream: ByteStream, size: int) -> tuple[bytes, bool]:
    """Up to `size` bytes, and whether what they were packed in ends too early.

    Raises:
        UnpackError: Nothing of it can be unpacked, or far too much.
    """
    pieces: list[bytes] = []
    try:
        while size > 0 and (piece := stream.read(min(size, _CHUNK_BYTES))):
            pieces.append(piece)
            size -= len(piece)
            stream.keep_from(stream.tell())
    except UnpackTooMuchError:
        raise
    except UnpackError:
        if not pieces:
            raise
        return b"".join(pieces), True
    return b"".join(pieces), False


def utc_or_none(moment: datetime) -> datetime | None:
    """A moment in UTC; None for one of which the zone is not known, or that no clock shows."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (OverflowError, ValueError):
        return None


def _parse_js_time(text: bytes | None) -> datetime | None:
    try:
        return datetime.strptime(_text(text or b""), _JS_TIME).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parse_mail_time(text: bytes | None) -> datetime | None:
    try:
        return utc_or_none(parsedate_to_datetime(_text(text or b"")))
    except ValueError:
        return None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
