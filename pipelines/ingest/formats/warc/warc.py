"""WARC and WET archives as a stream of pages, in memory that does not grow with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import MAX_PAGE_BYTES, Reader, Span
from pipelines.ingest.formats.warc.http_records import parse_response
from pipelines.ingest.formats.warc.members import (
    GZIP_MAGIC,
    GzipMember,
    MemberError,
    RecordStart,
    find_record_start,
    preview_member,
)
from pipelines.ingest.formats.warc.records import (
    WARC_START,
    Record,
    RecordError,
    parse_headers,
    read_record,
    split_head,
)
from pipelines.ingest.items import START, CapturedPage, Item, Place, Skipped
from scraper.errors import FetchError
from scraper.page import Page

_PREVIEW_BYTES: Final = 600  # little, so that a short member is not read to its wrong checksum
_WANTED: Final = frozenset({"response", "resource", "conversion"})


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """How records are framed.

    Attributes:
        name: What to call them.
        start: Where one may begin.
        read: The record that begins where a stream stands, of the types that are wanted and up to a
            number of bytes; `RecordError` when there is none.
    """

    name: str
    start: RecordStart
    read: Callable[[ByteStream, frozenset[str], int], Record]


_WARC_RECORDS: Final = RecordFormat("WARC", WARC_START, read_record)


def read_archive(
    stream: ByteStream,
    span: Span,
    max_page_bytes: int = MAX_PAGE_BYTES,
    records: RecordFormat = _WARC_RECORDS,
) -> Iterator[Item]:
    """Every page of an archive or of a part of it, in order, and what had to be left out.

    Nothing an archive can hold makes it raise: where it is damaged, reading goes on at the next
    record that can be found. Requests, metadata and the like are passed over in silence.

    Args:
        stream: Stands at `span.begin.offset`.
        span: What to read.
        max_page_bytes: Larger pages are left out.
        records: How its records are framed.

    Raises:
        OSError: The file cannot be read.
    """
    reader = _Reader(span, max_page_bytes, records)
    if find_record_start(stream, records.start, span.end) is None:
        if span.begin == START and span.end is None:
            place = Place(stream.tell())
            yield Skipped(
                span.name, "damaged", f"there is no {records.name} record in it", True, place
            )
        return
    while not stream.is_at_end():
        begin = stream.tell()
        if span.end is not None and begin >= span.end:
            return
        stream.keep_from(begin)
        if stream.peek(3) == GZIP_MAGIC:
            yield from reader.read_member(stream)
        else:
            yield from reader.read_plain(stream)


class _Reader:
    """Reads what stands in one place: a gzip member, or a plain record."""

    __slots__ = ("_max_page_bytes", "_records", "_span")

    def __init__(self, span: Span, max_page_bytes: int, records: RecordFormat) -> None:
        self._span = span
        self._max_page_bytes = max_page_bytes
        self._records = records

    def read_plain(self, stream: ByteStream) -> Iterator[Item]:
        """The record here; the stream then stands at the next one that can be found."""
        begin = stream.tell()
        try:
            record = self._records.read(stream, _WANTED, self._max_page_bytes)
        except RecordError as error:
            stream.move_to(begin + 1)
            find_record_start(stream, self._records.start)
            yield self._fault(error, begin, Place(stream.tell()))
            return
        yield from self._items(record, Place(stream.tell()))

    def read_member(self, stream: ByteStream) -> Iterator[Item]:
        """The records in the gzip member here; the stream then stands behind it."""
        begin = stream.tell()
        to_pass = self._span.begin.records if begin == self._span.begin.offset else 0
        inside = ByteStream(GzipMember(stream))
        done = 0
        url = None
        try:
            while not inside.is_at_end():
                outcome = self._read_inside(inside)
                url = outcome.url
                done += 1
                # To look for more reads the member's checksum where this was its last record.
                is_last = inside.is_at_end()
                url = None
                place = Place(stream.tell()) if is_last else Place(begin, done)
                if done <= to_pass:
                    continue
                if isinstance(outcome, RecordError):
                    yield self._fault(outcome, begin, place)
                else:
                    yield from self._items(outcome, place)
        except MemberError as error:
            url = url or _preview_url(stream, begin)
            stream.move_to(begin + 1)
            find_record_start(stream, self._records.start)
            fault = RecordError(str(error), "damaged", url)
            yield self._fault(fault, begin, Place(stream.tell()))

    def _read_inside(self, inside: ByteStream) -> Record | RecordError:
        begin = inside.tell()
        inside.keep_from(begin)
        try:
            return self._records.read(inside, _WANTED, self._max_page_bytes)
        except RecordError as error:
            inside.move_to(begin + 1)
            find_record_start(inside, self._records.start)
            return error

    def _fault(self, error: RecordError, at: int, after: Place) -> Skipped:
        here = f"{self._span.name} at byte {at}"
        message = f"{here}: {error}" if error.url else str(error)
        return Skipped(error.url or here, error.reason, message, True, after)

    def _items(self, record: Record, after: Place) -> Iterator[Item]:
        url = record.url
        if url is None:
            return
        if record.type == "revisit":
            yield Skipped(url, "revisit", "its content is that of an earlier record", False, after)
        elif record.type not in _WANTED:
            return
        elif record.block is None:
            yield self._too_large(url, after)
        else:
            yield self._capture(record, record.block, url, after)

    def _capture(self, record: Record, block: bytes, url: str, after: Place) -> Item:
        headers = {"content-type": record.headers.get("content-type", "")}
        status = 200
        body = block
        is_cut_short = record.is_cut_short
        if record.type == "response" and url.startswith(("http:", "https:")):
            try:
                response = parse_response(block, self._max_page_bytes)
            except FetchError:
                return self._too_large(url, after)
            status, headers, body = response.status, response.headers, response.body
            is_cut_short = is_cut_short or response.is_cut_short
        page = Page(
            url="" if url.startswith("file:") else url,  # of whoever made the archive
            body=body,
            status=status,
            headers=headers,
            fetched_at=_parse_time(record.headers.get("warc-date", "")),
            transferred_bytes=len(block),
            is_cut_short=is_cut_short,
        )
        return CapturedPage(page, record.type == "conversion", after)

    def _too_large(self, url: str, after: Place) -> Skipped:
        message = f"larger than {self._max_page_bytes / 1e6:g} MB"
        return Skipped(url, "too large", message, True, after)


def _preview_url(stream: ByteStream, member_at: int) -> str | None:
    """The URL in the headers of a damaged member, where those can still be read."""
    if stream.move_to(member_at) != member_at:
        return None
    head, _ = split_head(preview_member(stream.peek(_PREVIEW_BYTES), _PREVIEW_BYTES))
    return Record(parse_headers(head)[1], None, 0).url


def _parse_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def reader_of(
    records: RecordFormat, name: str, suffixes: tuple[str, ...], magic: tuple[bytes, ...]
) -> Reader:
    """The reader of archives with such records."""
    return Reader(
        name=name,
        suffixes=suffixes,
        magic=magic,
        is_archive=True,
        read=partial(read_archive, records=records),
        reads_gzip=True,
    )


WARC: Final = reader_of(_WARC_RECORDS, "warc", (".warc", ".wet"), (b"WARC/",))
