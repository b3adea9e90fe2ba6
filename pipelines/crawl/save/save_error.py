"""What is written when a page could not be had or not be read, and when it is asked for again."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.save.save_outcome import SaveResult, record_answer
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.schedule import look_again_at, retry_at
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.frontier.urls import is_listed_since, mark_failed
from scraper.backoff import is_host_failure
from scraper.errors import (
    ContentTypeError,
    FetchError,
    HostBackingOffError,
    RobotsError,
    StatusError,
)
from scraper.page import Page

_GONE: Final = frozenset({404, 410})
_ROBOTS_AGAIN: Final = timedelta(days=7)
_MOST_LOOKS: Final = 10  # over a month: what is not there by then never will be
_MOST_OF_A_HOST: Final = 4  # the longest wait is a day then, and the address is never given up
_LISTED_FOR: Final = timedelta(days=45)
"""Lists that did not change are not read again, so that what they name is not seen each time."""


def save_fetch_error(db: Database, request: CrawlRequest, error: FetchError) -> SaveResult:
    """A page that could not be fetched: when to try again, and why it failed."""
    status = error.status if isinstance(error, StatusError) else None
    retry_after = (
        error.retry_after_seconds
        if isinstance(error, StatusError | HostBackingOffError)  # of a host it redirects to
        else None
    )
    message = " ".join(str(error).split())
    name = type(error).__name__
    now = datetime.now(UTC)
    record_fetch(
        db,
        FetchRecord(
            url_id=request.url.id,
            source_id=request.plan.id,
            crawl_id=request.crawl_id,
            status=status,
            error=message,
        ),
    )
    save_failure(db, request.url.url, "fetch", name, message, crawl_id=request.crawl_id)
    if isinstance(error, RobotsError):
        mark_failed(db, request.url.id, message, now + _ROBOTS_AGAIN)
        return SaveResult("skipped")
    again = _retry_at(db, request, error, retry_after)
    mark_failed(db, request.url.id, message, again, gone=status in _GONE and again is None)
    return SaveResult("failed", 0, "fetch", name, message)


def save_lost(db: Database, request: CrawlRequest, page: Page, message: str) -> SaveResult:
    """A page that killed the worker that parsed it, or never ended."""
    parsed = ParseResult(
        kind=request.url.kind, stage="extract", error="WorkerLostError", message=message
    )
    return save_unreadable(db, request, page, parsed)


def save_unreadable(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult
) -> SaveResult:
    """A page that was had and could not be read: asked for again a few times, and why."""
    stage = parsed.stage or "extract"
    record_answer(db, request, page, parsed.message)
    save_failure(
        db, request.url.url, stage, parsed.error, parsed.message, crawl_id=request.crawl_id
    )
    mark_failed(
        db,
        request.url.id,
        parsed.message,
        retry_at(request.url.attempts + 2, datetime.now(UTC), None),
    )
    return SaveResult("failed", 0, stage, parsed.error, parsed.message)


def is_passing(error: FetchError) -> bool:
    """Whether trying again later may help: not where the site has said what there is to say."""
    if isinstance(error, StatusError):
        return error.status >= 500 or error.status in {401, 403, 408, 425, 429}
    return True


def again_while_listed(db: Database, request: CrawlRequest) -> datetime | None:
    """When to look again for an article that was not there; None when nobody names it any more."""
    now = datetime.now(UTC)
    if request.url.attempts > _MOST_LOOKS or not is_listed_since(
        db, request.url.id, now - _LISTED_FOR
    ):
        return None
    return look_again_at(request.url.attempts, now)


def _retry_at(
    db: Database, request: CrawlRequest, error: FetchError, retry_after: float | None
) -> datetime | None:
    """When to ask again after a failure; None for what will not become a page, such as a film."""
    if isinstance(error, ContentTypeError):
        return None
    again = None
    if is_passing(error):
        # What is the host's fault says nothing of the page: it comes when the host does.
        tries = request.url.attempts
        tries = min(tries, _MOST_OF_A_HOST) if is_host_failure(error) else tries
        again = retry_at(tries, datetime.now(UTC), retry_after)
    return again or again_while_listed(db, request)
