"""What is written when a page was dealt with: everything about one URL in one transaction.

Killed at any moment, a crawl leaves a URL either as if it had never been asked for, its lease
apart, or wholly dealt with: its article, what was found on it and its next date together.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, assert_never

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.save.hold_back import hold_back, judge_parsed, settle
from pipelines.crawl.save.later_page import leave_to_first_page
from pipelines.crawl.save.new_urls import find_new_urls
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.schedule import first_revisit_at, look_again_at, next_revisit_at, retry_at
from pipelines.store.articles.articles import save_articles, touch_article
from pipelines.store.articles.identity.url_variants import (
    find_main_version,
    is_covered,
    save_variant,
)
from pipelines.store.articles.rows import COLUMNS, ArticleToSave
from pipelines.store.articles.suspects import settle_suspect
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.site_blocks import add_site_blocks
from pipelines.store.crawl.sources import record_success
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.source_lists import count_sitemaps, note_links
from pipelines.store.frontier.urls import (
    add_urls,
    is_listed_since,
    mark_covered,
    mark_done,
    mark_failed,
    mark_waiting,
    note_redirect,
)
from pipelines.store.pages.raw_pages import save_page
from scraper.errors import (
    ContentTypeError,
    FetchError,
    HostBackingOffError,
    RobotsError,
    StatusError,
)
from scraper.extract.extractor import EXTRACTOR_VERSION
from scraper.page import Page
from scraper.urls.normal_urls import canonical_variant, is_variant
from scraper.urls.related_urls import is_same_address
from scraper.urls.web_urls import site_of

SaveOutcome = Literal[
    "new", "changed", "unchanged", "suspect", "not_modified", "index", "skipped", "failed"
]

_GONE: Final = frozenset({404, 410})
_PUBLISHED_AT: Final = COLUMNS.index("published_at")
_ROBOTS_AGAIN: Final = timedelta(days=7)
_MOST_LOOKS: Final = 10  # over a month: what is not there by then never will be
_LISTED_FOR: Final = timedelta(days=45)
"""Lists that did not change are not read again, so that what they name is not seen each time."""


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


def save_not_modified(db: Database, request: CrawlRequest, page: Page) -> SaveResult:
    """A page that is what it was: nothing but its next date changes."""
    now = datetime.now(UTC)
    _record_answer(db, request, page, None)
    again = None
    kind = request.url.kind
    match kind:
        case "article":
            touch_article(db, request.url.url, page.fetched_at)
            settle_suspect(db, request.url.url, "dismissed")
            again = next_revisit_at(parse_utc(request.url.last_fetched_at), now)
        case "page" | "feed" | "sitemap":
            record_success(db, request.plan.id)
        case _:
            assert_never(kind)
    mark_done(
        db,
        request.url.id,
        next_fetch_at=again,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
    )
    return SaveResult("not_modified")


def save_parsed(db: Database, request: CrawlRequest, page: Page, parsed: ParseResult) -> SaveResult:
    """A page that was fetched and read: its article, what it leads to, or what was wrong."""
    if parsed.stage is not None:
        return _save_unreadable(db, request, page, parsed)
    _record_answer(db, request, page, None)
    if page.is_cut_short:
        _note_cut_short(db, request, page)
    if is_covered(db, request.url.id):  # meanwhile read as a further page of another
        return SaveResult("unchanged")
    note_redirect(db, request.url.id, _target_of(request, page))
    judged = judge_parsed(db, request, page, parsed) if request.url.kind == "article" else None
    if judged is not None and judged.verdict.reason is not None:
        return SaveResult("suspect", hold_back(db, request, page, parsed, judged))
    if judged is not None:
        settle(db, request, judged)
    if parsed.rows is not None:
        queued = leave_to_first_page(db, request, page, parsed)
        if queued is not None:
            return SaveResult("index", queued)
    known = count_sitemaps(db, request.plan.id) if parsed.sitemaps else 0
    found = find_new_urls(request.url, request.plan, page, parsed, known_sitemaps=known)
    added = add_urls(db, request.plan.id, found)
    if parsed.rows is None:
        return _save_index(db, request, page, parsed, added)
    replaces = judged is not None and judged.verdict.replaces
    result, again = _save_article(db, request, page, parsed, replaces=replaces)
    # Without validators the next request brings the page again, and with it the article's further
    # pages: they may have changed while this one did not, or be had by then.
    has_more = parsed.joined_urls or parsed.missing_page is not None or page.is_cut_short
    headers = {} if has_more else page.headers
    if page.is_cut_short:
        again = look_again_at(request.url.attempts, datetime.now(UTC))
    mark_done(
        db,
        request.url.id,
        next_fetch_at=again,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )
    return result


def _save_index(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult, added: int
) -> SaveResult:
    """What leads to articles and is none itself; where one was expected, that is a failure."""
    kind = request.url.kind
    match kind:
        case "article":
            message = f"no article was found on this page (confidence {parsed.confidence:.2f})"
            save_failure(
                db,
                request.url.url,
                "extract",
                "NoArticle",
                message,
                crawl_id=request.crawl_id,
            )
            mark_waiting(db, request.url.id, message, _look_again_at(db, request))
            return SaveResult("skipped", added)
        case "page" | "feed" | "sitemap":
            record_success(db, request.plan.id)
            if parsed.kind != "page" or _reads_links(request):
                note_links(db, request.url.id, len(parsed.links) + len(parsed.sitemaps))
            mark_done(
                db,
                request.url.id,
                etag=page.headers.get("etag"),
                last_modified=page.headers.get("last-modified"),
            )
            return SaveResult("index", added)
        case _:
            assert_never(kind)


def _reads_links(request: CrawlRequest) -> bool:
    is_near = request.url.depth < request.plan.settings.max_depth
    return is_near and "links" in request.plan.discover_methods


def _look_again_at(db: Database, request: CrawlRequest) -> datetime | None:
    """When to look again for an article that was not there; None when nobody names it any more."""
    now = datetime.now(UTC)
    if request.url.attempts > _MOST_LOOKS or not is_listed_since(
        db, request.url.id, now - _LISTED_FOR
    ):
        return None
    return look_again_at(request.url.attempts, now)


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


def _retry_at(
    db: Database, request: CrawlRequest, error: FetchError, retry_after: float | None
) -> datetime | None:
    """When to ask again after a failure; None for what will not become a page, such as a film."""
    if isinstance(error, ContentTypeError):
        return None
    again = None
    if is_passing(error):
        again = retry_at(request.url.attempts, datetime.now(UTC), retry_after)
    return again or _look_again_at(db, request)


def save_lost(db: Database, request: CrawlRequest, page: Page, message: str) -> SaveResult:
    """A page that killed the worker that parsed it, or never ended."""
    parsed = ParseResult(
        kind=request.url.kind, stage="extract", error="WorkerLostError", message=message
    )
    return _save_unreadable(db, request, page, parsed)


def _note_cut_short(db: Database, request: CrawlRequest, page: Page) -> None:
    message = f"the page was cut short after {len(page.body)} bytes; what came of it is read"
    save_failure(db, request.url.url, "fetch", "CutShort", message, crawl_id=request.crawl_id)


def is_passing(error: FetchError) -> bool:
    """Whether trying again later may help: not where the site has said what there is to say."""
    if isinstance(error, StatusError):
        return error.status >= 500 or error.status in {401, 403, 408, 425, 429}
    return True


def _record_answer(db: Database, request: CrawlRequest, page: Page, error: str | None) -> None:
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


def _save_unreadable(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult
) -> SaveResult:
    stage = parsed.stage or "extract"
    _record_answer(db, request, page, parsed.message)
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


def _save_article(
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
        replaces=replaces,
    )
    saved = save_articles(db, [item])[0]
    if saved is None:
        message = "the database cannot hold this article; `failures` says why"
        return SaveResult("failed", 0, "store", "StoreError", message), None
    mark_covered(db, request.plan.id, parsed.joined_urls)
    if parsed.missing_page is not None:
        save_failure(db, parsed.missing_page[0], "fetch", *parsed.missing_page[1:],
                     crawl_id=request.crawl_id)  # fmt: skip
    if saved.status == "new" and (site := site_of(page.url)):
        add_site_blocks(db, site, parsed.fingerprints)
    now = datetime.now(UTC)
    last = parse_utc(request.url.last_fetched_at)
    if saved.status == "unchanged" and last is not None:
        again = next_revisit_at(last, now)
    elif saved.status == "changed":
        again = first_revisit_at(now.isoformat(), now)
    else:
        again = first_revisit_at(rows.values[_PUBLISHED_AT], now)
    return SaveResult(saved.status), again


def _target_of(request: CrawlRequest, page: Page) -> str | None:
    """Where an address led, unless that is the same one in another spelling."""
    return None if is_same_address(page.url, request.url.url) else page.url


def _other_urls(
    request: CrawlRequest, page: Page, parsed: ParseResult, meeting_url: str | None
) -> tuple[str, ...]:
    """Under which URLs an article is known beside its own: what led to it, where versions meet."""
    urls = (*page.redirects, request.url.url, meeting_url, *parsed.joined_urls)
    own = parsed.rows.url if parsed.rows is not None else None
    return tuple(url for url in dict.fromkeys(urls) if url is not None and url != own)
