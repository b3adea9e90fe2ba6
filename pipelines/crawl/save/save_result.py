"""What is written when a page was dealt with: everything about one URL in one transaction.

Killed at any moment, a crawl leaves a URL either as if it had never been asked for, its lease
apart, or wholly dealt with: its article, what was found on it and its next turn together.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import Reading
from pipelines.crawl.save.later_page import leave_to_first_page
from pipelines.crawl.save.new_urls import find_new_urls
from pipelines.crawl.schedule.plan import Turn
from pipelines.schedule import first_revisit_at, next_revisit_at, retry_at
from pipelines.store.articles.articles import save_articles, touch_article
from pipelines.store.articles.rows import COLUMNS, ArticleToSave
from pipelines.store.articles.url_variants import find_main_version, is_covered, save_variant
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.frontier import (
    add_urls,
    count_sitemaps,
    mark_covered,
    mark_done,
    mark_failed,
)
from pipelines.store.crawl.hosts import record_host_failure
from pipelines.store.crawl.site_blocks import add_site_blocks, site_of
from pipelines.store.crawl.sources import record_success
from pipelines.store.database.times import parse_utc
from pipelines.store.pages.raw_pages import save_page
from scraper.discover.urls import canonical_variant, is_variant
from scraper.errors import FetchError, RobotsError, StatusError
from scraper.extract.extractor import EXTRACTOR_VERSION
from scraper.page import Page

Result = Literal["new", "changed", "unchanged", "not_modified", "index", "skipped", "failed"]

_GONE: Final = frozenset({404, 410})
_PUBLISHED_AT: Final = COLUMNS.index("published_at")
_ROBOTS_AGAIN: Final = timedelta(days=7)
_LOOK_AGAIN_FOR_ARTICLE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a URL.

    Attributes:
        added: URLs that are new in the frontier because of it.
        stage: Where it failed; None when it did not.
    """

    result: Result
    added: int = 0
    stage: str | None = None
    error: str = ""
    message: str = ""


def save_not_modified(db: Database, turn: Turn, page: Page) -> Handled:
    """A page that is what it was: nothing but its next turn changes."""
    now = datetime.now(UTC)
    _record_answer(db, turn, page, None)
    is_article = turn.url.kind == "article"
    if is_article:
        touch_article(db, turn.url.url, page.fetched_at)
    else:
        record_success(db, turn.plan.id)
    last = parse_utc(turn.url.last_fetched_at)
    mark_done(
        db,
        turn.url.id,
        next_fetch_at=next_revisit_at(last, now) if is_article else None,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
    )
    return Handled("not_modified")


def save_reading(db: Database, turn: Turn, page: Page, reading: Reading) -> Handled:
    """A page that was fetched and read: its article, what it leads to, or what was wrong."""
    if reading.stage is not None:
        return _save_unreadable(db, turn, page, reading)
    _record_answer(db, turn, page, None)
    if is_covered(db, turn.url.id):  # meanwhile read as a further page of another
        return Handled("unchanged")
    now = datetime.now(UTC)
    if reading.rows is not None:
        queued = leave_to_first_page(db, turn, page, reading)
        if queued is not None:
            return Handled("index", queued)
    known = count_sitemaps(db, turn.plan.id) if reading.sitemaps else 0
    found = find_new_urls(turn.url, turn.plan, page, reading, known_sitemaps=known)
    added = add_urls(db, turn.plan.id, found)
    again = None
    handled = Handled("index", added)
    if reading.rows is not None:
        handled, again = _save_article(db, turn, page, reading)
    elif turn.url.kind == "article":
        again = now + _LOOK_AGAIN_FOR_ARTICLE if added else None
        handled = Handled("skipped", added, None, "NoArticle", "there is no article on this page")
        save_failure(
            db,
            turn.url.url,
            "extract",
            "NoArticle",
            f"no article was found on this page (confidence {reading.confidence:.2f})",
            crawl_id=turn.crawl_id,
        )
    else:
        record_success(db, turn.plan.id)
    # Without validators the next visit brings the page again, and with it the article's further
    # pages: they may have changed while this one did not, or be had by then.
    has_more = reading.joined_urls or reading.missing_page is not None
    headers = {} if has_more else page.headers
    mark_done(
        db,
        turn.url.id,
        next_fetch_at=again,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )
    return handled


def save_fetch_error(db: Database, turn: Turn, error: FetchError) -> Handled:
    """A page that could not be fetched: when to try again, and why it failed."""
    status = error.status if isinstance(error, StatusError) else None
    retry_after = error.retry_after_seconds if isinstance(error, StatusError) else None
    message = " ".join(str(error).split())
    name = type(error).__name__
    now = datetime.now(UTC)
    record_fetch(
        db,
        FetchRecord(
            url_id=turn.url.id,
            source_id=turn.plan.id,
            crawl_id=turn.crawl_id,
            status=status,
            error=message,
        ),
    )
    save_failure(db, turn.url.url, "fetch", name, message, crawl_id=turn.crawl_id)
    if isinstance(error, RobotsError):
        mark_failed(db, turn.url.id, message, now + _ROBOTS_AGAIN)
        return Handled("skipped", 0, None, name, message)
    mark_failed(
        db,
        turn.url.id,
        message,
        retry_at(turn.url.attempts, now, retry_after) if is_passing(error) else None,
        gone=status in _GONE,
    )
    return Handled("failed", 0, "fetch", name, message)


