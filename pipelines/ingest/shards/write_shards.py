"""Archives into Parquet shards, one task a split, on whichever executor.

    inputs ──▶ splits ──executor──▶ parts/SPLIT.parquet, then markers/SPLIT.json

A split that has a marker is not done again: a lost worker, a scheduler that starts anew or a second
run repeats only what is unfinished. A task may run twice at once without harm: what both write is
the same, and appears as a whole.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from pipelines.errors import IngestError
from pipelines.executor import ExecutorOptions, run_tasks
from pipelines.ingest.filter.filters import Filters, find_unwanted
from pipelines.ingest.inputs import Input
from pipelines.ingest.items import CapturedPage, Item, Place
from pipelines.ingest.read_input import read_input
from pipelines.ingest.read_pages import PageBatch, read_pages
from pipelines.ingest.shards.folder import Marker, ShardFolder
from pipelines.ingest.shards.parquet import ShardRow, ShardWriter, load_pyarrow
from pipelines.ingest.shards.split import SPLIT_BYTES, Split, find_splits
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS
from scraper.extract.extractor import EXTRACTOR_VERSION

_MOST_FAILURES: Final = 10_000  # of a split, each with its message; all are counted
_BATCH_PAGES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardOptions:
    """What is written.

    Attributes:
        filters: What is wanted.
        urls: Addresses of files by name.
        keep_pages: Whether raw pages are kept, so that extraction can be run again.
        page_timeout_seconds: How long reading one page may take before it is given up.
    """

    filters: Filters = field(default_factory=Filters)
    urls: Mapping[str, str] = field(default_factory=dict)
    keep_pages: bool = False
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS

    def fingerprint(self) -> str:
        """The same for the same options and extractor."""
        listed = f" {sorted(self.urls.items())!r}" if self.urls else ""
        text = f"{self.filters!r} {self.keep_pages} {EXTRACTOR_VERSION}{listed}"
        return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SplitTask:
    """One split to do, and where to."""

    split: Split
    folder: str
    options: ShardOptions


@dataclass(slots=True)
class ShardReport:
    """What came of it so far.

    Attributes:
        done_bytes: Of the archives as stored, those of earlier runs included.
        kept: Splits that an earlier run had done.
        articles: Rows of the shards.
    """

    done_bytes: int = 0
    splits: int = 0
    kept: int = 0
    pages: int = 0
    articles: int = 0
    failed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, marker: Marker) -> None:
        """Count a split in."""
        self.splits += 1
        self.pages += marker.pages
        self.articles += marker.rows
        self.failed += len(marker.failures)
        self.left_out.update(marker.left_out)
        for name, _, message in marker.failures[: 100 - len(self.failures)]:
            self.failures.append(f"{name}: {message}")


def write_shards(
    inputs: Iterable[Input],
    folder: str,
    options: ShardOptions,
    executor: ExecutorOptions,
    on_progress: Callable[[ShardReport], None] | None = None,
    split_bytes: int = SPLIT_BYTES,
) -> ShardReport:
    """Write the articles of every input into Parquet shards in `folder`.

    Args:
        inputs: From `pipelines.ingest.inputs.find_inputs`.
        folder: A path, or a URL that fsspec knows, such as ``s3://bucket/articles``.
        options: What is wanted.
        executor: Where splits are done.
        on_progress: Called after each split.
        split_bytes: How much of an archive is one task.

    Raises:
        IngestError: An input or the folder cannot be used, or the folder holds shards that were
            made with other options.
        ExecutorError: The executor is not installed, or there is no cluster.
        WorkerLostError: A split cost every worker that tried it.
    """
    load_pyarrow()  # or a word about what is missing, before anything is done
    target = ShardFolder(folder)
    report = ShardReport()
    wanted = options.fingerprint()

    def tasks() -> Iterator[SplitTask]:
        for split in find_splits(inputs, split_bytes):
            marker = target.load_marker(split.id)
            if marker is None:
                yield SplitTask(split, folder, options)
                continue
            if marker.options != wanted:
                raise IngestError(
                    f"{folder} holds shards that were made with other options or by another "
                    "version; name another folder, or remove it"
                )
            report.kept += 1
            note(split, marker)

    def note(split: Split, marker: Marker) -> None:
        report.done_bytes += split.size_bytes
        report.add(marker)
        if on_progress is not None:
            on_progress(report)

    for result in run_tasks(write_split, tasks(), replace(executor, in_order=False, ahead=1)):
        note(result.task.split, result.value())
    return report


def write_split(task: SplitTask) -> Marker:
    """Do one split, wherever this runs: its shard, then its marker, which is returned.

    Raises:
        IngestError: It cannot be read, or the folder cannot be written.
    """
    target = ShardFolder(task.folder)
    counts = _Counts()
    try:
        with tempfile.TemporaryDirectory(prefix="winnow-") as scratch:
            path = str(Path(scratch) / "shard.parquet")
            writer = ShardWriter(path, EXTRACTOR_VERSION)
            for row in _read_split(task, counts):
                writer.add(row)
            writer.close()
            shard = target.put_shard(path, task.split.id) if writer.rows else None
    except OSError as error:
        raise IngestError(f"{error.filename or task.folder}: {error.strerror or error}") from error
    marker = Marker(
        split=task.split.id,
        options=task.options.fingerprint(),
        shard=shard,
        rows=writer.rows,
        pages=counts.pages,
        left_out=dict(sorted(counts.left_out.items())),
        failures=tuple(counts.failures),
        cut_short=tuple(counts.cut_short),
        extractor_version=EXTRACTOR_VERSION,
    )
    target.put_marker(marker)
    return marker


@dataclass(slots=True)
class _Counts:
    pages: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)

    def fail(self, name: str, error: str, message: str) -> None:
        if len(self.failures) < _MOST_FAILURES:
            self.failures.append((name, error, message))


def _read_split(task: SplitTask, counts: _Counts) -> Iterator[ShardRow]:
    split, options = task.split, task.options
    for file in split.inputs:
        waiting: list[CapturedPage] = []
        for item in read_input(file, Place(split.begin), options.urls, split.end):
            captured = _wanted(item, options.filters, counts)
            if captured is not None:
                waiting.append(captured)
            if len(waiting) >= _BATCH_PAGES:
                yield from _read_batch(waiting, file, options, counts)
                waiting = []
        yield from _read_batch(waiting, file, options, counts)


def _wanted(item: Item, filters: Filters, counts: _Counts) -> CapturedPage | None:
    if isinstance(item, CapturedPage):
        unwanted = find_unwanted(item, filters)
        if unwanted is None:
            return item
        counts.left_out[unwanted] += 1
        return None
    counts.left_out[item.reason] += 1
    if item.is_fault:
        counts.fail(item.name, item.reason, item.message or item.reason)
    return None


def _read_batch(
    pages_to_read: list[CapturedPage], file: Input, options: ShardOptions, counts: _Counts
) -> Iterator[ShardRow]:
    batch = PageBatch(
        tuple(pages_to_read), options.filters, options.keep_pages, options.page_timeout_seconds
    )
    for captured, read in zip(pages_to_read, read_pages(batch), strict=True):
        counts.pages += 1
        name = captured.page.url or captured.file or file.label
        if captured.page.is_cut_short and len(counts.cut_short) < _MOST_FAILURES:
            counts.cut_short.append(name)
        if read.unwanted is not None:
            counts.left_out[read.unwanted] += 1
        elif read.rows is None:
            counts.fail(name, read.error or "", read.message)
        else:
            yield ShardRow(
                rows=read.rows,
                archive=file.label,
                fetched_at=captured.page.fetched_at,
                page=read.packed,
            )
