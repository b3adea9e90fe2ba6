"""What is in one file, whatever its format."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipelines.ingest.file_urls import find_file_url
from pipelines.ingest.formats import HEAD_BYTES, find_reader_by_head, find_reader_by_name
from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Reader, Span
from pipelines.ingest.inputs import Input, open_input
from pipelines.ingest.items import Item, Place, Skipped


def read_input(
    file: Input, begin: Place, urls: Mapping[str, str], end: int | None = None
) -> Iterator[Item]:
    """What is in a file between two places, in order.

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
        reader = find_reader_by_name(file.name) or _find_by_content(file, stream)
        for item in reader.read(stream, Span(name=file.name, begin=begin, end=end)):
            yield item if reader.is_archive else _completed(item, file, urls)


def _find_by_content(file: Input, stream: ByteStream) -> Reader:
    if stream.tell() == 0:
        return find_reader_by_head(stream.peek(HEAD_BYTES))
    with open_input(file.name) as opened:
        return find_reader_by_head(ByteStream(opened).peek(HEAD_BYTES))


def _completed(item: Item, file: Input, urls: Mapping[str, str]) -> Item:
    """A single page with what its file says about it."""
    if isinstance(item, Skipped):
        # Somebody who names a file means it to be a page; a folder may hold others.
        return replace(item, is_fault=file.root is None)
    page = item.page
    known = replace(
        page,
        url=find_file_url(file, page.url, urls) or "",
        fetched_at=page.fetched_at or file.modified_at,
    )
    return replace(item, page=known)
