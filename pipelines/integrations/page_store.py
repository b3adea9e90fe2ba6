"""Pages that another program fetched, read and stored a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from pipelines.is_article import has_article
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.articles.write import SavedArticle
from pipelines.store.crawl.failures import save_failure
from pipelines.store.database.database import transaction
from pipelines.store.pages.packing import pack_page
from pipelines.store.pages.raw_pages import save_page
from scraper.errors import ExtractionError
from scraper.extract.extractor import EXTRACTOR_VERSION, extract_page
from scraper.page import Page


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What became of a page.

    Attributes:
        outcome: ``new``, ``changed`` or ``unchanged``; else why there is no article: ``status``,
            ``no_article``, ``error``, ``not_stored``.
        record: Its article; None when none was stored.
        message: What is wrong, for people; empty when nothing is.
    """

    outcome: str
    record: dict[str, Any] | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page with its article made ready, or with what stands in the way."""

    page: Page
    item: ArticleToSave | None = None
    record: dict[str, Any] | None = None
    outcome: str = ""
    stage: str = "extract"
    error: str = ""
    message: str = ""


def store_pages(
    db: Database, pages: Sequence[Page], *, source_id: int | None = None, keep_pages: bool = False
) -> list[StoredPage]:
    """Read pages and store their articles in one transaction; one entry a page, in order.

    A page without an article, or that cannot be read, is a row in `failures`.

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
    readings = [_read(page, source_id) for page in pages]
    with transaction(db):
        items = [
            _with_page(db, reading, keep_pages=keep_pages) for reading in readings if reading.item
        ]
        saved = iter(save_articles(db, items))
        return [_settle(db, reading, saved) for reading in readings]


def _read(page: Page, source_id: int | None) -> _Reading:
    if not 200 <= page.status < 300:
        message = f"the server answered {page.status}"
        return _Reading(page, outcome="status", stage="fetch", error="StatusError", message=message)
    try:
        article = extract_page(page)
        if not has_article(page, article):
            message = f"no article was found on this page (confidence {article.confidence:.2f})"
            return _Reading(page, outcome="no_article", error="NoArticle", message=message)
        item = ArticleToSave(
            rows=build_rows(article),
            source_id=source_id,
            seen_at=page.fetched_at,
            extractor_version=EXTRACTOR_VERSION,
            aliases=page.redirects,
        )
    except ExtractionError as error:
        return _Reading(page, outcome="error", error=type(error).__name__, message=str(error))
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        message = " ".join(str(error).split()) or "no further word"
        return _Reading(page, outcome="error", error=type(error).__name__, message=message)
    return _Reading(page, item=item, record=article.to_dict())


def _with_page(db: Database, reading: _Reading, *, keep_pages: bool) -> ArticleToSave:
    item = reading.item
    assert item is not None  # noqa: S101 - only pages with an article come here
    if not keep_pages:
        return item
    packed = pack_page(reading.page)
    return replace(item, page_hash=save_page(db, packed, source_id=item.source_id))


def _settle(db: Database, reading: _Reading, saved: Iterator[SavedArticle | None]) -> StoredPage:
    if reading.item is None:
        save_failure(db, reading.page.url, reading.stage, reading.error, reading.message)
        return StoredPage(reading.outcome, message=reading.message)
    article = next(saved)
    if article is None:  # the store has made a row of it
        return StoredPage("not_stored", message="the database cannot hold this article")
    return StoredPage(article.status, record=reading.record)
