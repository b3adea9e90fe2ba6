"""What is written when a page holds a story that is believed."""

from datetime import UTC, datetime
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.judge.facts import CUT_SHORT
from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.save.save_outcome import SaveResult, note_dated_change
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.schedule import (
    first_revisit_at,
    look_again_at,
    next_revisit_at,
)
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.identity.url_variants import find_main_version, save_variant
from pipelines.store.articles.rows import COLUMNS, ArticleRows, ArticleToSave
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.site_blocks import add_site_blocks
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.urls import ask_twin, mark_covered, mark_done, mark_waiting
from pipelines.store.pages.raw_pages import save_page
from scraper.extract.extractor import EXTRACTOR_VERSION
from scraper.page import Page
from scraper.urls.normal_urls import canonical_variant, is_variant
from scraper.urls.related_urls import is_same_address
from scraper.urls.web_urls import site_of

_PUBLISHED_AT: Final = COLUMNS.index("published_at")


def save_story(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult, *, replaces: bool
) -> SaveResult:
    """A story, new or in another version, and when it is to be looked at again.

    Args:
        db: The database.
        request: What was asked.
        page: The answer.
        parsed: With the story's rows.
        replaces: Whether it takes the place of a version that was believed too soon.
    """
    assert parsed.rows is not None  # noqa: S101 - the caller has looked
    outside = _outside_dates(request, parsed.rows)
    if outside is not None:
        return _leave_out(db, request, outside)
    result, again = _store(db, request, page, parsed, replaces=replaces)
    # Without validators the next request brings the page again, and with it the article's further
    # pages: they may have changed while this one did not, or be had by then.
    has_more = parsed.joined_urls or parsed.missing_page is not None
    headers = {} if has_more else page.headers
    if page.is_cut_short:
        again = look_again_at(request.url.attempts, datetime.now(UTC))
        mark_waiting(db, request.url.id, CUT_SHORT, again)
        return result
    mark_done(
        db,
        request.url.id,
        next_fetch_at=again,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )
    return result


def _store(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult, *, replaces: bool
) -> tuple[SaveResult, datetime | None]:
    rows = parsed.rows
    assert rows is not None  # noqa: S101 - the caller has looked
    meeting_url = canonical_variant(rows.url)
    if meeting_url is not None and is_variant(rows.url):
        main = find_main_version(db, meeting_url, request.url.id)
        if main is not None:
            save_variant(db, main, request.url.url, page.fetched_at)
            return SaveResult("unchanged"), None
    page_hash = (
        None if parsed.packed is None else save_page(db, parsed.packed, source_id=request.plan.id)
    )
    item = ArticleToSave(
        rows=rows,
        source_id=request.plan.id,
        page_hash=page_hash,
        later_page_hashes=tuple(
            save_page(db, packed, source_id=request.plan.id) for packed in parsed.packed_later
        ),
        later_urls=parsed.joined_urls,
        # Joined, it is newer than one of its further pages that was stored by itself meanwhile.
        seen_at=datetime.now(UTC) if parsed.joined_urls else page.fetched_at,
        extractor_version=EXTRACTOR_VERSION,
        aliases=_other_urls(request, page, parsed, meeting_url),
        moved_from=_moved_from(request, page, rows),
        replaces=replaces,
    )
    saved = save_articles(db, [item])[0]
    if saved is None:
        message = "the database cannot hold this article; `failures` says why"
        return SaveResult("failed", 0, "store", "StoreError", message), None
    note_dated_change(db, request, was_right=saved.status == "changed")
    mark_covered(db, request.plan.id, parsed.joined_urls)
    if parsed.missing_page is not None:
        save_failure(db, parsed.missing_page[0], "fetch", *parsed.missing_page[1:],
                     crawl_id=request.crawl_id)  # fmt: skip
    if saved.status == "new" and (site := site_of(page.url)):
        add_site_blocks(db, site, parsed.fingerprints)
        ask_twin(db, saved.id, request.plan.id)
    now = datetime.now(UTC)
    last = parse_utc(request.url.last_fetched_at)
    if saved.status == "unchanged" and last is not None:
        again = next_revisit_at(last, now)
    elif saved.status == "changed":
        again = first_revisit_at(now.isoformat(), now)
    else:
        again = first_revisit_at(rows.values[_PUBLISHED_AT], now)
    return SaveResult(saved.status), again


def _moved_from(request: CrawlRequest, page: Page, rows: ArticleRows) -> tuple[str, ...]:
    """The addresses that redirect to a story, but for other spellings of its own."""
    if is_same_address(page.url, request.url.url):
        return ()
    asked = dict.fromkeys((*page.redirects, request.url.url))
    return tuple(url for url in asked if not is_same_address(url, rows.url))


def _other_urls(
    request: CrawlRequest, page: Page, parsed: ParseResult, meeting_url: str | None
) -> tuple[str, ...]:
    """Under which URLs an article is known beside its own: what led to it, where versions meet."""
    urls = (*page.redirects, request.url.url, meeting_url, *parsed.joined_urls)
    own = parsed.rows.url if parsed.rows is not None else None
    return tuple(url for url in dict.fromkeys(urls) if url is not None and url != own)


def _outside_dates(request: CrawlRequest, rows: ArticleRows) -> str | None:
    """Why a new story is not of the days its source wants; None when it is, or has no date."""
    published_at = rows.values[_PUBLISHED_AT]
    settings = request.plan.settings
    if request.url.last_fetched_at is not None or not isinstance(published_at, str):
        return None
    day = published_at[:10]
    if settings.since is not None and day < settings.since.isoformat():
        return f"published on {day}, before `since` ({settings.since})"
    if settings.until is not None and day > settings.until.isoformat():
        return f"published on {day}, after `until` ({settings.until})"
    return None


def _leave_out(db: Database, request: CrawlRequest, message: str) -> SaveResult:
    save_failure(db, request.url.url, "extract", "OutsideDates", message, crawl_id=request.crawl_id)
    mark_done(db, request.url.id)
    return SaveResult("skipped")
