"""Single files as pages: HTML, or text that was saved from it."""

from collections.abc import Iterator
from typing import Final

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Reader, Span, plain_suffix
from pipelines.ingest.formats.saved_pages import (
    MOST_SAVED_BYTES,
    find_origin,
    fit_page,
    read_up_to,
)
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.page.input_document import HTML_SUFFIXES, classify_document
from scraper.errors import ExtractionError
from scraper.page import Page


def read_single_file(stream: ByteStream, span: Span) -> Iterator[Item]:
    """The page in a file, or why it is none.

    Raises:
        OSError: The file cannot be read.
    """
    saved, is_cut_short = read_up_to(stream, MOST_SAVED_BYTES + 1)
    after = Place(len(saved))
    try:
        body = fit_page(saved)
        document = classify_document(body, span.name, suffix=plain_suffix(span.name))
    except ExtractionError as error:
        reason = str(error).removeprefix(f"{span.name}: ")
        yield Skipped(span.name, "not a page", reason, True, after)
        return
    content = document.content
    is_text = isinstance(content, str)
    origin = find_origin(body)
    page = Page(
        url=origin.url,
        body=content.encode("utf-8", "replace") if isinstance(content, str) else content,
        headers={"content-type": "text/plain; charset=utf-8"} if is_text else {},
        fetched_at=origin.saved_at,
        is_cut_short=is_cut_short,
    )
    yield CapturedPage(page, is_text, after)


PAGE: Final = Reader(
    name="page",
    # Not .md: in a folder of pages, that is somebody's notes on them.
    suffixes=(".txt", ".text", *sorted(HTML_SUFFIXES)),
    is_archive=False,
    read=read_single_file,
)
