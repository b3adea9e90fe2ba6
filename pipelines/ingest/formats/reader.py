"""What is known about a format that is read: one `Reader` says all of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.items import START, Item, Place

MAX_PAGE_BYTES: Final = 10_000_000
"""Larger pages are left out, as in a crawl."""

_GZIP_SUFFIX: Final = re.compile(r"\.gz$", re.IGNORECASE)


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
        suffixes: How names of its files end, in lower case, apart from ``.gz``.
        magic: What its files begin with, unpacked, where the name does not tell.
        is_archive: Whether a file holds many pages, each with its URL, and can be read from any
            byte on to any other; else it is one page, which is told where the file came from.
        read: Every page in a span of a file and what had to be left out, in order. The stream
            stands where the span begins. What a file holds never makes it raise: what is damaged
            is an item too.
    """

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...] = ()
    is_archive: bool
    read: Callable[[ByteStream, Span], Iterator[Item]]


def plain_suffix(name: str) -> str:
    """The suffix of a file's name in lower case, without the ``.gz`` of a compressed one.

    Example:
        >>> plain_suffix("s3://crawls/News.WARC.gz"), plain_suffix("saved/page")
        ('.warc', '')
    """
    return PurePosixPath(_GZIP_SUFFIX.sub("", name)).suffix.lower()
