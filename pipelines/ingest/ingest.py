"""Archives and files into the database: read in order, in parallel, from where it was left.

    inputs ──▶ entries ──▶ batches ──executor: read_pages──▶ one transaction with the new place

The place in each file is stored together with the articles that come before it: a process that is
killed repeats nothing and loses nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlite_utils import Database

from pipelines.errors import IngestError, WorkerLostError
from pipelines.executor import ExecutorOptions, run_tasks
from pipelines.ingest.entries import Entry, read_entries
from pipelines.ingest.filter.filters import Filters, find_unwanted
from pipelines.ingest.ingest_report import FileProgress, IngestReport
from pipelines.ingest.inputs import Input
from pipelines.ingest.items import CapturedPage, Skipped
from pipelines.ingest.read_pages import CUT_SHORT, PageBatch, ReadPage, read_pages
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.ingests import advance_ingest, finish_ingest
from pipelines.store.database.database import flat_transaction, transaction
from pipelines.store.pages.raw_pages import save_page
from scraper.extract.extractor import EXTRACTOR_VERSION

_BATCH_PAGES: Final = 16
_BATCH_BYTES: Final = 8_000_000
_MOST_LEFT_OUT: Final = 5_000  # in a batch: an archive of nothing wanted still moves on


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """What to take in, and how.

    Attributes:
        source_id: Under which source articles are stored.
        filters: What is wanted.
        executor: Where pages are read.
        urls: Addresses of files by name.
        keep_pages: Whether raw pages are kept, so that extraction can be run again.
        anew: Whether files that were read before are read again.
        page_timeout_seconds: How long reading one page may take before it is given up.
    """

    source_id: int | None = None
    filters: Filters = field(default_factory=Filters)
    executor: ExecutorOptions = field(default_factory=ExecutorOptions)
    urls: dict[str, str] = field(default_factory=dict)
    keep_pages: bool = False
    anew: bool = False
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS


@dataclass(slots=True)
class _Pending:
    """A batch that is being read, and what the head knows besides."""

    entries: list[Entry] = field(default_factory=list)
    pages_to_read: list[CapturedPage] = field(default_factory=list)
    size_bytes: int = 0

    def is_full(self) -> bool:
        return (
            len(self.pages_to_read) >= _BATCH_PAGES
            or self.size_bytes >= _BATCH_BYTES
            or len(self.entries) >= _MOST_LEFT_OUT
        )


def ingest(
    db: Database,
    inputs: Iterable[Input],
    options: IngestOptions,
    on_progress: Callable[[IngestReport], None] | None = None,
) -> IngestReport:
    """Read every input and store its articles.

    Args:
        db: An open database; nobody else may use this connection meanwhile.
        inputs: From `pipelines.ingest.inputs.find_inputs`.
        options: What is wanted, and where it is read.
        on_progress: Called after each batch.

    Raises:
        StoreError: The database cannot be written; what was stored before stays stored.
        IngestError: A file cannot be read.
    """
    report = IngestReport()
    pending: deque[_Pending] = deque()

    def tasks() -> Iterator[PageBatch]:
        entries = read_entries(db, inputs, options.source_id, options.urls, anew=options.anew)
        for group in _grouped(entries, options.filters):
            pending.append(group)
            yield PageBatch(
                tuple(group.pages_to_read),
                options.filters,
                options.keep_pages,
                options.page_timeout_seconds,
            )

    executor = ExecutorOptions(
        executor=options.executor.executor,
        workers=options.executor.workers,
        cluster=options.executor.cluster,
        in_order=True,
    )
    try:
        for result in run_tasks(read_pages, tasks(), executor):
            group = pending.popleft()
            _settle(db, group, _outcomes(result.outcome, len(group.pages_to_read)), options, report)
            if on_progress is not None:
                on_progress(report)
    except OSError as error:
        raise IngestError(f"{error.filename or 'input'}: {error.strerror or error}") from error
    return report


def _grouped(entries: Iterator[Entry], filters: Filters) -> Iterator[_Pending]:
    """Batches of what may be wanted, with everything in between."""
    group = _Pending()
    for found in entries:
        entry = found
        if isinstance(found.item, CapturedPage):
            unwanted = find_unwanted(found.item, filters)
            if unwanted is None:
                group.pages_to_read.append(found.item)
                group.size_bytes += len(found.item.page.body)
                entry = found.without_body()
            else:
                entry = found.left_out(unwanted)
        group.entries.append(entry)
        if group.is_full():
            yield group
            group = _Pending()
    if group.entries:
        yield group


def _outcomes(outcome: tuple[ReadPage, ...] | BaseException, count: int) -> tuple[ReadPage, ...]:
    if isinstance(outcome, WorkerLostError):
        lost = ReadPage(error="WorkerLostError", message=str(outcome))
        return (lost,) * count
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _settle(
    db: Database,
    group: _Pending,
    outcomes: tuple[ReadPage, ...],
    options: IngestOptions,
    report: IngestReport,
) -> None:
    """Store what a batch brought, and how far each file is now, in one transaction."""
    try:
        with flat_transaction(db):
            brought = _write(db, group, outcomes, options)
    except Exception:  # noqa: BLE001 - one article is at fault: which, savepoints tell
        with transaction(db):
            brought = _write(db, group, outcomes, options)
    report.add(brought)


def _write(
    db: Database, group: _Pending, outcomes: tuple[ReadPage, ...], options: IngestOptions
) -> IngestReport:
    """Write what a batch brought, inside the caller's transaction, and count it."""
    left = iter(outcomes)
    steps: dict[int, FileProgress] = {}
    report = IngestReport()
    with transaction(db):
        for entry in group.entries:
            step = steps.setdefault(entry.ingest_id, FileProgress())
            step.note(entry, report)
            if entry.is_page:
                _store(db, entry, next(left), options, step, report)
        for ingest_id, step in steps.items():
            advance_ingest(db, ingest_id, step.advance())
            if step.is_end:
                finish_ingest(db, ingest_id)
        for entry in group.entries:
            if isinstance(entry.item, Skipped) and entry.item.is_fault:
                save_failure(db, entry.item.name, "ingest", entry.item.reason, entry.item.message)
            elif entry.is_page and entry.is_cut_short:
                save_failure(db, entry.name, "ingest", "CutShort", CUT_SHORT)
    return report


def _store(
    db: Database,
    entry: Entry,
    read: ReadPage,
    options: IngestOptions,
    step: FileProgress,
    report: IngestReport,
) -> None:
    if read.error is not None:
        save_failure(db, entry.name, "extract", read.error, read.message)
        step.fail(f"{entry.name}: {read.message}", report)
    if read.unwanted is not None:
        step.leave_out(read.unwanted, report)
    if read.rows is None:
        return
    page_hash = save_page(db, read.packed, source_id=options.source_id) if read.packed else None
    item = ArticleToSave(
        rows=read.rows,
        source_id=options.source_id,
        page_hash=page_hash,
        seen_at=entry.fetched_at,
        extractor_version=EXTRACTOR_VERSION,
    )
    (saved,) = save_articles(db, [item])
    if saved is None:
        step.fail(f"{entry.name}: the database cannot hold this article", report)
        return
    step.articles += saved.status != "unchanged"
    setattr(report, saved.status, getattr(report, saved.status) + 1)
