"""Everything in the inputs, in order, from where each was left the last time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from pipelines.ingest.inputs import Input
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.ingest.read_input import read_input
from pipelines.store.crawl.ingests import Ingest, start_ingest


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
        is_cut_short: Whether only its beginning was kept.
        unlisted: The file that a list of addresses should name, and does not; mostly empty.
    """

    item: Item | None
    ingest_id: int
    name: str
    after: Place
    read_bytes: int = 0
    is_page: bool = False
    is_end: bool = False
    fetched_at: datetime | None = None
    is_cut_short: bool = False
    unlisted: str = ""

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
            db, file.label, file.version, source_id=source_id, anew=anew or is_stream
        )
        size = file.size_bytes or 0
        if record.is_finished:
            yield _end(record, Place(record.next_offset, record.next_record), size)
            continue
        at = record.next_offset
        yield _passed(record)
        begin = Place(record.next_offset, record.next_record)
        for item in read_input(file, begin, urls):
            yield _entry_of(item, file, record, max(0, item.after.offset - at))
            at = max(at, item.after.offset)
        yield _end(record, Place(max(at, size)), max(0, size - at))


def _entry_of(item: Item, file: Input, record: Ingest, read_bytes: int) -> Entry:
    if isinstance(item, Skipped):
        return Entry(
            item=item,
            ingest_id=record.id,
            name=item.name,
            after=item.after,
            read_bytes=read_bytes,
        )
    page = item.page
    return Entry(
        item=item,
        ingest_id=record.id,
        name=page.url or item.file or file.label,
        after=item.after,
        read_bytes=read_bytes,
        is_page=True,
        fetched_at=page.fetched_at,
        is_cut_short=page.is_cut_short,
        unlisted=item.file if item.is_unlisted else "",
    )


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
