"""Single files as pages: HTML, or text that was saved from it."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import MAX_PAGE_BYTES, Reader, Span, plain_suffix
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.page.input_document import HTML_SUFFIXES, classify_document
from scraper.errors import ExtractionError
from scraper.page import Page

# Browsers write this into pages they save.
_SAVED_FROM: Final = re.compile(rb"<!-- saved from url=\(\d+\)(https?://[^\s>]+)")
_GZIP: Final = b"\x1f\x8b"


def read_single_file(stream: ByteStream, span: Span) -> Iterator[Item]:
    """The page in a file, or why it is none.

    Raises:
        OSError: The file cannot be read.
    """
    body = _read_up_to(stream, MAX_PAGE_BYTES + 1)
    after = Place(len(body))
    try:
        if body.startswith(_GZIP):
            body = _gunzip(body)
        if len(body) > MAX_PAGE_BYTES:
            raise ExtractionError(f"larger than {MAX_PAGE_BYTES / 1e6:g} MB, which is no page")
        document = classify_document(body, span.name, suffix=plain_suffix(span.name))
    except ExtractionError as error:
        yield Skipped(
            span.name, "not a page", str(error).removeprefix(f"{span.name}: "), True, after
        )
        return
    content = document.content
    is_text = isinstance(content, str)
    saved = _SAVED_FROM.search(body[:4096])
    page = Page(
        url=saved[1].decode("ascii", "replace") if saved else "",
        body=content.encode("utf-8", "replace") if isinstance(content, str) else content,
        headers={"content-type": "text/plain; charset=utf-8"} if is_text else {},
    )
    yield CapturedPage(page, is_text, after)


def _read_up_to(stream: ByteStream, size: int) -> bytes:
    pieces: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _gunzip(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_PAGE_BYTES + 1)
    except zlib.error as error:
        raise ExtractionError(f"damaged gzip file: {error}") from error


PAGE: Final = Reader(
    name="page",
    # Not .md: in a folder of pages, that is somebody's notes on them.
    suffixes=(".txt", ".text", *sorted(HTML_SUFFIXES)),
    is_archive=False,
    read=read_single_file,
)
