"""JSON lines: a record of a page on each, as crawlers, feeds of items and data sets have them.

A record has the page, in HTML or as text, under one of the names that are usual, and where it came
from. Arrays of records on one line, and over many, are read as well.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import MAX_PAGE_BYTES, Reader, Span
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.page.input_document import looks_like_html
from scraper.page import Page

_URL_KEYS: Final = "url source_url response_url page_url uri link canonical_url".split()
_NESTED_KEYS: Final = ("metadata", "meta")
_PAGE_KEYS: Final = (
    "html raw_html html_content page_html browserHtml body content raw_content page_content page "
    "text maintext plain_text full_text article_text"
).split()
_CODED_KEYS: Final = "httpResponseBody html_base64 body_base64 content_base64".split()
_TIME_KEYS: Final = "fetched_at crawled_at captured_at date_download warc_date timestamp".split()
_STATUS_KEYS: Final = "status status_code statusCode".split()
_RECORD_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"[\w .-]{1,60}\"\s*:")
_MOST_LINE_BYTES: Final = 100_000_000
_MOST_BAD_LINES: Final = 20  # with no record before them, this is something else


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and where it is; None for the text of one that is too long."""

    text: bytes | None
    number: int
    begin: int
    end: int


def begins_json_lines(head: bytes) -> bool:
    """Whether a file begins as JSON lines do.

    Example:
        >>> begins_json_lines(b'{"url": "https://a.example/"'), begins_json_lines(b"{Rain}")
        (True, False)
    """
    return _RECORD_START.match(head) is not None


def read_json_lines(stream: ByteStream, span: Span) -> Iterator[Item]:
    """The page of each record, or why there is none.

    Raises:
        OSError: The file cannot be read.
    """
    bad = 0
    for line in _lines(stream, span):
        to_pass = span.begin.records if line.begin == span.begin.offset else 0
        for item in _read_line(line, span, to_pass):
            yield item
            bad = -1 if isinstance(item, CapturedPage) or bad < 0 else bad + 1
        if bad >= _MOST_BAD_LINES:
            message = f"the first {bad} lines are no records of pages; the rest is not read"
            yield Skipped(span.name, "damaged", message, True, Place(line.end))
            return


def _lines(stream: ByteStream, span: Span) -> Iterator[_Line]:
    """The lines that begin in a span."""
    number = 0
    while not stream.is_at_end():
        begin = stream.tell()
        if span.end is not None and begin >= span.end:
            return
        number += 1
        text = _read_line_bytes(stream)
        if number == 1 and begin and not begins_json_lines(text or b""):
            continue  # the middle of a line, which belongs to the span before
        yield _Line(text, number, begin, stream.tell())


def _read_line_bytes(stream: ByteStream) -> bytes | None:
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read():
        end = piece.find(b"\n")
        if end >= 0:
            stream.move_to(stream.tell() - len(piece) + end + 1)
            piece = piece[:end]
        size += len(piece)
        if size <= _MOST_LINE_BYTES:
            pieces.append(piece)
        stream.keep_from(stream.tell())
        if end >= 0:
            break
    return b"".join(pieces) if size <= _MOST_LINE_BYTES else None


def _read_line(line: _Line, span: Span, to_pass: int) -> Iterator[Item]:
    name, after = f"{span.name} line {line.number}", Place(line.end)
    if line.begin and span.begin.offset:
        name = f"{span.name} at byte {line.begin}"
    if line.text is None:
        message = f"longer than {_MOST_LINE_BYTES / 1e6:g} MB"
        yield Skipped(name, "too large", message, True, after)
        return
    text = line.text.removeprefix(b"\xef\xbb\xbf").strip().rstrip(b",")
    if text in {b"", b"[", b"]"}:
        return
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        yield Skipped(name, "damaged", f"this is no record in JSON: {error}", True, after)
        return
    records = value if isinstance(value, list) else [value]
    for index, record in enumerate(records, 1):
        place = after if index == len(records) else Place(line.begin, index)
        if index > to_pass:
            yield _read_record(record, name, place)


def _read_record(record: object, name: str, after: Place) -> Item:
    if not isinstance(record, dict):
        return Skipped(name, "damaged", "this is no record: it has no keys", True, after)
    url = _find_url(record)
    body = _find_body(record)
    if body is None:
        message = f"{name}: the record has no page; one is looked for under html, body, content"
        return Skipped(url or name, "not a page", f"{message} and text", True, after)
    if len(body) > MAX_PAGE_BYTES:
        message = f"larger than {MAX_PAGE_BYTES / 1e6:g} MB"
        return Skipped(url or name, "too large", message, True, after)
    is_text = not looks_like_html(body)
    if is_text:
        body = _with_title(record, body)
    status = next((s for key in _STATUS_KEYS if isinstance(s := record.get(key), int)), 200)
    page = Page(
        url=url,
        body=body,
        status=status if 100 <= status < 600 else 200,
        headers={"content-type": f"text/{'plain' if is_text else 'html'}; charset=utf-8"},
        fetched_at=_find_time(record),
    )
    return CapturedPage(page, is_text, after)


def _find_url(record: Mapping[str, Any]) -> str:
    """Where the page came from, by the record or what is nested in it; empty for no word of it."""
    inner = (nested for key in _NESTED_KEYS if isinstance(nested := record.get(key), dict))
    for values in (record, *inner):
        for key in _URL_KEYS:
            url = values.get(key)
            if isinstance(url, str) and url.strip().startswith(("http://", "https://")):
                return url.strip()
    return ""


def _find_body(record: Mapping[str, Any]) -> bytes | None:
    """The page; HTML before text where a record has both."""
    for key in _CODED_KEYS:
        coded = record.get(key)
        if isinstance(coded, str) and coded:
            try:
                return base64.b64decode(coded)
            except binascii.Error:
                continue
    texts = [t for key in _PAGE_KEYS if isinstance(t := record.get(key), str) and t.strip()]
    bodies = [text.encode("utf-8", "replace") for text in texts]
    return next((body for body in bodies if looks_like_html(body)), bodies[0] if bodies else None)


def _with_title(record: Mapping[str, Any], body: bytes) -> bytes:
    """A text with its title above it, as a page that is saved as text has it."""
    title = record.get("title")
    if not isinstance(title, str) or not title.strip():
        return body
    line = " ".join(title.split()).encode("utf-8", "replace")
    return body if body.lstrip().startswith(line) else line + b"\n\n" + body


def _find_time(record: Mapping[str, Any]) -> datetime | None:
    for key in _TIME_KEYS:
        try:
            moment = datetime.fromisoformat(str(record.get(key) or ""))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


JSON_LINES: Final = Reader(
    name="json lines",
    suffixes=(".jsonl", ".ndjson", ".jl"),
    is_archive=True,
    read=read_json_lines,
    begins=begins_json_lines,
)
