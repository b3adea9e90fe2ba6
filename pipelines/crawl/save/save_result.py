"""What is written when a page was dealt with: everything about one URL in one transaction.

Killed at any moment, a crawl leaves a URL either as if it had never been asked for, its lease
apart, or wholly dealt with: its article, what was found on it and its next date together.
"""

from datetime import UTC, datetime
from typing import assert_never

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.save.hold_back import hold_back, judge_parsed, settle
from pipelines.crawl.save.later_page import leave_to_first_page
from pipelines.crawl.save.new_urls import find_new_urls
from pipelines.crawl.save.save_error import save_unreadable
from pipelines.crawl.save.save_list import list_again_at, save_list
from pipelines.crawl.save.save_outcome import SaveResult, note_dated_change, record_answer
from pipelines.crawl.save.save_story import save_story
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.schedule import next_revisit_at
from pipelines.store.articles.articles import touch_article
from pipelines.store.articles.identity.url_variants import is_covered
from pipelines.store.articles.suspects import settle_suspect
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.sources import believes_change_dates, record_success
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.source_lists import count_sitemaps
from pipelines.store.frontier.urls import (
    add_urls,
    mark_done,
    note_redirect,
)
from scraper.page import Page
from scraper.urls.related_urls import is_same_address


def save_not_modified(db: Database, request: CrawlRequest, page: Page) -> SaveResult:
    """A page that is what it was: nothing but its next date changes."""
    now = datetime.now(UTC)
    record_answer(db, request, page, None)
    note_dated_change(db, request, was_right=False)
    again = None
    kind = request.url.kind
    match kind:
        case "article":
            touch_article(db, request.url.url, page.fetched_at)
            settle_suspect(db, request.url.url, "dismissed")
            again = next_revisit_at(parse_utc(request.url.last_fetched_at), now)
        case "page" | "feed" | "sitemap":
            record_success(db, request.plan.id)
            again = list_again_at(request, None, added=0)
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
        return save_unreadable(db, request, page, parsed)
    record_answer(db, request, page, None)
    if page.is_cut_short:
        _note_cut_short(db, request, page)
    if parsed.render_problem is not None:
        _note_render_problem(db, request, parsed.render_problem)
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
    believes_dates = believes_change_dates(db, request.plan.id)
    added = add_urls(db, request.plan.id, found, believes_dates=believes_dates)
    if parsed.rows is None:
        return save_list(db, request, page, parsed, added)
    replaces = judged is not None and judged.verdict.replaces
    return save_story(db, request, page, parsed, replaces=replaces)


def _note_render_problem(db: Database, request: CrawlRequest, problem: str) -> None:
    message = f"{problem}; what the page has without a browser is read"
    save_failure(db, request.url.url, "render", "RenderError", message, crawl_id=request.crawl_id)


def _note_cut_short(db: Database, request: CrawlRequest, page: Page) -> None:
    message = f"the page was cut short after {len(page.body)} bytes; what came of it is read"
    save_failure(db, request.url.url, "fetch", "CutShort", message, crawl_id=request.crawl_id)


def _target_of(request: CrawlRequest, page: Page) -> str | None:
    """Where an address led, unless that is the same one in another spelling."""
    return None if is_same_address(page.url, request.url.url) else page.url
