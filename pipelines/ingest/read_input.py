"""What is in one file, whatever its format, and whatever it is packed in."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, BinaryIO, Final, assert_never

from pipelines.ingest.file_urls import find_file_url, find_listed
from pipelines.ingest.formats import HEAD_BYTES, find_format
from pipelines.ingest.formats.budget import UnpackBudget
from pipelines.ingest.formats.byte_stream import ByteStream, Readable
from pipelines.ingest.formats.reader import (
    Container,
    Folder,
    Packing,
    Reader,
    Span,
    UnpackError,
    without_packing,
)
from pipelines.ingest.inputs import STDIN, Input, open_input
from pipelines.ingest.items import START, Item, Place, Skipped
from pipelines.ingest.layouts import MOST_INDEX_BYTES, plan_folder

_DEEPEST: Final = 5  # a WARC in gzip in a WACZ in a ZIP in a tar is four
_SPOOL_BYTES: Final = 16 * 1024 * 1024
_CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that is being read, and what goes for all that is in it.

    Attributes:
        file: It, or what it was found in, by a path into that.
        urls: Addresses of files by name.
        budget: How much may still be unpacked.
        depth: In how many others it is.
    """

    file: Input
    urls: Mapping[str, str]
    budget: UnpackBudget
    depth: int = 0

    def inside(self, name: str, url: str = "") -> "_Source":
        """A file in this one."""
        root = self.file.root or self.file.name
        inner = replace(self.file, name=f"{self.file.name}/{name}", root=root, url=url)
        return replace(self, file=inner, depth=self.depth + 1)

    def unpacked(self) -> "_Source":
        """What is packed in this one."""
        inner = replace(self.file, name=without_packing(self.file.name))
        return replace(self, file=inner, depth=self.depth + 1)

    def fault(self, message: str, reason: str = "damaged") -> Skipped:
        """Nothing can be read of it, or nothing more."""
        return Skipped(self.file.label, reason, message, True, START)


def read_input(
    file: Input, begin: Place, urls: Mapping[str, str], end: int | None = None
) -> Iterator[Item]:
    """What is in a file between two places, in order.

    Places in what is packed count items from its beginning: there is no way into the middle of it.

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
    source = _Source(file, urls, UnpackBudget(file.size_bytes))
    try:
        with open_input(file.name, begin.offset) as opened:
            stream = ByteStream(opened, begin.offset)
            known = find_format(file.name, _head_of(file, stream))
            if isinstance(known, Reader):
                yield from _read_pages(source, stream, known, begin, end)
                return
            seekable = None if file.name == STDIN else opened
            items = _read_packed(source, stream, known, seekable)
            for number, item in enumerate(items, 1):
                if number > begin.records:
                    yield replace(item, after=Place(0, number))
    except PermissionError as error:
        if begin != START:
            raise
        yield source.fault(error.strerror or str(error), "not allowed")


def _head_of(file: Input, stream: ByteStream) -> bytes:
    if stream.tell() == 0:
        return stream.peek(HEAD_BYTES)
    with open_input(file.name) as opened:
        return ByteStream(opened).peek(HEAD_BYTES)


def _read_pages(
    source: _Source, stream: ByteStream, reader: Reader, begin: Place, end: int | None
) -> Iterator[Item]:
    for item in reader.read(stream, Span(name=source.file.label, begin=begin, end=end)):
        yield item if reader.is_archive else _completed(item, source)


def _read_inner(source: _Source, file: Readable) -> Iterator[Item]:
    """What is in a file inside of another one; damage to what it is packed in ends it."""
    if source.depth > _DEEPEST:
        yield source.fault(f"archives in archives, more than {_DEEPEST} deep, are not read")
        return
    stream = ByteStream(source.budget.bound(file))
    try:
        known = find_format(source.file.name, stream.peek(HEAD_BYTES))
        if isinstance(known, Reader):
            yield from _read_pages(source, stream, known, START, None)
        else:
            yield from _read_packed(source, stream, known, None)
    except UnpackError as error:
        yield source.fault(str(error))


def _read_packed(
    source: _Source, stream: ByteStream, known: Container | Packing, seekable: BinaryIO | None
) -> Iterator[Item]:
    match known:
        case Packing():
            yield from _read_inner(source.unpacked(), known.unpack(stream))
        case Container():
            try:
                with _seekable(stream, seekable) as file, known.open(file) as folder:
                    yield from _read_folder(source, folder)
            except UnpackError as error:
                yield source.fault(str(error))
        case _:
            assert_never(known)


def _read_folder(source: _Source, folder: Folder) -> Iterator[Item]:
    """What is in the files of an archive, of which some are left out as they are in a folder."""
    is_empty = True
    for planned in plan_folder(folder.names, lambda name: _read_start(folder, name)):
        inner = source.inside(planned.name, planned.url)
        if planned.left_out:
            yield Skipped(inner.file.label, planned.left_out, "", False, START)
            continue
        is_empty = False
        if source.budget.is_spent():
            return  # said already
        try:
            opened = folder.open(planned.name)
        except UnpackError as error:
            yield inner.fault(str(error))
            continue
        yield from _read_inner(inner, opened)
    if is_empty:
        yield source.fault("there is no page and no archive of pages in it")


def _read_start(folder: Folder, name: str) -> bytes:
    try:
        return folder.open(name).read(MOST_INDEX_BYTES)
    except UnpackError:  # it is told where it is to be read
        return b""


@contextmanager
def _seekable(stream: ByteStream, file: BinaryIO | None) -> Iterator[BinaryIO]:
    """A file that can seek: the one that is there, or else a copy of it."""
    if file is not None:
        file.seek(0)
        yield file
        return
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as copy:
        while piece := stream.read(_CHUNK_BYTES):
            copy.write(piece)
            stream.keep_from(stream.tell())
        copy.seek(0)
        yield _as_binary(copy)


def _as_binary(file: "tempfile.SpooledTemporaryFile[bytes] | IO[bytes]") -> BinaryIO:
    return file  # type: ignore[return-value] # it has all that is asked of one


def _completed(item: Item, source: _Source) -> Item:
    """A single page with what its file says about it."""
    if isinstance(item, Skipped):
        return item
    page, file = item.page, source.file
    known = replace(
        page,
        url=find_file_url(file, page.url, source.urls) or "",
        fetched_at=page.fetched_at or file.modified_at,
    )
    is_unlisted = bool(source.urls) and find_listed(file, source.urls) is None
    return replace(item, page=known, file=file.label, is_unlisted=is_unlisted)
