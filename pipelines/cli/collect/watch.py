"""The command `watch`."""

from __future__ import annotations

from contextlib import closing, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.log import ProgressLog, write_event, write_report
from pipelines.cli.shared_options import (
    DbOption,
    LogOption,
    PageTimeoutOption,
    SourcesOption,
    WorkersOption,
    database_path,
    sources_path,
)
from pipelines.cli.terminal import format_ago, format_bytes, harmless, print_error, print_note
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from pipelines.crawl.crawl_report import CrawlReport, Progress
    from pipelines.metrics import WatchCounts
    from pipelines.watch import WatchEvent


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("watch")(watch_command)


def watch_command(
    context: typer.Context,
    db: DbOption = None,
    sources: SourcesOption = None,
    workers: WorkersOption = None,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
    log: LogOption = "text",
    metrics: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Serve figures for Prometheus at /metrics."),
    ] = None,
) -> None:
    """Crawl each source when it is due, until stopped by Ctrl-C or SIGTERM.

    A source without a schedule is crawled every hour. sources.toml may be changed meanwhile; one
    that is broken is told of, and the settings before stay in force.

    Example: winnow watch

    Example: winnow watch --log json --metrics 127.0.0.1:9464
    """
    import asyncio

    from pipelines.crawl.crawl import stop_on_signals
    from pipelines.crawl.options import CrawlOptions
    from pipelines.metrics import WatchCounts, serve_metrics
    from pipelines.settings import load_settings
    from pipelines.store.database.database import open_database
    from pipelines.watch import watch

    path, db_path = sources_path(context, sources), database_path(context, db)
    load_settings(path)  # a broken file is told before anything begins
    listener = _JsonListener() if log == "json" else _TextListener()
    counts = WatchCounts()

    def on_event(event: WatchEvent) -> None:
        _count(counts, event)
        listener.note(event)

    def on_progress(progress: Progress) -> None:
        counts.note_progress(progress)
        listener.note_progress(progress)

    async def run(metrics_url: str | None) -> None:
        stop = asyncio.Event()
        options = CrawlOptions(workers=workers, page_timeout_seconds=page_timeout)
        with stop_on_signals(stop):  # from the first word on, so that who has read it can end it
            listener.begin(str(path), str(db_path), metrics_url)
            await watch(path, database, options, on_event, stop, on_progress)

    with closing(open_database(db_path)) as database:
        serving = serve_metrics(metrics, counts, db_path) if metrics else nullcontext()
        with serving as url:
            asyncio.run(run(url))
    listener.end()


def _count(counts: WatchCounts, event: WatchEvent) -> None:
    if event.report is not None:
        counts.note_report(event.report)
    elif event.next_due is None:
        counts.note_settings(are_good=event.error is None)


class _TextListener:
    """Says what happens in lines for people."""

    def begin(self, sources: str, _database: str, metrics_url: str | None) -> None:
        where = f"; figures at {metrics_url}" if metrics_url else ""
        print_note(f"watching {sources}{where}; Ctrl-C ends it")

    def note(self, event: WatchEvent) -> None:
        if event.error is not None:
            print_error(f"{event.error}; going on with the settings before")
        if event.settings is not None:
            print_note(f"{_now()}  settings read again: {_count_sources(event.settings.sources)}")
        if event.report is not None and _did_something(event.report):
            report = event.report
            print_note(
                f"{_now()}  {report.total('new')} new, {report.total('changed')} changed, "
                f"{report.total('failed')} failed, {format_bytes(report.total('bytes'))}"
            )
            for failure in report.failures:
                print_error(f"{failure.url}: {failure.message}")
        if event.next_due is not None:
            name, at = event.next_due
            print_note(f"{_now()}  next: {harmless(name)} {format_ago(at.isoformat())}")

    def note_progress(self, _progress: Progress) -> None:
        """Nothing: a line is printed when the crawl has ended."""

    def end(self) -> None:
        print_note("stopped")


class _JsonListener:
    """Says what happens in one JSON object a line."""

    def __init__(self) -> None:
        self._progress = ProgressLog()

    def begin(self, sources: str, database: str, metrics_url: str | None) -> None:
        write_event("started", sources=sources, database=database, metrics=metrics_url)

    def note(self, event: WatchEvent) -> None:
        if event.error is not None:
            write_event("settings", error=event.error)
        if event.settings is not None:
            write_event("settings", sources=[source.name for source in event.settings.sources])
        if event.report is not None and _did_something(event.report):
            write_report(event.report)
        if event.next_due is not None:
            name, at = event.next_due
            write_event("waiting", source=name, due_at=at.isoformat(timespec="seconds"))

    def note_progress(self, progress: Progress) -> None:
        self._progress(progress)

    def end(self) -> None:
        write_event("stopped")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _count_sources(sources: tuple[object, ...]) -> str:
    return "1 source" if len(sources) == 1 else f"{len(sources)} sources"


def _did_something(report: CrawlReport) -> bool:
    return any(report.total(name) for name in ("fetched", "not_modified", "failed", "skipped"))
