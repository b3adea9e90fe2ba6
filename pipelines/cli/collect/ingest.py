"""The command `ingest`: what was collected elsewhere becomes articles here."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.shared_options import (
    ClusterOption,
    DbOption,
    ExecutorOption,
    FiledUnderOption,
    PageTimeoutOption,
    WorkersOption,
    database_path,
)
from pipelines.cli.terminal import (
    error_console,
    format_bytes,
    format_seconds,
    harmless,
    output_console,
    print_error,
    print_note,
)
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from pipelines.ingest.filter.filters import Filters
    from pipelines.ingest.ingest_report import IngestReport
    from pipelines.ingest.inputs import Input
    from pipelines.ingest.shards.write_shards import ShardReport

_SECONDS_BETWEEN_LINES = 10.0
_MOST_FAILURES_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("ingest")(ingest_command)


def ingest_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Archives, pages, folders of them, or -.")
    ],
    db: DbOption = None,
    source: FiledUnderOption = "archive",
    url_list: Annotated[
        Path | None,
        typer.Option("--urls", help="Where pages came from: CSV or TSV of file names and URLs."),
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Glob on /path or host/path of URLs; repeatable.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Glob of what is not wanted; repeatable.")
    ] = None,
    mime: Annotated[
        list[str] | None, typer.Option(help="Media type that is wanted; repeatable.")
    ] = None,
    lang: Annotated[
        list[str] | None, typer.Option(help="Two-letter language that is wanted; repeatable.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of publication.")
    ] = None,
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="Read pages that do not look like news as well.")
    ] = False,
    keep_pages: Annotated[
        bool, typer.Option("--keep-pages", help="Keep raw pages, for reextract and export warc.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Read files again that were read before.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help="Write Parquet shards there instead; `winnow load` stores them.",
        ),
    ] = None,
    split_mb: Annotated[
        int, typer.Option(min=1, help="With --to: megabytes of an archive that are one task.")
    ] = 256,
    executor: ExecutorOption = "processes",
    cluster: ClusterOption = None,
    workers: WorkersOption = None,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Take in saved pages: HTML, text and MHTML files, WARC, WET, ARC, WACZ, JSON lines, ZIP.

    Folders are searched, whatever saved the pages there: a browser, SingleFile, wget, HTTrack,
    ArchiveBox. Files may be packed as .gz, .bz2, .xz or .zst. What cannot be read is in the table
    failures, and the exit code is 1.

    What was interrupted goes on at the next record; nothing is stored twice.

    Example: winnow ingest CC-NEWS-20260101.warc.gz --lang en --since 2026-01-01

    Example: winnow ingest saved-pages/ --urls saved-pages/urls.tsv

    Example: winnow ingest s3://crawls/2026/ --to s3://articles/2026 --executor dask
    """
    from pipelines.executor import ExecutorOptions, default_workers
    from pipelines.ingest.filter.filters import DEFAULT_MIME, Filters
    from pipelines.ingest.ingest import IngestOptions, ingest
    from pipelines.ingest.inputs import find_inputs
    from pipelines.ingest.url_list import load_url_list
    from pipelines.store.crawl.sources import save_source
    from pipelines.store.database.database import open_database

    filters = Filters(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        mime=tuple(mime or DEFAULT_MIME),
        languages=tuple(lang or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        is_news_only=not all_pages,
    )
    beside: Counter[str] = Counter()
    inputs = [item for item in find_inputs(paths, beside) if not _is_same(item, url_list)]
    urls = load_url_list(url_list) if url_list else {}
    machines = ExecutorOptions(
        executor=executor, workers=workers or default_workers(), cluster=cluster
    )
    if to is not None:
        from pipelines.ingest.shards.write_shards import ShardOptions, write_shards

        wanted = ShardOptions(
            filters=filters, urls=urls, keep_pages=keep_pages, page_timeout_seconds=page_timeout
        )
        with _Display(sum(item.size_bytes or 0 for item in inputs)) as display:
            written = write_shards(inputs, to, wanted, machines, display, split_mb * 1_000_000)
        written.left_out.update(beside)
        _print_shards(written, to)
        if written.failed:
            raise typer.Exit(1)
        return
    with closing(open_database(database_path(context, db))) as database:
        options = IngestOptions(
            source_id=save_source(database, source, kind="archive"),
            filters=filters,
            executor=machines,
            urls=urls,
            keep_pages=keep_pages,
            anew=anew,
            page_timeout_seconds=page_timeout,
        )
        with _Display(sum(item.size_bytes or 0 for item in inputs)) as display:
            report = ingest(database, inputs, options, display)
    report.left_out.update(beside)
    _print_report(report, filters)
    if report.failed:
        raise typer.Exit(1)


def _is_same(item: Input, url_list: Path | None) -> bool:
    """Whether a file of a folder is the list of its addresses."""
    path = Path(item.name)
    return url_list is not None and path.exists() and url_list.exists() and path.samefile(url_list)


class _Display:
    """How far it is: a bar on a terminal, a line now and then elsewhere.

    Args:
        total_bytes: Of all inputs as stored; 0 where that is not known.
    """

    def __init__(self, total_bytes: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._total_bytes = total_bytes
        self._is_terminal = sys.stderr.isatty()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:3.0f}%"),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=error_console(),
            transient=True,
            disable=not self._is_terminal,
        )
        self._task = self._bar.add_task("reading", total=total_bytes or None, figures="")
        self._started = self._shown = time.monotonic()
        self._begin_bytes: int | None = None

    def __enter__(self) -> _Display:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, report: IngestReport | ShardReport) -> None:
        """Show it, unless something was shown a moment ago."""
        now = time.monotonic()
        if self._begin_bytes is None:
            self._begin_bytes = report.done_bytes
        articles = report.articles
        rate = report.pages / max(now - self._started, 1e-3)
        figures = f"{articles:,} articles of {report.pages:,} pages · {rate:.0f} pages/s"
        if self._is_terminal:
            self._bar.update(self._task, completed=report.done_bytes, figures=figures)
        elif now - self._shown >= _SECONDS_BETWEEN_LINES:
            self._shown = now
            done = f"{format_bytes(report.done_bytes)} of {format_bytes(self._total_bytes)}"
            print_note(f"{done}, {figures}{self._left(report, now)}")

    def _left(self, report: IngestReport | ShardReport, now: float) -> str:
        read = report.done_bytes - (self._begin_bytes or 0)
        if not read or not self._total_bytes:
            return ""
        seconds = (self._total_bytes - report.done_bytes) * (now - self._started) / read
        return f" · {format_seconds(seconds)} left"


