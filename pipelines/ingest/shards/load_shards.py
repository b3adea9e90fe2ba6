"""Parquet shards into the database, each once, from where it was left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlite_utils import Database

from pipelines.ingest.read_pages import CUT_SHORT
from pipelines.ingest.shards.folder import Marker, ShardFolder
from pipelines.ingest.shards.parquet import ShardRow, read_shard
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.ingests import (
    Ingest,
    IngestAdvance,
    advance_ingest,
    finish_ingest,
    start_ingest,
)
from pipelines.store.database.database import transaction
from pipelines.store.pages.raw_pages import save_page

_ROWS_AT_ONCE: Final = 128


@dataclass(slots=True)
class LoadReport:
    """What came of it so far.

    Attributes:
        shards: Shards read or found to have been loaded before.
        rows: Articles of those, and `total_rows` of all shards there are.
        failed: Pages that could not be read when the shards were written, or stored now.
    """

    shards: int = 0
    rows: int = 0
    total_rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0


def load_shards(
    db: Database,
    folder: str,
    source_id: int | None = None,
    on_progress: Callable[[LoadReport], None] | None = None,
) -> LoadReport:
    """Store the articles of every finished split in a folder; those stored before are passed over.

    Killed, it leaves whole articles and goes on behind them: how far each shard was read is stored
    together with what was read of it.

    Args:
        db: An open database.
        folder: What `winnow ingest --to` wrote to.
        source_id: Under which source articles are stored.
        on_progress: Called after each batch.

    Raises:
        IngestError: The folder or a shard cannot be read, or a newer winnow wrote it.
        StoreError: The database cannot be written.
    """
    target = ShardFolder(folder)
    markers = list(target.markers())
    report = LoadReport(total_rows=sum(marker.rows for marker in markers))
    for marker in markers:
        name = target.shard_url(marker.shard or f"{marker.split}.parquet")
        version = f"{marker.split}-{marker.options}-{marker.rows}"
        ledger = start_ingest(db, name, version, source_id=source_id)
        report.shards += 1
        report.rows += marker.rows if ledger.is_finished else ledger.next_record
        if not ledger.is_finished:
            _load(db, target, marker, ledger, source_id, report, on_progress)
        if on_progress is not None:
            on_progress(report)
    return report


def _load(
    db: Database,
    target: ShardFolder,
    marker: Marker,
    ledger: Ingest,
    source_id: int | None,
    report: LoadReport,
    on_progress: Callable[[LoadReport], None] | None,
) -> None:
    done = ledger.next_record
    waiting = _rows(target, marker, done)
    while rows := tuple(islice(waiting, _ROWS_AT_ONCE)):
        done += len(rows)
        with transaction(db):
            stored = _store(db, rows, marker, source_id, report)
            advance_ingest(
                db,
                ledger.id,
                IngestAdvance(next_offset=0, next_record=done, pages=len(rows), articles=stored),
            )
        report.rows += len(rows)
        if on_progress is not None:
            on_progress(report)
    with transaction(db):
        for name, error, message in marker.failures:
            save_failure(db, name, "ingest", error, message)
        for name in marker.cut_short:
            save_failure(db, name, "ingest", "CutShort", CUT_SHORT)
        finish_ingest(db, ledger.id)
    report.failed += len(marker.failures)


def _rows(target: ShardFolder, marker: Marker, skip: int) -> Iterator[ShardRow]:
    if marker.shard is not None:
        with target.open_shard(marker.shard) as file:
            yield from read_shard(file, target.shard_url(marker.shard), skip)


def _store(
    db: Database,
    rows: tuple[ShardRow, ...],
    marker: Marker,
    source_id: int | None,
    report: LoadReport,
) -> int:
    items = [
        ArticleToSave(
            rows=row.rows,
            source_id=source_id,
            page_hash=None if row.page is None else save_page(db, row.page, source_id=source_id),
            seen_at=row.fetched_at,
            extractor_version=marker.extractor_version,
        )
        for row in rows
    ]
    stored = 0
    for saved in save_articles(db, items):
        if saved is None:
            report.failed += 1
            continue
        stored += saved.status != "unchanged"
        setattr(report, saved.status, getattr(report, saved.status) + 1)
    return stored
