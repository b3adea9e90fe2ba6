"""The command `crawl`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.log import ProgressLog, write_event, write_report
from pipelines.cli.shared_options import (
    ClusterOption,
    DbOption,
    ExecutorOption,
    LogOption,
    PageTimeoutOption,
    SourcesOption,
    WorkersOption,
    database_path,
    sources_path,
)
from pipelines.cli.terminal import (
    figures_table,
    format_bytes,
    format_seconds,
    harmless,
    label,
    output_console,
    print_error,
    print_note,
)
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from pipelines.crawl.crawl_report import CrawlReport, ProgressCallback
    from pipelines.crawl.options import CrawlOptions
    from pipelines.settings import Settings

_MOST_FAILURES_PRINTED = 10
_FIGURES = {
    "fetched": "fetched",
    "not_modified": "304",
    "new": "new",
    "changed": "changed",
    "unchanged": "unchanged",
    "suspect": "suspect",
    "skipped": "skipped",
    "failed": "failed",
}
_ALWAYS_SHOWN = frozenset({"fetched", "new", "failed"})


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("crawl")(crawl_command)


def crawl_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Only these, due or not.")
    ] = None,
    db: DbOption = None,
    sources: SourcesOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles to fetch at most.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="New articles of this day or later only."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="New articles of this day or earlier only."),
    ] = None,
    workers: WorkersOption = None,
    executor: ExecutorOption = "processes",
    cluster: ClusterOption = None,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print failures only.")] = False,
    log: LogOption = "text",
) -> None:
    """Crawl what is due: find articles, fetch them, store them.

    A crawl that was stopped or killed goes on where it was. Exit code 1 says that something
    failed; what it was is printed, and kept in the table failures.

    Example: winnow crawl

    Example: winnow crawl example --limit 50 --db data/articles.db

    Example: winnow crawl example --since 2026-01-01 --until 2026-01-31

    Example: winnow crawl --log json >> crawl.log

    Example: winnow crawl --executor dask --cluster tcp://10.0.0.5:8786
    """
    from pipelines.crawl.options import CrawlOptions
    from pipelines.settings import load_settings

    settings = load_settings(sources_path(context, sources))
    options = CrawlOptions(
        sources=tuple(names or ()),
        limit=limit,
        since=_day(since),
        until=_day(until),
        workers=workers,
        executor=executor,
        cluster=cluster,
        page_timeout_seconds=page_timeout,
    )
    if options.since and options.until and options.since > options.until:
        raise typer.BadParameter(f"{options.since} comes after {options.until}", param_hint="since")
    path = database_path(context, db)
    if log == "json":
        write_event("started", sources=[source.name for source in settings.sources])
        report = run_crawl(settings, path, options, on_progress=ProgressLog())
        write_report(report)
    else:
        report = run_crawl(settings, path, options, quiet=quiet)
        print_outcome(report, quiet=quiet)
    if report.total("failed") or report.was_stopped:
        raise typer.Exit(1)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def print_outcome(report: CrawlReport, *, quiet: bool) -> None:
    """What a crawl did, and what failed in it, as `crawl` shows it."""
    if not quiet:
        print_report(report)
    for failure in report.failures[:_MOST_FAILURES_PRINTED]:
        print_error(f"{failure.url}: {failure.message}")
    failed = report.total("failed")
    if failed > _MOST_FAILURES_PRINTED:
        print_note(f"… and {failed - _MOST_FAILURES_PRINTED} more; the table failures has them all")
    if report.was_stopped:
        print_note("stopped; the next `winnow crawl` goes on from here")


def run_crawl(
    settings: Settings,
    db_path: Path,
    options: CrawlOptions,
    *,
    quiet: bool = False,
    on_progress: ProgressCallback | None = None,
) -> CrawlReport:
    """Crawl until done or stopped by a signal; a progress display unless `on_progress` is told."""
    import asyncio

    from pipelines.cli.progress import CrawlDisplay
    from pipelines.crawl.crawl import crawl, stop_on_signals
    from pipelines.store.database.database import open_database

    async def run() -> CrawlReport:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            return await crawl(settings, db, options, on_progress=on_progress or display, stop=stop)

    db = open_database(db_path)
    try:
        with CrawlDisplay(quiet=quiet or on_progress is not None) as display:
            return asyncio.run(run())
    finally:
        db.close()


def _print_elsewhere(report: CrawlReport) -> None:
    if report.elsewhere:
        hosts = "1 host" if len(report.elsewhere) == 1 else f"{len(report.elsewhere)} hosts"
        print_note(f"another crawl of this database is at work on {hosts}, and will go on there")


def print_report(report: CrawlReport) -> None:
    """What a crawl did, a row for each source that did something."""
    rows = [s for s in report.sources.values() if any(getattr(s, f) for f in _FIGURES)]
    if not rows:
        print_note("nothing is due" if not report.left else f"nothing fetched, {report.left} left")
        _print_elsewhere(report)
        return
    shown = [name for name in _FIGURES if name in _ALWAYS_SHOWN or report.total(name)]
    table = figures_table()
    table.add_column("source", overflow="fold")
    for name in (*(_FIGURES[name] for name in shown), "bytes"):
        table.add_column(name, justify="right", no_wrap=True)
    for source in rows:
        figures = [Text(str(getattr(source, name))) for name in shown]
        if source.failed:
            figures[-1].stylize("red")
        table.add_row(label(source.name), *figures, format_bytes(source.bytes))
    if len(rows) > 1:
        totals = [str(report.total(name)) for name in shown]
        table.add_row("all", *totals, format_bytes(report.total("bytes")), style="bold")
    console = output_console()
    console.print(table)
    pages = report.total("fetched") + report.total("not_modified")
    rate = pages / report.elapsed_seconds if report.elapsed_seconds else 0.0
    words = [f"{pages} pages in {format_seconds(report.elapsed_seconds)} ({rate:.1f} a second)"]
    if report.left:
        words.append(f"{report.left} left for the next crawl")
    console.print(Text(", ".join(words)))
    _print_elsewhere(report)
    for host in report.backing_off:
        print_note(f"backing off from {harmless(host)} for now: it does not answer as it should")
