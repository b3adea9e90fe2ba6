"""Pages that another program fetched, read and stored a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from sqlite_utils import Database

from pipelines.errors import WorkerLostError, describe_error
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS, read_apart
from pipelines.page.read_page import ReadResult, read_page, with_rows
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleRows, ArticleToSave
from pipelines.store.articles.write import SavedArticle, SaveStatus
from pipelines.store.crawl.failures import save_failure
from pipelines.store.database.database import transaction
from pipelines.store.pages.raw_pages import save_page
from scraper.extract.extractor import EXTRACTOR_VERSION
from scraper.page import Page

Outcome = SaveStatus | Literal["status", "no_article", "error", "not_stored"]


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page.

    Attributes:
        outcome: ``new``, ``changed`` or ``unchanged``; else why there is no article: ``status``,
            ``no_article``, ``error``, ``not_stored``.
        record: Its article; None when none was stored.
        message: What is wrong, for people; empty when nothing is.
    """

    outcome: Outcome
    record: dict[str, Any] | None = None
    message: str = ""


def store_pages(
    db: Database, pages: Sequence[Page], *, source_id: int | None = None, keep_pages: bool = False
) -> list[PageOutcome]:
    """Read pages and store their articles in one transaction; one entry a page, in order.

    A page without an article, or that cannot be read, is a row in `failures`; so is one that takes
    longer than a minute, or more memory than a page may have.

    Args:
        db: An open database.
        pages: As they came in.
        source_id: The source they are filed under.
        keep_pages: Whether the raw pages are stored too; those without an article never are.

    Raises:
        StoreError: The database cannot be written; nothing of these pages is stored.

    Example:
        >>> from pipelines.store.database.database import open_database
        >>> page = Page(url="https://example.org/a", body=b"<p>Share this")
        >>> store_pages(open_database(":memory:"), [page])[0].outcome
        'no_article'
    """
    results = [_read(page, keep_pages=keep_pages) for page in pages]
    with transaction(db):
        items = [
            _to_save(db, read, rows, source_id)
            for read in results
            if read is not None and (rows := read.rows) is not None
        ]
        saved = iter(save_articles(db, items))
        return [_settle(db, page, read, saved) for page, read in zip(pages, results, strict=True)]


def _read(page: Page, *, keep_pages: bool) -> ReadResult | None:
    """What is on a page; None when the server's status says that it is not the one asked for."""
    if not 200 <= page.status < 300:
        return None
    try:
        return read_apart(_read_rows, (page, keep_pages), page_timeout_seconds=PAGE_TIMEOUT_SECONDS)
    except (WorkerLostError, MemoryError) as error:
        name, message = describe_error(error)
        return ReadResult(kind="error", pages=(page,), error=name, message=message)


def _read_rows(task: tuple[Page, bool]) -> ReadResult:
    page, keep_pages = task
    return with_rows(read_page(page), keep_pages=keep_pages)


def _to_save(
    db: Database, read: ReadResult, rows: ArticleRows, source_id: int | None
) -> ArticleToSave:
    page = read.pages[0]
    return ArticleToSave(
        rows=rows,
        source_id=source_id,
        page_hash=save_page(db, read.packed, source_id=source_id) if read.packed else None,
        seen_at=page.fetched_at,
        extractor_version=EXTRACTOR_VERSION,
        aliases=page.redirects,
    )


def _settle(
    db: Database, page: Page, read: ReadResult | None, saved: Iterator[SavedArticle | None]
) -> PageOutcome:
    if read is None:
        message = f"the server answered {page.status}"
        save_failure(db, page.url, "fetch", "StatusError", message)
        return PageOutcome("status", message=message)
    match read.kind:
        case "article":
            article = next(saved)
            if article is None:  # the store has made a row of it
                return PageOutcome("not_stored", message="the database cannot hold this article")
            return PageOutcome(article.status, record=read.record)
        case "no_article":
            outcome: Outcome = "no_article"
        case "not_a_page" | "error":
            outcome = "error"
        case _:
            assert_never(read.kind)
    save_failure(db, page.url, "extract", read.error, read.message)
    return PageOutcome(outcome, message=read.message)
