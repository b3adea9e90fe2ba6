"""What a worker does with a few pages out of an archive: choose, read, make ready to be written."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from pipelines.errors import WorkerLostError, describe_error
from pipelines.ingest.filter.filters import Filters, find_unfit, find_unlike
from pipelines.ingest.items import CapturedPage
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS, read_apart
from pipelines.page.read_page import ReadResult, read_page, with_rows
from pipelines.store.articles.rows import ArticleRows
from pipelines.store.pages.packing import PackedPage

CUT_SHORT: Final = "the page was cut short when it was kept; what there is of it is read"
"""What `failures` says of a page of which only the beginning is there."""


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Pages that one worker reads one after the other."""

    pages_to_read: tuple[CapturedPage, ...]
    filters: Filters
    keep_pages: bool = False
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What became of one page.

    Attributes:
        rows: Its article; None when there is none, or none that is wanted.
        packed: The raw page, where pages are kept.
        unwanted: Why it was left out; None when it was not.
        error: Class of the error that reading it raised; None when it did not.
        message: What that error said.
    """

    rows: ArticleRows | None = None
    packed: PackedPage | None = None
    unwanted: str | None = None
    error: str | None = None
    message: str = ""


def read_pages(batch: PageBatch) -> tuple[ReadPage, ...]:
    """One entry a page, in order; nothing a page can hold makes it raise, or go on for ever."""
    rest = replace(batch, pages_to_read=())
    return tuple(_read_guarded(captured, rest) for captured in batch.pages_to_read)


def _read_guarded(captured: CapturedPage, batch: PageBatch) -> ReadPage:
    try:
        return read_apart(_read, (captured, batch), page_timeout_seconds=batch.page_timeout_seconds)
    except (WorkerLostError, MemoryError) as error:
        name, message = describe_error(error)
        return ReadPage(error=name, message=message)


def _read(task: tuple[CapturedPage, PageBatch]) -> ReadPage:
    captured, batch = task
    try:
        unwanted = find_unlike(captured, batch.filters)
        if unwanted is not None:
            return ReadPage(unwanted=unwanted)
        read = read_page(captured.page, is_text=captured.is_text)
        if read.article is not None:
            unwanted = find_unfit(captured, read.article, batch.filters)
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        name, message = describe_error(error)
        return ReadPage(error=name, message=message)
    if unwanted is not None:
        return ReadPage(unwanted=unwanted)
    return _made_ready(with_rows(read, keep_pages=batch.keep_pages))


def _made_ready(read: ReadResult) -> ReadPage:
    match read.kind:
        case "article":
            return ReadPage(rows=read.rows, packed=read.packed)
        case "no_article":
            return ReadPage(unwanted="no article")
        case "not_a_page":
            return ReadPage(unwanted="not a page", message=read.message)
        case "error":
            return ReadPage(error=read.error, message=read.message)
        case _:
            assert_never(read.kind)
