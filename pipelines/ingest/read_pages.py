"""What a worker does with a few pages out of an archive: choose, read, make ready to be written."""

from dataclasses import dataclass

from pipelines.ingest.filter.filters import Filters, find_unfit, find_unlike
from pipelines.ingest.items import CapturedPage
from pipelines.store.articles.rows import ArticleRows, build_rows
from pipelines.store.pages.packing import PackedPage, pack_page
from scraper.article import Article
from scraper.errors import ExtractionError
from scraper.extract.encoding import decode_html
from scraper.extract.extractor import extract_page
from scraper.extract.plain_text import extract_plain_text


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Pages that one worker reads one after the other."""

    pages_to_read: tuple[CapturedPage, ...]
    filters: Filters
    keep_pages: bool = False


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
    """One entry a page, in order; nothing a page can hold makes it raise."""
    return tuple(_read(captured, batch) for captured in batch.pages_to_read)


def _read(captured: CapturedPage, batch: PageBatch) -> ReadPage:
    try:
        unwanted = find_unlike(captured, batch.filters)
        if unwanted is not None:
            return ReadPage(unwanted=unwanted)
        article = _extract(captured)
        unwanted = find_unfit(captured, article, batch.filters)
        if unwanted is not None:
            return ReadPage(unwanted=unwanted)
        packed = pack_page(captured.page) if batch.keep_pages else None
        return ReadPage(rows=build_rows(article), packed=packed)
    except ExtractionError as error:
        return ReadPage(unwanted="not a page", message=str(error))
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        message = " ".join(str(error).split()) or "no further word"
        return ReadPage(error=type(error).__name__, message=message)


def _extract(captured: CapturedPage) -> Article:
    page = captured.page
    if not captured.is_text:
        return extract_page(page)
    text, _ = decode_html(page.body, page.content_type)
    return extract_plain_text(text, url=page.url or None)
