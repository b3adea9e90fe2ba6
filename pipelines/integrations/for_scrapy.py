"""An item pipeline for Scrapy: pages that a spider yields become articles in winnow's database.

    ITEM_PIPELINES = {"pipelines.integrations.for_scrapy.ArticlePipeline": 300}
    WINNOW_DB = "data/articles.db"

A spider yields its responses. What goes on to later pipelines and feeds is the record of the
article, a dict; a page without one is dropped, with a row in the table `failures`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from sqlite_utils import Database
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from pipelines.errors import PipelineError
from pipelines.integrations.page_store import PageOutcome, store_pages
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from scraper.page import Page

_UTF_8: Final = {"content-type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """The settings of a Scrapy project that this pipeline knows.

    Attributes:
        db_path: ``WINNOW_DB``: the database; ``data/articles.db`` without it.
        source: ``WINNOW_SOURCE``: the name that articles are filed under; the spider's without it.
        keep_pages: ``WINNOW_KEEP_PAGES``: whether raw pages are stored, for `winnow reextract`.
        html_field: ``WINNOW_HTML_FIELD``: the field of items that holds a page, beside the field
            ``url``; without it items are left as they are and only responses are read.
        batch_pages: ``WINNOW_BATCH_PAGES``: the most articles of one transaction; 16 without it.
    """

    db_path: Path
    source: str
    keep_pages: bool = False
    html_field: str | None = None
    batch_pages: int = 16

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """What the settings of a crawl say.

        Raises:
            NotConfigured: One of them cannot be meant.
        """
        settings = crawler.settings
        try:
            return cls(
                db_path=Path(settings.get("WINNOW_DB", "data/articles.db")),
                source=settings.get("WINNOW_SOURCE") or crawler.spider.name,
                keep_pages=settings.getbool("WINNOW_KEEP_PAGES", False),
                html_field=settings.get("WINNOW_HTML_FIELD") or None,
                batch_pages=max(1, settings.getint("WINNOW_BATCH_PAGES", 16)),
            )
        except ValueError as error:
            raise NotConfigured(f"a setting WINNOW_…: {error}") from error


def page_of_response(response: Response) -> Page:
    """The page of a Scrapy response, its body as it came after decompression."""
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    return Page(
        url=response.url,
        body=response.body,
        status=response.status,
        headers=headers,
        redirects=tuple(response.request.meta.get("redirect_urls", ())) if response.request else (),
        fetched_at=datetime.now(UTC),
    )


class ArticlePipeline:
    """Reads the pages of responses and stores their articles; other items pass as they are.

    Reading and writing are done in a thread of their own, so that requests go on meanwhile. All
    pages that wait when the thread becomes free are one transaction, and an item goes on once it
    is stored: a spider that is killed leaves whole articles, and has told of none that is lost.

    The settings are those of `PipelineSettings`. Scrapy's statistics count ``winnow/new``,
    ``winnow/changed``, ``winnow/unchanged`` and, of pages without an article, why.
    """

    def __init__(self, settings: PipelineSettings, count: Callable[[str], None]) -> None:
        self._settings = settings
        self._count = count
        self._threads = ThreadPool(1, 1, name="winnow")
        self._waiting: deque[tuple[Page, Deferred[PageOutcome]]] = deque()
        self._is_busy = False
        self._db: Database | None = None
        self._source_id: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """As Scrapy makes its components.

        Raises:
            NotConfigured: The database cannot be opened, or a setting is wrong; Scrapy says so
                and leaves this out.
        """
        settings = PipelineSettings.from_crawler(crawler)
        try:
            open_database(settings.db_path).close()
        except PipelineError as error:
            raise NotConfigured(str(error)) from error
        return cls(settings, crawler.stats.inc_value)

    async def open_spider(self) -> None:
        """Open the database in the thread that will use it."""
        self._threads.start()
        await maybe_deferred_to_future(self._in_thread(self._open))

    async def close_spider(self) -> None:
        """Close the database; Scrapy calls this when no item is under way any more."""
        await maybe_deferred_to_future(self._in_thread(self._close))
        self._threads.stop()

    async def process_item(self, item: Any) -> Any:
        """The record of a page's article, with the other fields of an item that had the page.

        Raises:
            DropItem: There is no article on it, or it cannot be stored; `failures` says why.
            StoreError: The database cannot be written.
        """
        page, others = self._page_of(item)
        if page is None:
            return item
        done: Deferred[PageOutcome] = Deferred()
        self._waiting.append((page, done))
        self._store_waiting()
        stored = await maybe_deferred_to_future(done)
        self._count(f"winnow/{stored.outcome}")
        if stored.record is None:
            raise DropItem(f"{page.url}: {stored.message}")
        return {**others, **stored.record}

    def _page_of(self, item: Any) -> tuple[Page | None, dict[str, Any]]:
        if isinstance(item, Response):
            return page_of_response(item), {}
        field = self._settings.html_field
        if field is None or not ItemAdapter.is_item(item):
            return None, {}
        others = dict(ItemAdapter(item))
        html, url = others.pop(field, None), others.get("url")
        if not html or not url:
            return None, {}
        headers = {}
        if isinstance(html, str):
            html, headers = html.encode("utf-8", "replace"), _UTF_8
        return Page(url=url, body=html, headers=headers, fetched_at=datetime.now(UTC)), others

    def _store_waiting(self) -> None:
        """Hand the thread what waits, unless it is at work: then its end does."""
        if self._is_busy or not self._waiting:
            return
        self._is_busy = True
        count = min(len(self._waiting), self._settings.batch_pages)
        batch = [self._waiting.popleft() for _ in range(count)]
        work = self._in_thread(lambda: self._store([page for page, _ in batch]))
        work.addBoth(self._tell, [done for _, done in batch])

    def _tell(self, outcome: Any, waiting: list[Deferred[PageOutcome]]) -> None:
        self._is_busy = False
        for number, done in enumerate(waiting):
            if isinstance(outcome, list):
                done.callback(outcome[number])
            else:
                done.errback(outcome)  # a Failure: nothing of the batch is stored
        self._store_waiting()

    def _in_thread(self, work: Callable[[], Any]) -> Deferred[Any]:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it decides which one it is

        deferred: Deferred[Any] = deferToThreadPool(reactor, self._threads, work)
        return deferred

    def _open(self) -> None:
        self._db = open_database(self._settings.db_path)
        self._source_id = save_source(self._db, self._settings.source, kind="archive")

    def _store(self, pages: list[Page]) -> list[PageOutcome]:
        assert self._db is not None  # noqa: S101 - opened with the spider
        return store_pages(
            self._db, pages, source_id=self._source_id, keep_pages=self._settings.keep_pages
        )

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