def save_lost(db: Database, turn: Turn, page: Page, message: str) -> Handled:
    """A page whose reading killed a worker or never ended."""
    reading = Reading(kind=turn.url.kind, stage="extract", error="WorkerLostError", message=message)
    return _save_unreadable(db, turn, page, reading)


def save_host_failure(db: Database, host: str, error: str, seconds: float | None) -> float:
    """A host that does not answer, or asks to be left alone; for how many seconds it is."""
    now = datetime.now(UTC)
    state = record_host_failure(db, host, error, at=now, retry_after_seconds=seconds)
    until = state.backoff_until or now
    return (until - now).total_seconds()


def is_passing(error: FetchError) -> bool:
    """Whether trying again later may help: not where the site has said what there is to say."""
    if isinstance(error, StatusError):
        return error.status >= 500 or error.status in {401, 403, 408, 425, 429}
    return True


def _record_answer(db: Database, turn: Turn, page: Page, error: str | None) -> None:
    record_fetch(
        db,
        FetchRecord(
            url_id=turn.url.id,
            source_id=turn.plan.id,
            crawl_id=turn.crawl_id,
            fetched_at=page.fetched_at,
            status=page.status,
            bytes=page.transferred_bytes,
            elapsed_ms=page.elapsed_ms,
            error=error,
        ),
    )


def _save_unreadable(db: Database, turn: Turn, page: Page, reading: Reading) -> Handled:
    stage = reading.stage or "extract"
    _record_answer(db, turn, page, reading.message)
    save_failure(db, turn.url.url, stage, reading.error, reading.message, crawl_id=turn.crawl_id)
    mark_failed(
        db,
        turn.url.id,
        reading.message,
        retry_at(turn.url.attempts + 2, datetime.now(UTC), None),
    )
    return Handled("failed", 0, stage, reading.error, reading.message)


def _save_article(
    db: Database, turn: Turn, page: Page, reading: Reading
) -> tuple[Handled, datetime | None]:
    rows = reading.rows
    assert rows is not None  # noqa: S101 - the caller has looked
    meeting_url = canonical_variant(rows.url)
    if meeting_url is not None and is_variant(rows.url):
        main = find_main_version(db, meeting_url, turn.url.id)
        if main is not None:
            save_variant(db, main, turn.url.url, page.fetched_at)
            return Handled("unchanged"), None
    page_hash = (
        None if reading.packed is None else save_page(db, reading.packed, source_id=turn.plan.id)
    )
    item = ArticleToSave(
        rows=rows,
        source_id=turn.plan.id,
        page_hash=page_hash,
        later_page_hashes=tuple(
            save_page(db, packed, source_id=turn.plan.id) for packed in reading.packed_later
        ),
        later_urls=reading.joined_urls,
        # Joined, it is newer than one of its further pages that was stored by itself meanwhile.
        seen_at=datetime.now(UTC) if reading.joined_urls else page.fetched_at,
        extractor_version=EXTRACTOR_VERSION,
        aliases=_other_urls(turn, page, reading, meeting_url),
    )
    saved = save_articles(db, [item])[0]
    if saved is None:
        message = "the database cannot hold this article; `failures` says why"
        return Handled("failed", 0, "store", "StoreError", message), None
    mark_covered(db, turn.plan.id, reading.joined_urls)
    if reading.missing_page is not None:
        save_failure(db, reading.missing_page[0], "fetch", *reading.missing_page[1:],
                     crawl_id=turn.crawl_id)  # fmt: skip
    if saved.status == "new" and (site := site_of(page.url)):
        add_site_blocks(db, site, reading.fingerprints)
    now = datetime.now(UTC)
    last = parse_utc(turn.url.last_fetched_at)
    if saved.status == "unchanged" and last is not None:
        again = next_revisit_at(last, now)
    elif saved.status == "changed":
        again = first_revisit_at(now.isoformat(), now)
    else:
        again = first_revisit_at(rows.values[_PUBLISHED_AT], now)
    return Handled(saved.status), again


def _other_urls(
    turn: Turn, page: Page, reading: Reading, meeting_url: str | None
) -> tuple[str, ...]:
    """Under which URLs an article is known beside its own: what led to it, where versions meet."""
    urls = (*page.redirects, turn.url.url, meeting_url, *reading.joined_urls)
    own = reading.rows.url if reading.rows is not None else None
    return tuple(url for url in dict.fromkeys(urls) if url is not None and url != own)
