"""What became of a URL, and the row of the request for it."""

from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.sources import note_change_date
from scraper.page import Page

SaveOutcome = Literal[
    "new", "changed", "unchanged", "suspect", "not_modified", "index", "skipped", "failed"
]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What became of a URL.

    Attributes:
        added: URLs that are new in the frontier because of it.
        stage: Where it failed; empty when it did not.
    """

    outcome: SaveOutcome
    added: int = 0
    stage: str = ""
    error: str = ""
    message: str = ""


def record_answer(db: Database, request: CrawlRequest, page: Page, error: str | None) -> None:
    """Write the row of a request that was answered; `error` is what was wrong with the answer."""
    record_fetch(
        db,
        FetchRecord(
            url_id=request.url.id,
            source_id=request.plan.id,
            crawl_id=request.crawl_id,
            fetched_at=page.fetched_at,
            status=page.status,
            bytes=page.transferred_bytes,
            elapsed_ms=page.elapsed_ms,
            error=error,
        ),
    )


def note_dated_change(db: Database, request: CrawlRequest, *, was_right: bool) -> None:
    """Count whether a date of change was right that came after the last look at a story."""
    changed_at, last = request.url.lastmod, request.url.last_fetched_at
    if request.url.kind == "article" and changed_at and last and changed_at > last:
        note_change_date(db, request.plan.id, was_right=was_right)
