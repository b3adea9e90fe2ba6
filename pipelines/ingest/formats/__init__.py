"""From files to pages: one reader a format, and the register of all of them."""

from collections.abc import Iterator
from typing import Final

from pipelines.ingest.formats.reader import Reader, plain_suffix
from pipelines.ingest.formats.single_file import PAGE
from pipelines.ingest.formats.warc.members import GZIP_MAGIC, preview_member
from pipelines.ingest.formats.warc.warc import WARC

READERS: Final[tuple[Reader, ...]] = (WARC, PAGE)
"""Every format that can be read."""

HEAD_BYTES: Final = 64 * 1024
"""How much of a file is enough for `find_reader_by_head`."""

_MAGIC_BYTES: Final = 64


def find_reader_by_name(name: str) -> Reader | None:
    """The reader for files of that name; None where only what is in the file can tell.

    Example:
        >>> [reader and reader.name for reader in map(find_reader_by_name, ("a.wet.gz", "b", "-"))]
        ['warc', None, None]
    """
    suffix = plain_suffix(name)
    return next((reader for reader in READERS if suffix in reader.suffixes), None)


def find_reader_by_head(head: bytes) -> Reader:
    """The reader for a file that begins so; that of pages, which says when it is none, in doubt.

    Args:
        head: The first `HEAD_BYTES` of it, or all of it.

    Example:
        >>> find_reader_by_head(b"WARC/1.1").name, find_reader_by_head(b"<p>Rain.").name
        ('warc', 'page')
    """
    for start in _starts(head):
        for reader in READERS:
            if start.startswith(reader.magic):
                return reader
    return PAGE


def _starts(head: bytes) -> Iterator[bytes]:
    """What may be the first bytes of a file: as they are, and unpacked.

    Where the first gzip member is damaged, the next ones speak for it.
    """
    yield head[:_MAGIC_BYTES]
    at = 0 if head.startswith(GZIP_MAGIC) else -1
    while at >= 0:
        yield preview_member(head[at:], _MAGIC_BYTES)
        at = head.find(GZIP_MAGIC, at + 1)
