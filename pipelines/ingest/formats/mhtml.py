"""MHTML: a page and what belongs to it as one mail message (RFC 2557), as browsers save it.

The page is the part that the message names as its start, else the first one in HTML; where that is
a message of several parts itself, or a choice between several, the page in it. What frames hold is
no page of its own. Bodies are split here and not by the library for mail, which takes a message
line by line and goes as deep as it says: the time this takes is in proportion to its size.
"""

import binascii
import contextlib
import email.policy
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Reader, Span
from pipelines.ingest.formats.saved_pages import (
    MOST_SAVED_BYTES,
    find_origin,
    fit_page,
    read_up_to,
    utc_or_none,
)
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.page.input_document import looks_like_html, refuse_binary
from scraper.errors import ExtractionError
from scraper.page import Page

_MOST_HEADER_BYTES: Final = 16 * 1024
_MOST_PARTS: Final = 5_000
_DEEPEST: Final = 8
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_SNAPSHOT: Final = "Snapshot-Content-Location"
_FOLD: Final = re.compile(r"[\r\n]+[ \t]*")
_PARSER: Final = BytesHeaderParser(policy=email.policy.compat32)


@dataclass(frozen=True, slots=True)
class _Part:
    """A message or a part of one: its header and what follows."""

    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()

    @property
    def location(self) -> str:
        """Where it was, by its own header; empty where that does not say."""
        base = _text(self.headers, "Content-Base")
        return urljoin(base, _text(self.headers, "Content-Location"))


def begins_mhtml(head: bytes) -> bool:
    r"""Whether a file begins as a saved page in MHTML does.

    Example:
        >>> begins_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n")
        True
        >>> begins_mhtml(b"From: the editor\n\nContent-Type: multipart/related")
        False
    """
    lines = head.lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    names = {line.partition(b":")[0] for line in lines.split(b"\n") if b":" in line}
    return b"content-type" in names and (
        b"snapshot-content-location" in names
        or (b"mime-version" in names and b"multipart/related" in lines)
        or (b"content-location" in names and b"text/html" in lines)
    )


def read_mhtml(stream: ByteStream, span: Span) -> Iterator[Item]:
    """The page in an MHTML file, or why there is none.

    Raises:
        OSError: The file cannot be read.
    """
    data, is_cut_short = read_up_to(stream, MOST_SAVED_BYTES + 1)
    after = Place(len(data))
    try:
        if len(data) > MOST_SAVED_BYTES:
            raise ExtractionError(f"larger than {MOST_SAVED_BYTES / 1e6:g} MB, which is no page")
        yield CapturedPage(find_saved_page(data, is_cut_short=is_cut_short), False, after)
    except ExtractionError as error:
        yield Skipped(span.name, "not a page", str(error), True, after)


def find_saved_page(data: bytes, *, is_cut_short: bool = False) -> Page:
    """The page in an MHTML file.

    Args:
        data: All of the file, or as much as there is.
        is_cut_short: Whether there should be more.

    Raises:
        ExtractionError: There is none.
    """
    message = _parse_part(data.lstrip())
    part, is_last_whole = _find_root(message, 0)
    if part is None and looks_like_html(data):  # its name promises more than it is
        return Page(url=find_origin(data).url, body=fit_page(data), is_cut_short=is_cut_short)
    if part is None:
        raise ExtractionError("there is no page in HTML in this MHTML file")
    body = fit_page(_decode(part))
    if not body.strip():
        raise ExtractionError("the page in this MHTML file is empty")
    refuse_binary(body, "text/html")
    charset = part.headers.get_content_charset()
    said = f"text/html; charset={charset}" if charset else "text/html"
    return Page(
        url=_address_of(message, part),
        body=body,
        headers={"content-type": said},
        fetched_at=_saved_at(message),
        is_cut_short=is_cut_short or not is_last_whole,
    )


def _parse_part(data: bytes) -> _Part:
    window = data[:_MOST_HEADER_BYTES]
    ends = [(at, len(gap)) for gap in (b"\r\n\r\n", b"\n\n") if (at := window.find(gap)) >= 0]
    end, gap_bytes = min(ends, default=(len(window), 0))
    headers = _PARSER.parsebytes(window[:end] + b"\n\n")
    return _Part(headers, data[end + gap_bytes :])


def _find_root(part: _Part, depth: int) -> tuple[_Part | None, bool]:
    """The page in a part, None for none, and whether the part ends where it says that it does."""
    if part.media_type in _HTML_TYPES:
        return part, True
    boundary = part.headers.get_boundary()
    if not part.media_type.startswith("multipart/") or not boundary:
        return None, True
    if depth >= _DEEPEST:
        raise ExtractionError(f"this MHTML file has parts in parts, more than {_DEEPEST} deep")
    start = str(part.headers.get_param("start") or "").strip("<> ")
    parts = _split(part.body, boundary.encode("utf-8", "surrogateescape"))
    first: tuple[_Part | None, bool] = (None, True)
    for inner, is_whole in parts:
        is_start = start != "" and _text(inner.headers, "Content-ID").strip("<> ") == start
        if first[0] is not None and not is_start:
            continue
        found, is_inner_whole = _find_root(inner, depth + 1)
        if found is not None:
            first = (found, is_whole and is_inner_whole)
            if is_start or not start:
                break
    return first


def _split(body: bytes, boundary: bytes) -> Iterator[tuple[_Part, bool]]:
    """The parts of a message, and of each whether it has an end: one that is cut has none."""
    mark = b"--" + boundary.rstrip()
    begin = body.find(mark)
    if begin > 0 and body[begin - 1 : begin] != b"\n":
        begin = body.find(b"\n" + mark) + 1 or -1
    for _ in range(_MOST_PARTS):
        if begin < 0:
            return
        line_end = body.find(b"\n", begin)
        if line_end < 0 or body[begin + len(mark) : begin + len(mark) + 2] == b"--":
            return
        following = body.find(b"\n" + mark, line_end)
        end = len(body) if following < 0 else following
        yield _parse_part(body[line_end + 1 : end].removesuffix(b"\r")), following >= 0
        begin = following + 1 if following >= 0 else -1


def _decode(part: _Part) -> bytes:
    """The body of a part without its transfer encoding; as it is where that is none."""
    match _text(part.headers, "Content-Transfer-Encoding").lower():
        case "quoted-printable":
            return quopri.decodestring(part.body)
        case "base64":
            letters = part.body.translate(None, b"\r\n\t ")
            try:
                return binascii.a2b_base64(letters[: len(letters) // 4 * 4])
            except binascii.Error as error:
                raise ExtractionError(f"the page in this MHTML file is damaged: {error}") from error
        case _:
            return part.body


def _address_of(message: _Part, part: _Part) -> str:
    """Where the page came from; empty where no header has a web address."""
    said = (_text(message.headers, _SNAPSHOT), part.location, message.location)
    return next((url for url in said if url.lower().startswith(("http://", "https://"))), "")


def _saved_at(message: _Part) -> datetime | None:
    try:
        return utc_or_none(parsedate_to_datetime(_text(message.headers, "Date")))
    except ValueError:
        return None


def _text(headers: Message, name: str) -> str:
    """A header on one line; empty where there is none."""
    value = str(headers.get(name) or "")
    if "=?" in value:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError):
            value = str(make_header(decode_header(value)))
    # Long addresses are folded, with no space meant.
    return _FOLD.sub("" if name.endswith("Location") else " ", value).strip()


MHTML: Final = Reader(
    name="mhtml",
    suffixes=(".mhtml", ".mht"),
    is_archive=False,
    read=read_mhtml,
    begins=begins_mhtml,
)
