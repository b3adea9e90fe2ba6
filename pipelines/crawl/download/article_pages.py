"""Articles that are spread over pages: the further pages are fetched, and read as one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pipelines.crawl.parse.parse_page import MOST_PAGES, Reader, Reading, ReadJob
from scraper.discover.urls import is_same_site, normalize_url
from scraper.errors import FetchError
from scraper.page import Page

FetchPage = Callable[[str], Awaitable[Page]]


async def read_all_pages(
    reader: Reader, job: ReadJob, reading: Reading, fetch: FetchPage
) -> Reading:
    """The reading of an article with all its pages, given that of its first one.

    Where a page cannot be had, what came before is the article, its `next_page_url` says where it
    goes on, and `missing_page` why that was not followed.

    Raises:
        WorkerLostError: One of the pages killed its worker.
    """
    pages: list[Page] = []
    asked = {job.page.url}
    following = reading.next_page_url
    missing: tuple[str, str, str] | None = None
    while following is not None and len(pages) < MOST_PAGES - 1:
        url = normalize_url(following, job.page.url)
        if url is None or url in asked or not is_same_site(url, job.page.url):
            break
        asked.add(url)
        try:
            page = await fetch(url)
        except FetchError as error:
            missing = (url, type(error).__name__, " ".join(str(error).split()))
            break
        one = await reader.read(replace(job, page=page, keep_page=False))
        if one.rows is None or page.url in asked - {url}:
            break
        asked.add(page.url)
        pages.append(page)
        following = one.next_page_url
    if pages:
        reading = await reader.read(replace(job, later_pages=tuple(pages)))
    joined = tuple(dict.fromkeys(u for page in pages for u in (page.requested_url, page.url)))
    return replace(reading, joined_urls=joined, missing_page=missing)
