"""A page into its article, and the article into rows: one judgement for whoever brings pages.

A crawl, an archive, a Scrapy spider, a datatrove pipeline and pages kept from earlier are read
here, so that the same page is the same record wherever it comes from.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from pipelines.errors import describe_error
from pipelines.page.input_document import is_saved_text, refuse_binary
from pipelines.page.is_article import MIN_WORDS, is_article, needs_links
from pipelines.store.articles.rows import ArticleRows, build_rows
from pipelines.store.pages.packing import PackedPage, pack_page
from scraper.article import Article
from scraper.discover.links import Outlink, find_links
from scraper.errors import ExtractionError
from scraper.extract.encoding import decode_html
from scraper.extract.extractor import extract_and_learn, extract_page
from scraper.extract.joining import join_pages
from scraper.extract.metadata.robots_meta import add_robots_header
from scraper.extract.page_kind import AN_ARTICLE, KindJudgement
from scraper.extract.plain_text import extract_plain_text
from scraper.page import Page
from scraper.sites.learned import KnownBlocks
from scraper.sites.rules import SiteRules

ReadKind = Literal["article", "no_article", "not_a_page", "error"]
"""What a page turned out to be: one with an article or without, no page at all, or one that cannot
be read because something in winnow went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What was read on a page.

    Attributes:
        kind: What the page turned out to be.
        pages: The page, and the further ones its article goes on.
        article: Its article; None unless `kind` is ``article``.
        rows: What the article puts into the database; None before `with_rows`.
        packed: The page, to be stored; None before `with_rows`, and where it is not wanted.
        packed_later: The further pages, to be stored, in order.
        fingerprints: Of the blocks that may be the article's, to learn what its site repeats.
        links: What a page without an article leads to, where that had to be known to judge it;
            None elsewhere.
        confidence: How sure extraction is, also where it found no article.
        error: Class of what stands in the way of an article; empty when there is one.
        message: What that says, on one line.
        judgement: What the page is by itself: an article, a list, a product, a wall, an error.
        remnant: What extraction found on a page without an article; None with one.
    """

    kind: ReadKind
    pages: tuple[Page, ...]
    article: Article | None = None
    rows: ArticleRows | None = None
    packed: PackedPage | None = None
    packed_later: tuple[PackedPage, ...] = ()
    fingerprints: tuple[str, ...] = ()
    links: tuple[Outlink, ...] | None = None
    confidence: float = 0.0
    error: str = ""
    message: str = ""
    judgement: KindJudgement = AN_ARTICLE
    remnant: Article | None = None

    @property
    def record(self) -> dict[str, Any] | None:
        """The article as plain dictionaries and lists; None when there is none."""
        return None if self.article is None else self.article.to_dict()

    @property
    def next_page_url(self) -> str | None:
        """Where the article goes on; None when this is all of it, or there is none."""
        return None if self.article is None else self.article.next_page_url


def read_page(
    page: Page,
    *,
    is_text: bool = False,
    rules: SiteRules | None = None,
    known: KnownBlocks | None = None,
    later_pages: tuple[Page, ...] = (),
) -> ReadResult:
    """The article of a page, or why it has none; nothing a page can hold makes it raise.

    Args:
        page: As it was fetched or archived.
        is_text: Whether its body is known to have been flattened to text; otherwise its media
            type and first bytes tell.
        rules: CSS selectors of the site.
        known: What the site repeats.
        later_pages: Where the article goes on, to be joined with it.

    Example:
        >>> read_page(Page(url="https://example.org/a", body=b"<p>Share this")).message
        'no article was found on this page (confidence 0.00)'
    """
    pages = (page, *later_pages)
    try:
        refuse_binary(page.body, page.content_type or "")
        if is_text or is_saved_text(page.body, content_type=page.content_type):
            return _read_text(page)
        return _read_html(pages, rules, known)
    except ExtractionError as error:
        return _failed("not_a_page", pages, error)
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        return _failed("error", pages, error)


def with_rows(read: ReadResult, *, keep_pages: bool) -> ReadResult:
    """What was read, its article made ready to be stored; one without an article as it is.

    Hashing, compressing and splitting take a tenth of the time of reading: who only wants the
    article leaves them out, and who does want them has them done where pages are read, since the
    one thread that writes to a database is the narrow place.

    Args:
        read: From `read_page`.
        keep_pages: Whether the raw pages are to be stored too.
    """
    if read.article is None:
        return read
    try:
        packed = tuple(map(pack_page, read.pages)) if keep_pages else ()
        return replace(
            read,
            rows=build_rows(read.article),
            packed=next(iter(packed), None),
            packed_later=packed[1:],
        )
    except Exception as error:  # noqa: BLE001 - a failure becomes a row
        return _failed("error", read.pages, error)


def _read_html(
    pages: tuple[Page, ...], rules: SiteRules | None, known: KnownBlocks | None
) -> ReadResult:
    page, *later = pages
    learned = extract_and_learn(page, rules=rules, known=known)
    article, judgement = learned.article, learned.judgement
    if judgement.cause is not None:
        return _stands_in(pages, article, judgement)
    links = find_links(page) if needs_links(page, article) else None
    if not is_article(article, links or ()):
        return _without_article(pages, article, links, judgement)
    article = join_pages([article, *(extract_page(page, rules=rules) for page in later)])
    return ReadResult(
        kind="article",
        pages=pages,
        article=article,
        fingerprints=learned.fingerprints,
        judgement=judgement,
        confidence=article.confidence,
    )


def _read_text(page: Page) -> ReadResult:
    text, _ = decode_html(page.body, page.content_type)
    article = extract_plain_text(text, url=page.url or None)
    article = add_robots_header(article, page.headers.get("x-robots-tag"))
    # No links are left that could show it to be a list of them.
    if not is_article(article):
        return _without_article((page,), article, None)
    return ReadResult(kind="article", pages=(page,), article=article, confidence=article.confidence)


def _without_article(
    pages: tuple[Page, ...],
    article: Article,
    links: tuple[Outlink, ...] | None,
    judgement: KindJudgement = AN_ARTICLE,
) -> ReadResult:
    return ReadResult(
        kind="no_article",
        pages=pages,
        links=links,
        confidence=article.confidence,
        error="NoArticle",
        message=_say_why(article),
        judgement=judgement,
        remnant=article,
    )


def _say_why(article: Article) -> str:
    if article.page_kind == "list" and article.word_count >= MIN_WORDS:
        return f"no article was found: the page is a list ({article.page_kind_probability:.2f})"
    return f"no article was found on this page (confidence {article.confidence:.2f})"


def _stands_in(pages: tuple[Page, ...], article: Article, judgement: KindJudgement) -> ReadResult:
    """A page that is there in place of an article: what it leads to is of no interest."""
    return ReadResult(
        kind="no_article",
        pages=pages,
        links=(),
        confidence=article.confidence,
        error="NoArticle",
        message=f"no article was found: the page {judgement.reason}",
        judgement=judgement,
        remnant=article,
    )


def _failed(kind: ReadKind, pages: tuple[Page, ...], error: Exception) -> ReadResult:
    name, message = describe_error(error)
    return ReadResult(kind=kind, pages=pages, error=name, message=message)
