"""What a worker does with one fetched page: tell what it is, and parse it.

Pure, and everything that comes back is ready to be written: the one thread that writes to the
database is the narrow place of a crawl, so hashing, compressing and splitting is done here.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from pipelines.errors import describe_error
from pipelines.page.input_document import looks_like_html
from pipelines.page.read_page import ReadResult, read_page, with_rows
from pipelines.store.articles.rows import ArticleRows
from pipelines.store.pages.packing import PackedPage
from scraper.discover.alternates import find_feeds, find_next_pages
from scraper.discover.feeds import is_feed, parse_feed
from scraper.discover.links import Outlink, find_links
from scraper.discover.sitemaps import is_sitemap, parse_sitemap
from scraper.extract.metadata.listed import complete_from_listing
from scraper.extract.metadata.paging import find_previous_page_url
from scraper.extract.page_kind import AN_ARTICLE, KindJudgement
from scraper.extract.scripted import looks_scripted
from scraper.listing import Listing
from scraper.page import Page
from scraper.sites.learned import KnownBlocks
from scraper.sites.rules import SiteRules

if TYPE_CHECKING:  # a parser reads no settings and no database, and starts without what does
    from pipelines.settings import DiscoverMethod
    from pipelines.store.frontier.urls import UrlKind

MOST_PAGES: Final = 20
"""Of one article; beyond that it is more likely a gallery or a forum than a text."""


_LONGEST_REMNANT_CHARS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseJob:
    """One page to parse.

    Attributes:
        page: As it was fetched.
        kind: What is expected there.
        discover_methods: By which the source allows to find articles; none where only the page
            itself is of interest.
        wants_links: Whether a page's links are of use; not where they lead too far away.
        rules: CSS selectors of the site.
        known: What the site repeats.
        keep_page: Whether the raw page is to be stored.
        later_pages: Where the article goes on, to be joined with it.
        listing: What a feed or sitemap said of the story.
    """

    page: Page
    kind: "UrlKind"
    discover_methods: "frozenset[DiscoverMethod]" = frozenset()
    wants_links: bool = True
    rules: SiteRules | None = None
    known: KnownBlocks | None = None
    keep_page: bool = True
    later_pages: tuple[Page, ...] = ()
    listing: Listing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseResult:
    """What was found on a page.

    Attributes:
        kind: What it turned out to be.
        rows: Its article; None when it has none.
        packed: The raw page, to be stored with the article.
        packed_later: The raw pages it goes on, in order.
        fingerprints: Of the blocks that may be the article's, to learn what its site repeats.
        links: Articles it leads to.
        feeds: Feeds it names.
        sitemaps: Further sitemaps it names.
        next_pages: Where a list of articles goes on.
        confidence: How sure extraction is, also where it found no article.
        is_scripted: Whether nothing was found and scripts seem to bring what there is.
        next_page_url: Where the article goes on; None when this is all of it.
        previous_page_url: Where the article comes from; None when it begins here.
        joined_urls: Of its further pages that are part of `rows`.
        missing_page: A further page that could not be had: its URL, the error and what it said.
        judgement: What the page is by itself: an article, or a wall, an error, a front page.
        remnant: Title and text of what was found on a page without an article; None with one.
        is_paywalled: Whether the page says that there is more for subscribers.
        render_problem: Why a browser could not render it, where its plain document is read instead.
        stage: Where it went wrong, ``discover``, ``extract`` or ``render``; None when it did not.
        error: Class of the error.
        message: What it said.
    """

    kind: "UrlKind"
    rows: ArticleRows | None = None
    packed: PackedPage | None = None
    packed_later: tuple[PackedPage, ...] = ()
    fingerprints: tuple[str, ...] = ()
    links: tuple[Outlink, ...] = ()
    feeds: tuple[Outlink, ...] = ()
    sitemaps: tuple[Outlink, ...] = ()
    next_pages: tuple[Outlink, ...] = ()
    confidence: float = 0.0
    is_scripted: bool = False
    next_page_url: str | None = None
    previous_page_url: str | None = None
    joined_urls: tuple[str, ...] = ()
    missing_page: tuple[str, str, str] | None = None
    judgement: KindJudgement = AN_ARTICLE
    remnant: tuple[str | None, str] | None = None
    is_paywalled: bool = False
    render_problem: str | None = None
    stage: str | None = None
    error: str = ""
    message: str = ""


class Parser(Protocol):
    """Whoever parses pages for a crawl: a pool of processes, or a thread of this one."""

    async def parse(self, job: ParseJob) -> ParseResult:
        """What a page holds.

        Raises:
            WorkerLostError: The page cost its parser, or took longer than a page may.
        """


def parse_page(job: ParseJob) -> ParseResult:
    """What a page holds; nothing a page can contain makes it raise."""
    try:
        return _parse(job)
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        stage = "extract" if job.kind == "article" else "discover"
        return failed_parse(job.kind, stage, error)


def _parse(job: ParseJob) -> ParseResult:
    kind = _find_kind(job)
    match kind:
        case "article":
            return _parse_article(job)
        case "page":
            return _parse_index(job)
        case "feed":
            links = parse_feed(job.page)
            if not links:
                _refuse_web_page(job.page, "feed")
            return ParseResult(kind="feed", links=links)
        case "sitemap":
            sitemap = parse_sitemap(job.page)
            if not sitemap.links and not sitemap.sitemaps:
                _refuse_web_page(job.page, "sitemap")
            return ParseResult(kind="sitemap", links=sitemap.links, sitemaps=sitemap.sitemaps)
        case _:
            assert_never(kind)


class WrongListError(Exception):
    """A web page came where a feed or a sitemap was."""


def _refuse_web_page(page: Page, kind: str) -> None:
    """Nothing, for what may be an empty list.

    Raises:
        WrongListError: It is a web page.
    """
    if looks_like_html(page.body):
        raise WrongListError(f"this {kind} has turned into a web page: has it moved?")


def _find_kind(job: ParseJob) -> "UrlKind":
    """What is at a URL: of lists, one kind often stands where another one is expected."""
    if job.kind == "article":
        return job.kind
    if is_feed(job.page):
        return "feed"
    return "sitemap" if is_sitemap(job.page) else job.kind


def failed_parse(kind: "UrlKind", stage: str, error: BaseException) -> ParseResult:
    """The result for a page that could not be parsed."""
    name, message = describe_error(error)
    return ParseResult(kind=kind, stage=stage, error=name, message=message)


def _parse_index(job: ParseJob) -> ParseResult:
    has_links = "links" in job.discover_methods and job.wants_links
    links = find_links(job.page) if has_links else ()
    return ParseResult(
        kind="page",
        links=links,
        is_scripted=has_links and not links and looks_scripted(job.page),
        feeds=find_feeds(job.page) if "feed" in job.discover_methods else (),
        next_pages=find_next_pages(job.page) if has_links else (),
    )


def _parse_article(job: ParseJob) -> ParseResult:
    read = read_page(job.page, rules=job.rules, known=job.known, later_pages=job.later_pages)
    if job.listing is not None and read.article is not None:
        read = replace(read, article=complete_from_listing(read.article, job.listing))
    read = with_rows(read, keep_pages=job.keep_page)
    match read.kind:
        case "article":
            return ParseResult(
                kind="article",
                rows=read.rows,
                packed=read.packed,
                packed_later=read.packed_later,
                fingerprints=read.fingerprints,
                confidence=read.confidence,
                is_paywalled=read.article is not None and read.article.access == "paywalled",
                next_page_url=read.next_page_url,
                previous_page_url=find_previous_page_url(job.page, most_pages=MOST_PAGES),
            )
        case "no_article":
            return ParseResult(
                kind="page",
                links=_find_links(job, read),
                confidence=read.confidence,
                is_scripted=looks_scripted(job.page),
                judgement=read.judgement,
                remnant=_remnant_of(read),
            )
        case "not_a_page" | "error":
            return ParseResult(
                kind=job.kind, stage="extract", error=read.error, message=read.message
            )
        case _:
            assert_never(read.kind)


def _remnant_of(read: ReadResult) -> tuple[str | None, str] | None:
    if read.remnant is None:
        return None
    return read.remnant.title, read.remnant.text[:_LONGEST_REMNANT_CHARS]


def _find_links(job: ParseJob, read: ReadResult) -> tuple[Outlink, ...]:
    if "links" not in job.discover_methods or not job.wants_links:
        return ()
    return find_links(job.page) if read.links is None else read.links
