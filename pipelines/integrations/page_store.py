"""Pages that another program fetched, read and stored a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from pipelines.page.is_article import is_article
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
class PageOutcome:
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
class _ParsedPage:
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
) -> list[PageOutcome]:
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
    parsed_pages = [_read(page, source_id) for page in pages]
    with transaction(db):
        items = [
            _with_page(db, parsed, keep_pages=keep_pages) for parsed in parsed_pages if parsed.item
        ]
        saved = iter(save_articles(db, items))
        return [_settle(db, parsed, saved) for parsed in parsed_pages]


def _read(page: Page, source_id: int | None) -> _ParsedPage:
    if not 200 <= page.status < 300:
        message = f"the server answered {page.status}"
        return _ParsedPage(
            page, outcome="status", stage="fetch", error="StatusError", message=message
        )
    try:
        article = extract_page(page)
        if not is_article(page, article):
            message = f"no article was found on this page (confidence {article.confidence:.2f})"
            return _ParsedPage(page, outcome="no_article", error="NoArticle", message=message)
        item = ArticleToSave(
            rows=build_rows(article),
            source_id=source_id,
            seen_at=page.fetched_at,
            extractor_version=EXTRACTOR_VERSION,
            aliases=page.redirects,
        )
    except ExtractionError as error:
        return _ParsedPage(page, outcome="error", error=type(error).__name__, message=str(error))
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        message = " ".join(str(error).split()) or "no further word"
        return _ParsedPage(page, outcome="error", error=type(error).__name__, message=message)
    return _ParsedPage(page, item=item, record=article.to_dict())


def _with_page(db: Database, parsed: _ParsedPage, *, keep_pages: bool) -> ArticleToSave:
    item = parsed.item
    assert item is not None  # noqa: S101 - only pages with an article come here
    if not keep_pages:
        return item
    packed = pack_page(parsed.page)
    return replace(item, page_hash=save_page(db, packed, source_id=item.source_id))


def _settle(db: Database, parsed: _ParsedPage, saved: Iterator[SavedArticle | None]) -> PageOutcome:
    if parsed.item is None:
        save_failure(db, parsed.page.url, parsed.stage, parsed.error, parsed.message)
        return PageOutcome(parsed.outcome, message=parsed.message)
    article = next(saved)
    if article is None:  # the store has made a row of it
        return PageOutcome("not_stored", message="the database cannot hold this article")
    return PageOutcome(article.status, record=parsed.record)
