"""Archives cut into pieces of work: each is read, written and, when it is lost, repeated alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from pipelines.errors import IngestError
from pipelines.ingest.formats import find_reader_by_name
from pipelines.ingest.formats.reader import without_packing
from pipelines.ingest.inputs import STDIN, Input

SPLIT_BYTES: Final = 256_000_000
"""Of an archive as it is stored: some minutes of work, which is what a lost worker costs."""

_MOST_FILES: Final = 1_000  # of single pages in one split


@dataclass(frozen=True, slots=True)
class Split:
    """A stretch of an archive, or a number of files with a page each.

    Attributes:
        id: The same in each run, as long as the files are the same.
        inputs: One archive, or files.
        begin: Byte at which the first record may begin.
        end: Records that begin here or later belong to the next split; None for all of it.
    """

    id: str
    inputs: tuple[Input, ...]
    begin: int = 0
    end: int | None = None

    @property
    def size_bytes(self) -> int:
        """As stored."""
        whole = sum(item.size_bytes or 0 for item in self.inputs)
        return (whole if self.end is None else self.end) - self.begin


def find_splits(inputs: Iterable[Input], split_bytes: int = SPLIT_BYTES) -> Iterator[Split]:
    """The splits of some files, in their order.

    Raises:
        IngestError: One of them is a stream, which cannot be read twice.
    """
    waiting: list[Input] = []
    waiting_bytes = 0
    for item in inputs:
        if item.name == STDIN:
            raise IngestError("standard input cannot be split; name files to write shards from")
        size = item.size_bytes or 0
        if _can_be_cut(item.name):
            yield from _cut(item, size, split_bytes)
            continue
        if waiting and (len(waiting) >= _MOST_FILES or waiting_bytes + size > split_bytes):
            yield _split(tuple(waiting))
            waiting, waiting_bytes = [], 0
        waiting.append(item)
        waiting_bytes += size
    if waiting:
        yield _split(tuple(waiting))


def _can_be_cut(name: str) -> bool:
    """Whether reading a file may begin anywhere in it."""
    reader = find_reader_by_name(name)
    if reader is None or not reader.is_archive:
        return False
    packed = name.lower().removeprefix(without_packing(name).lower())
    return not packed or (reader.reads_gzip and packed == ".gz")


def _cut(archive: Input, size: int, split_bytes: int) -> Iterator[Split]:
    begin = 0
    while size - begin > 1.5 * split_bytes:
        yield _split((archive,), begin, begin + split_bytes)
        begin += split_bytes
    yield _split((archive,), begin)


def _split(inputs: tuple[Input, ...], begin: int = 0, end: int | None = None) -> Split:
    digest = blake2b(digest_size=8)
    for item in inputs:
        digest.update(f"{item.name}\n{item.version}\n".encode("utf-8", "surrogateescape"))
    digest.update(f"{begin}-{end}".encode())
    return Split(digest.hexdigest(), inputs, begin, end)
