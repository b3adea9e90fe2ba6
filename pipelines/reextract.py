"""Today's extractor over the pages kept from earlier crawls."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.crawl_report import Progress, ProgressCallback
from pipelines.crawl.parse.parse_page import ParseJob, ParseResult, failed_parse
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.errors import WorkerLostError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.comparison import find_changed_fields
from pipelines.store.articles.rows import ArticleToSave
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.site_blocks import load_known_blocks
from pipelines.store.pages.packing import hash_body
from pipelines.store.pages.raw_pages import StoredPage, count_pages, iter_pages
from scraper.extract.extractor import EXTRACTOR_VERSION
from scraper.sites.learned import KnownBlocks
from scraper.sites.rules import SiteRules
from scraper.urls.web_urls import site_of

_BATCH_PAGES: Final = 64

RulesOf = Callable[[int | None], SiteRules | None]
"""The site rules of a source, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractOptions:
    """Which pages are read again, and whether the database is changed.

    Attributes:
        source_id: Only pages of this source; None for all.
        workers: Processes that read pages.
        page_timeout_seconds: How long one page may take before its process is ended.
        dry_run: Whether to compare only and leave the database as it is.
        rules_of: Site rules to apply; none by default.
    """

    source_id: int | None = None
    workers: int = 1
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS
    dry_run: bool = False
    rules_of: RulesOf = lambda _: None


@dataclass(slots=True)
class ReextractReport:
    """What came of it.

    Attributes:
        changed: Articles of which at least one field is another than before.
        fields: How many articles changed in each field.
        lost: Pages whose article is no longer found; the stored one stays.
        incomplete: First pages of articles that went on on pages no longer kept; these stay too.
    """

    pages: int = 0
    changed: int = 0
    unchanged: int = 0
    new: int = 0
    lost: int = 0
    incomplete: int = 0
    failed: int = 0
    fields: Counter[str] = field(default_factory=Counter)


async def reextract(
    db: Database, options: ReextractOptions, on_progress: ProgressCallback | None = None
) -> ReextractReport:
    """Read every kept page again and store what is found now; no revision is made of it.

    Args:
        db: An open database; nobody else may use this connection meanwhile.
        options: Which pages, and whether to write.
        on_progress: Called after each batch of pages.

    Raises:
        StoreError: The database cannot be read or written.
    """
    report = ReextractReport()
    total = count_pages(db)
    size_bytes = 0
    async with ParserPool(options.workers, options.page_timeout_seconds) as pool:
        async for batch in _read_in_batches(pool, db, options):
            _settle(db, batch, options, report)
            size_bytes += sum(len(stored.page.body) for stored, _ in batch)
            if on_progress is not None:
                waiting = max(0, total - report.pages)
                on_progress(
                    Progress(report.pages, waiting, report.changed, report.failed, size_bytes)
                )
    return report


async def _read_in_batches(
    pool: ParserPool, db: Database, options: ReextractOptions
) -> AsyncIterator[list[tuple[StoredPage, ParseResult]]]:
    """Pages with what is on them; the next batch is parsed while this one is looked at."""
    stored_pages = iter_pages(db, source_id=options.source_id)
    # A further page is read with the first one of its article, or not at all.
    pages = (stored for stored in stored_pages if not stored.is_later)
    rules_of = options.rules_of
    # What a site repeats does not change here: each is looked up once.
    known_of = lru_cache(maxsize=500)(lambda site: load_known_blocks(db, site))
    ahead = _start_batch(pool, islice(pages, _BATCH_PAGES), rules_of, known_of)
    while ahead:
        batch, ahead = ahead, _start_batch(pool, islice(pages, _BATCH_PAGES), rules_of, known_of)
        yield [(stored, await task) for stored, task in batch]


def _start_batch(
    pool: ParserPool,
    pages: Iterable[StoredPage],
    rules_of: RulesOf,
    known_of: Callable[[str], KnownBlocks],
) -> list[tuple[StoredPage, "asyncio.Task[ParseResult]"]]:
    return [
        (
            stored,
            asyncio.create_task(
                _parse(pool, stored, rules_of(stored.source_id), known_of(site_of(stored.page.url)))
            ),
        )
        for stored in pages
    ]


async def _parse(
    pool: ParserPool, stored: StoredPage, rules: SiteRules | None, known: KnownBlocks
) -> ParseResult:
    job = ParseJob(
        page=stored.page,
        kind="article",
        wants_links=False,
        rules=rules,
        known=known,
        keep_page=False,
        later_pages=stored.later or (),
        listing=stored.listing,
    )
    try:
        return await pool.parse(job)
    except WorkerLostError as error:
        return failed_parse(job.kind, "extract", error)


def _settle(
    db: Database,
    batch: list[tuple[StoredPage, ParseResult]],
    options: ReextractOptions,
    report: ReextractReport,
) -> None:
    to_save: list[ArticleToSave] = []
    for stored, parsed in batch:
        report.pages += 1
        if stored.later is None:
            report.incomplete += 1
        elif parsed.stage is not None:
            report.failed += 1
            if not options.dry_run:
                save_failure(db, stored.page.url, parsed.stage, parsed.error, parsed.message)
        elif parsed.rows is None:
            report.lost += stored.article_id is not None
        else:
            _count(db, stored, parsed, report)
            to_save.append(
                ArticleToSave(
                    rows=parsed.rows,
                    source_id=stored.source_id,
                    page_hash=stored.hash,
                    later_page_hashes=tuple(hash_body(page.body) for page in stored.later),
                    seen_at=stored.page.fetched_at,
                    extractor_version=EXTRACTOR_VERSION,
                )
            )
    if not options.dry_run:
        save_articles(db, to_save)


def _count(db: Database, stored: StoredPage, parsed: ParseResult, report: ReextractReport) -> None:
    if stored.article_id is None or parsed.rows is None:
        report.new += 1
        return
    fields = find_changed_fields(db, stored.article_id, parsed.rows)
    report.fields.update(fields)
    report.changed += bool(fields)
    report.unchanged += not fields
