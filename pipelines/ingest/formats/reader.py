"""What is known about a format that is read: one `Reader` says all of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Protocol

from pipelines.ingest.formats.byte_stream import ByteStream, Readable
from pipelines.ingest.items import START, Item, Place

MAX_PAGE_BYTES: Final = 10_000_000
"""Larger pages are left out, as in a crawl."""

_PACKED_SUFFIX: Final = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)


class UnpackError(ValueError):
    """What is packed is damaged, cut off, or cannot be unpacked."""


class UnpackTooMuchError(UnpackError):
    """What is packed holds far more than a page or an archive does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part of a file to read.

    Attributes:
        name: The file, for messages.
        begin: Where to begin; the first record that begins there or later is the first one read.
        end: Records that begin at this byte or later are not read; None for all of them.
    """

    name: str
    begin: Place = START
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A format of `winnow ingest`.

    Attributes:
        name: What to call it.
        suffixes: How names of its files end, in lower case, apart from ``.gz`` and the like.
        magic: What its files begin with, unpacked, where the name does not tell.
        is_archive: Whether a file holds many pages, each with its URL, and can be read from any
            byte on to any other; else it is one page, which is told where the file came from.
        read: Every page in a span of a file and what had to be left out, in order. The stream
            stands where the span begins. What a file holds never makes it raise: what is damaged
            is an item too.
        reads_gzip: Whether it unpacks ``.gz`` itself, to begin at any record.
        begins: Whether a file that begins so, unpacked, is one of its files; for formats without
            magic bytes. None for the others.
    """

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...] = ()
    is_archive: bool
    read: Callable[[ByteStream, Span], Iterator[Item]]
    reads_gzip: bool = False
    begins: Callable[[bytes], bool] | None = None


class Folder(Protocol):
    """Files under names with ``/``, as a ZIP archive holds them."""

    @property
    def names(self) -> Sequence[str]:
        """All of them, in the order in which they are stored."""
        ...

    def open(self, name: str) -> Readable:
        """One of them; reading it raises `UnpackError` where it is damaged."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A format whose files hold other files.

    Attributes:
        name: What to call it.
        suffixes: As for `Reader`.
        magic: What its files begin with.
        open: What is in a file that can seek; `UnpackError` where it is damaged.
    """

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    open: Callable[[BinaryIO], AbstractContextManager[Folder]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A way to pack one file.

    Attributes:
        name: What to call it.
        suffixes: As for `Reader`.
        magic: What its files begin with.
        unpack: The file itself; reading it raises `UnpackError` where it is damaged.
    """

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    unpack: Callable[[ByteStream], Readable]


def plain_suffix(name: str) -> str:
    """The suffix of a file's name in lower case, without the ``.gz`` of a compressed one.

    Example:
        >>> plain_suffix("s3://crawls/News.WARC.gz"), plain_suffix("saved/page")
        ('.warc', '')
    """
    return PurePosixPath(without_packing(name)).suffix.lower()


def without_packing(name: str) -> str:
    """A name without ``.gz``, ``.bz2``, ``.xz`` or ``.zst`` at its end.

    Example:
        >>> without_packing("news.warc.XZ"), without_packing("news.warc")
        ('news.warc', 'news.warc')
    """
    return _PACKED_SUFFIX.sub("", name)
