"""Articles that are spread over pages: the further pages are fetched, and parsed as one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pipelines.crawl.parse.parse_page import MOST_PAGES, ParseJob, Parser, ParseResult
from scraper.errors import FetchError
from scraper.page import Page
from scraper.urls.normal_urls import normalize_url
from scraper.urls.web_urls import is_same_or_subdomain

FetchPage = Callable[[str], Awaitable[Page]]


async def parse_all_pages(
    parser: Parser, job: ParseJob, parsed: ParseResult, fetch: FetchPage
) -> ParseResult:
    """What an article with all its pages holds, given what its first one does.

    Where a page cannot be had, what came before is the article, its `next_page_url` says where it
    goes on, and `missing_page` why that was not followed.

    Raises:
        WorkerLostError: One of the pages killed its worker.
    """
    pages: list[Page] = []
    asked = {job.page.url}
    following = parsed.next_page_url
    missing: tuple[str, str, str] | None = None
    while following is not None and len(pages) < MOST_PAGES - 1:
        url = normalize_url(following, job.page.url)
        if url is None or url in asked or not is_same_or_subdomain(url, job.page.url):
            break
        asked.add(url)
        try:
            page = await fetch(url)
        except FetchError as error:
            missing = (url, type(error).__name__, " ".join(str(error).split()))
            break
        one = await parser.parse(replace(job, page=page, keep_page=False))
        if one.rows is None or page.url in asked - {url}:
            break
        asked.add(page.url)
        pages.append(page)
        following = one.next_page_url
    if pages:
        parsed = await parser.parse(replace(job, later_pages=tuple(pages)))
    joined = tuple(dict.fromkeys(u for page in pages for u in (page.requested_url, page.url)))
    return replace(parsed, joined_urls=joined, missing_page=missing)
