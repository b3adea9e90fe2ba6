"""What a worker does with a few pages out of an archive: choose, read, make ready to be written."""

from dataclasses import dataclass

from pipelines.ingest.filter.filters import Filters, find_unfit, find_unlike
from pipelines.ingest.items import Capture
from pipelines.store.articles.rows import ArticleRows, build_rows
from pipelines.store.pages.packing import PackedPage, pack_page
from scraper.article import Article
from scraper.errors import ExtractionError
from scraper.extract.encoding import decode_html
from scraper.extract.extractor import extract_page
from scraper.extract.plain_text import extract_plain_text


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages that one worker reads one after the other."""

    captures: tuple[Capture, ...]
    filters: Filters
    keep_pages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCapture:
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


def read_captures(batch: Batch) -> tuple[ReadCapture, ...]:
    """One entry a page, in order; nothing a page can hold makes it raise."""
    return tuple(_read(capture, batch) for capture in batch.captures)


def _read(capture: Capture, batch: Batch) -> ReadCapture:
    try:
        unwanted = find_unlike(capture, batch.filters)
        if unwanted is not None:
            return ReadCapture(unwanted=unwanted)
        article = _extract(capture)
        unwanted = find_unfit(capture, article, batch.filters)
        if unwanted is not None:
            return ReadCapture(unwanted=unwanted)
        packed = pack_page(capture.page) if batch.keep_pages else None
        return ReadCapture(rows=build_rows(article), packed=packed)
    except ExtractionError as error:
        return ReadCapture(unwanted="not a page", message=str(error))
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        message = " ".join(str(error).split()) or "no further word"
        return ReadCapture(error=type(error).__name__, message=message)


def _extract(capture: Capture) -> Article:
    page = capture.page
    if not capture.is_text:
        return extract_page(page)
    text, _ = decode_html(page.body, page.content_type)
    return extract_plain_text(text, url=page.url or None)
