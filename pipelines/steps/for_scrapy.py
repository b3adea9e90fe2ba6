"""An item pipeline for Scrapy: pages that a spider yields become articles in winnow's database.

    ITEM_PIPELINES = {"pipelines.steps.for_scrapy.ArticlePipeline": 300}
    WINNOW_DB = "data/articles.db"

A spider yields `page_item(response)`. What goes on to later pipelines and feeds is the record of
the article, a dict; a page without one is dropped, with a row in the table `failures`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.defer import maybe_deferred_to_future
from sqlite_utils import Database
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from pipelines.article_check import has_article
from pipelines.errors import PipelineError
from pipelines.store.article_rows import ArticleToSave, build_rows
from pipelines.store.articles import save_articles
from pipelines.store.database import open_database, transaction
from pipelines.store.failures import save_failure
from pipelines.store.packing import pack_page
from pipelines.store.pages import save_page
from pipelines.store.sources import save_source
from scraper.errors import ScraperError
from scraper.extract.extractor import EXTRACTOR_VERSION, extract_page
from scraper.page import Page

T = TypeVar("T")

_DEFAULT_DB: Final = "data/articles.db"


@dataclass(frozen=True, slots=True)
class PageItem:
    """What a spider yields: a page to read."""

    page: Page


def page_item(response: Any) -> PageItem:
    """The item of a Scrapy response, body as it came after decompression."""
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    redirects = tuple(response.request.meta.get("redirect_urls", ())) if response.request else ()
    return PageItem(
        Page(
            url=response.url,
            body=response.body,
            status=response.status,
            headers=headers,
            redirects=redirects,
            fetched_at=datetime.now(UTC),
        )
    )


class ArticlePipeline:
    """Reads `PageItem`s and stores their articles; other items pass as they are.

    Reading and writing are done in a thread of their own, one page at a time, so that requests go
    on meanwhile. Each article is one transaction: a spider that is killed leaves whole articles.

    Settings: ``WINNOW_DB`` (a path), ``WINNOW_SOURCE`` (the name that articles are filed under;
    the spider's without one), ``WINNOW_KEEP_PAGES`` (raw pages are kept for `winnow reextract`).
    """

    def __init__(self, db_path: Path, source: str, *, keep_pages: bool) -> None:
        self._db_path = db_path
        self._source = source
        self._keep_pages = keep_pages
        self._threads = ThreadPool(1, 1, name="winnow")
        self._db: Database | None = None
        self._source_id: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """As Scrapy makes its components.

        Raises:
            NotConfigured: The database cannot be opened; Scrapy says so and leaves this out.
        """
        settings = crawler.settings
        pipeline = cls(
            Path(settings.get("WINNOW_DB", _DEFAULT_DB)),
            settings.get("WINNOW_SOURCE") or crawler.spider.name,
            keep_pages=settings.getbool("WINNOW_KEEP_PAGES", False),
        )
        try:
            open_database(pipeline._db_path).close()
        except PipelineError as error:
            raise NotConfigured(str(error)) from error
        return pipeline

    async def open_spider(self) -> None:
        """Open the database in the thread that will use it."""
        self._threads.start()
        await self._in_thread(self._open)

    async def close_spider(self) -> None:
        """Close the database."""
        await self._in_thread(self._close)
        self._threads.stop()

    async def process_item(self, item: Any) -> Any:
        """The record of a page's article.

        Raises:
            DropItem: There is no article on it, or it cannot be stored; `failures` says why.
        """
        if not isinstance(item, PageItem):
            return item
        return await self._in_thread(lambda: self._read_and_save(item.page))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it decides which one it is

        deferred = deferToThreadPool(reactor, self._threads, work)
        result: T = await maybe_deferred_to_future(deferred)
        return result

    def _open(self) -> None:
        self._db = open_database(self._db_path)
        self._source_id = save_source(self._db, self._source, kind="archive")

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()

    def _read_and_save(self, page: Page) -> dict[str, Any]:
        db = self._db
        assert db is not None  # noqa: S101 - opened with the spider
        try:
            article = extract_page(page)
        except ScraperError as error:
            save_failure(db, page.url, "extract", type(error).__name__, str(error))
            raise DropItem(f"{page.url}: {error}") from error
        if not has_article(page, article):
            message = f"no article was found on this page (confidence {article.confidence:.2f})"
            save_failure(db, page.url, "extract", "NoArticle", message)
            raise DropItem(f"{page.url}: {message}")
        with transaction(db):
            packed = pack_page(page) if self._keep_pages else None
            item = ArticleToSave(
                rows=build_rows(article),
                source_id=self._source_id,
                page_hash=save_page(db, packed, source_id=self._source_id) if packed else None,
                seen_at=page.fetched_at,
                extractor_version=EXTRACTOR_VERSION,
                aliases=page.redirects,
            )
            (saved,) = save_articles(db, [item])
        if saved is None:
            raise DropItem(f"{page.url}: the database cannot hold this article")
        return article.to_dict()