def _print_shards(report: ShardReport, folder: str) -> None:
    console = output_console()
    kept = f" ({report.kept:,} done before)" if report.kept else ""
    console.print(
        f"{report.pages:,} pages of {report.splits:,} splits{kept}: {report.articles:,} articles "
        f"in {folder}, {report.failed:,} failed",
        markup=False,
    )
    _print_rest(report)


def _print_report(report: IngestReport, filters: Filters) -> None:
    console = output_console()
    console.print(
        f"{report.pages:,} pages of {report.files:,} files: {report.new:,} articles new, "
        f"{report.changed:,} changed, {report.unchanged:,} the same, {report.failed:,} failed"
    )
    _print_rest(report)
    if report.cut_short:
        print_note(
            f"{report.cut_short:,} pages were cut short when they were kept; the beginning "
            "of each is read, and the table failures names them"
        )
    for name in report.unlisted[:_MOST_FAILURES_SHOWN]:
        print_note(f"{name}: not in the list of addresses")
    if len(report.unlisted) > _MOST_FAILURES_SHOWN:
        print_note(f"{len(report.unlisted) - _MOST_FAILURES_SHOWN:,} more are not in the list")
    if report.failed > _MOST_FAILURES_SHOWN:
        print_note(f"{report.failed - _MOST_FAILURES_SHOWN:,} more are in the table failures")
    if filters.is_news_only and report.left_out["not news-like"] and not report.pages:
        print_note("nothing looked like news; --all-pages reads it all the same")


def _print_rest(report: IngestReport | ShardReport) -> None:
    """What was left out, and the first failures."""
    console = output_console()
    if report.left_out:
        reasons = ", ".join(f"{count:,} {word}" for word, count in report.left_out.most_common())
        console.print(f"left out: {reasons}")
    for line in report.failures[:_MOST_FAILURES_SHOWN]:
        print_error(harmless(line))
