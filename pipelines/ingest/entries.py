"""Everything in the inputs, in order, from where each was left the last time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.single_file import read_file
from pipelines.ingest.formats.warc.warc import MAX_PAGE_BYTES, Span, read_archive
from pipelines.ingest.inputs import Input, open_input
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.store.crawl.ingests import Ingest, start_ingest

_RECORD: Final = b"WARC/"
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page or one thing that was left out, and which file it is of.

    Attributes:
        item: None for the end of a file, and for a page whose body is on its way to a worker.
        ingest_id: The file's row in `ingests`.
        name: URL of the page; the file where it has none.
        after: The place behind it.
        read_bytes: How many bytes of the file, as stored, were read for it.
        is_page: Whether a worker reads it.
        is_end: Whether the file ends here.
        fetched_at: When the page was captured, where that is known.
    """

    item: Item | None
    ingest_id: int
    name: str
    after: Place
    read_bytes: int = 0
    is_page: bool = False
    is_end: bool = False
    fetched_at: datetime | None = None

    def left_out(self, reason: str) -> "Entry":
        """The same, not wanted."""
        skipped = Skipped(self.name, reason, "", False, self.after)
        return replace(self, item=skipped, is_page=False)

    def without_body(self) -> "Entry":
        """The same without the page itself, which is not kept while a worker reads it."""
        return replace(self, item=None) if isinstance(self.item, CapturedPage) else self


def read_entries(
    db: Database,
    inputs: Iterable[Input],
    source_id: int | None,
    urls: Mapping[str, str],
    *,
    anew: bool,
) -> Iterator[Entry]:
    """Every page of every input that was not read before, and what had to be left out.

    Raises:
        OSError: A file cannot be read.
        StoreError: The database cannot be written.
    """
    for file in inputs:
        # A stream has no name to know it by: it is read whole each time.
        is_stream = not file.version
        record = start_ingest(
            db, file.name, file.version, source_id=source_id, anew=anew or is_stream
        )
        size = file.size_bytes or 0
        if record.is_finished:
            yield _end(record, Place(record.next_offset, record.next_record), size)
            continue
        at = record.next_offset
        yield _passed(record)
        begin = Place(record.next_offset, record.next_record)
        for item in read_input(file, begin, urls):
            is_page = isinstance(item, CapturedPage)
            page = item.page if isinstance(item, CapturedPage) else None
            yield Entry(
                item=item,
                ingest_id=record.id,
                name=(page.url if page else item.name if isinstance(item, Skipped) else "")
                or file.name,
                after=item.after,
                read_bytes=max(0, item.after.offset - at),
                is_page=is_page,
                fetched_at=page.fetched_at if page else None,
            )
            at = max(at, item.after.offset)
        yield _end(record, Place(max(at, size)), max(0, size - at))


def _passed(record: Ingest) -> Entry:
    """What an earlier run has read of a file."""
    place = Place(record.next_offset, record.next_record)
    return Entry(
        item=None,
        ingest_id=record.id,
        name=record.name,
        after=place,
        read_bytes=record.next_offset,
    )


def _end(record: Ingest, place: Place, read_bytes: int) -> Entry:
    return Entry(
        item=None,
        ingest_id=record.id,
        name=record.name,
        after=place,
        read_bytes=read_bytes,
        is_end=True,
    )


def read_input(
    file: Input, begin: Place, urls: Mapping[str, str], end: int | None = None
) -> Iterator[Item]:
    """What is in one input between two places, in order.

    Args:
        file: An archive or a page.
        begin: Where to begin.
        urls: Addresses of files by name.
        end: Records of an archive that begin at this byte or later are not read; None for all.

    Raises:
        OSError: It cannot be read.
    """
    if file.size_bytes and begin.offset >= file.size_bytes:
        return  # an earlier run has read all of it and did not come to say so
    with open_input(file.name, begin.offset) as opened:
        stream = ByteStream(opened, begin.offset)
        kind = file.kind
        if kind is None:
            start = stream.peek(len(_RECORD))
            is_archive = start == _RECORD or (start.startswith(_GZIP) and not file.root)
            kind = "archive" if is_archive else "page"
        if kind == "archive":
            yield from read_archive(stream, Span(name=file.name, begin=begin, end=end))
            return
        body = b"".join(iter(lambda: stream.read(1 << 20), b""))[: MAX_PAGE_BYTES + 1]
        yield read_file(file, body, urls)
