"""From files to pages: one entry a format, and the register of all of them."""

from collections.abc import Iterator
from typing import Final

from pipelines.ingest.formats.json_lines import JSON_LINES
from pipelines.ingest.formats.mhtml import MHTML
from pipelines.ingest.formats.packings import BZIP2, GZIP, XZ, ZSTANDARD
from pipelines.ingest.formats.reader import Container, Packing, Reader, plain_suffix
from pipelines.ingest.formats.single_file import PAGE
from pipelines.ingest.formats.warc.arc_records import ARC
from pipelines.ingest.formats.warc.members import GZIP_MAGIC, preview_member
from pipelines.ingest.formats.warc.warc import WARC
from pipelines.ingest.formats.zip_archive import ZIP

READERS: Final[tuple[Reader, ...]] = (WARC, ARC, MHTML, JSON_LINES, PAGE)
"""Every format of pages that can be read."""

CONTAINERS: Final[tuple[Container, ...]] = (ZIP,)
"""Every format of files that hold such files."""

PACKINGS: Final[tuple[Packing, ...]] = (GZIP, BZIP2, XZ, ZSTANDARD)
"""Every way in which such a file may be packed."""

Format = Reader | Container | Packing

HEAD_BYTES: Final = 64 * 1024
"""How much of a file is enough for `find_format`."""

_MAGIC_BYTES: Final = 4096


def find_format(name: str, head: bytes) -> Format:
    """How a file is to be read: what is packed is unpacked first, whatever its name says.

    Args:
        name: Of the file.
        head: The first `HEAD_BYTES` of it, or all of it.

    Example:
        >>> find_format("story.html", b"<p>Rain.").name, find_format("story", b"BZh9").name
        ('page', 'bzip2')
    """
    reader = find_reader_by_name(name) or find_reader_by_head(head)
    if reader.reads_gzip and head.startswith(GZIP_MAGIC):
        return reader
    around: tuple[Container | Packing, ...] = (*PACKINGS, *CONTAINERS)
    return next((known for known in around if head.startswith(known.magic)), reader)


def find_reader_by_name(name: str) -> Reader | None:
    """The reader for files of that name; None where only what is in the file can tell.

    Example:
        >>> [reader and reader.name for reader in map(find_reader_by_name, ("a.wet.gz", "b", "-"))]
        ['warc', None, None]
    """
    suffix = plain_suffix(name)
    return next((reader for reader in READERS if suffix in reader.suffixes), None)


def is_known_name(name: str) -> bool:
    """Whether a name ends as files do that can be read, packed or not.

    Example:
        >>> [is_known_name(name) for name in ("a.wacz", "b.jsonl.xz", "c.css")]
        [True, True, False]
    """
    suffix = plain_suffix(name)
    return find_reader_by_name(name) is not None or any(suffix in c.suffixes for c in CONTAINERS)


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
            if reader.magic and start.startswith(reader.magic):
                return reader
            if reader.begins is not None and reader.begins(start):
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
