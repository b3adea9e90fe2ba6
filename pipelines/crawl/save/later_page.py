"""A later page of an article that was met by itself: the article is read from its first one."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.globs import is_wanted
from pipelines.store.frontier.urls import NewUrl, add_urls, mark_done, refetch, url_state
from pipelines.store.pages.pages_of_article import find_joined_article
from scraper.page import Page
from scraper.urls.normal_urls import is_variant, normalize_url

_LOOK_AGAIN: Final = timedelta(days=1)
"""Should the first page not have covered it by then."""


def leave_to_first_page(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult
) -> int | None:
    """Have the first page of an article fetched rather than file a later one for itself.

    Returns:
        URLs that are new in the frontier because of it; None when this page is to be stored: it is
        the first one, or what is before it cannot be had.

    Raises:
        StoreError: The database cannot be written.
    """
    first_url = find_joined_article(db, page.url)
    if first_url is not None and not is_variant(page.url):
        refetch(db, first_url)
        mark_done(db, request.url.id)
        return 1
    previous = parsed.previous_page_url and normalize_url(parsed.previous_page_url, page.url)
    settings = request.plan.settings
    if not previous or not is_wanted(previous, settings.include, settings.exclude):
        return None
    if url_state(db, previous) not in {None, "due", "leased"}:
        return None
    new = NewUrl(url=previous, depth=request.url.depth, priority=request.url.priority + 1)
    added = add_urls(db, request.plan.id, [new])
    mark_done(db, request.url.id, next_fetch_at=datetime.now(UTC) + _LOOK_AGAIN)
    return added
