"""What is written when a page leads to stories and is none itself."""

from datetime import UTC, datetime
from typing import assert_never

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.save.new_urls import newest_date
from pipelines.crawl.save.save_error import again_while_listed
from pipelines.crawl.save.save_outcome import SaveResult
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.schedule import part_again_at
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.sources import record_success
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.lanes import lane_of
from pipelines.store.frontier.source_lists import note_links
from pipelines.store.frontier.urls import mark_done, mark_waiting
from scraper.page import Page


def save_list(
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
            mark_waiting(db, request.url.id, message, again_while_listed(db, request))
            return SaveResult("skipped", added)
        case "page" | "feed" | "sitemap":
            record_success(db, request.plan.id)
            if parsed.kind != "page" or _reads_links(request):
                note_links(db, request.url.id, len(parsed.links) + len(parsed.sitemaps))
            mark_done(
                db,
                request.url.id,
                next_fetch_at=list_again_at(request, newest_date(parsed.links), added=added),
                etag=page.headers.get("etag"),
                last_modified=page.headers.get("last-modified"),
            )
            return SaveResult("index", added)
        case _:
            assert_never(kind)


def list_again_at(request: CrawlRequest, newest: datetime | None, *, added: int) -> datetime | None:
    """When a list is to be read again; None for as often as its source is crawled."""
    if lane_of(request.url.priority) != "parts":
        return None
    last = parse_utc(request.url.last_fetched_at)
    return part_again_at(newest, last, datetime.now(UTC), named_new=added > 0)


def _reads_links(request: CrawlRequest) -> bool:
    is_near = request.url.depth < request.plan.settings.max_depth
    return is_near and "links" in request.plan.discover_methods
