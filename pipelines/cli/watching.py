"""The command `watch`."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.options import DbOption, SourcesOption, database_path, sources_path
from pipelines.cli.terminal import format_bytes, print_error, print_note

if TYPE_CHECKING:
    from pipelines.crawl import CrawlReport
    from pipelines.watch import WatchEvent


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("watch")(watch_command)


def watch_command(
    context: typer.Context,
    db: DbOption = None,
    sources: SourcesOption = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that read pages.", show_default="processors"),
    ] = None,
    log: Annotated[Literal["text", "json"], typer.Option(help="How to write each line.")] = "text",
) -> None:
    """Crawl each source when it is due, until stopped by Ctrl-C or SIGTERM.

    A source without a schedule is crawled every hour. sources.toml may be changed meanwhile.

    Example: winnow watch --log json
    """
    import asyncio

    from pipelines.crawl import CrawlOptions, stop_on_signals
    from pipelines.settings import load_settings
    from pipelines.store.database import open_database
    from pipelines.watch import watch

    path = sources_path(context, sources)
    print_event = _print_json if log == "json" else _print_text

    async def run() -> None:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            await watch(path, database, CrawlOptions(workers=workers), print_event, stop)

    load_settings(path)  # a broken file is told before anything begins
    with closing(open_database(database_path(context, db))) as database:
        print_note(f"watching {path}; Ctrl-C ends it")
        asyncio.run(run())


def _print_text(event: WatchEvent) -> None:
    if event.error is not None:
        print_error(f"{event.error}; going on with the settings before")
    if event.report is not None and _did_something(event.report):
        report = event.report
        now = datetime.now(UTC)
        print_note(
            f"{now:%Y-%m-%d %H:%M:%S} UTC  {report.total('new')} new, "
            f"{report.total('changed')} changed, {report.total('failed')} failed, "
            f"{format_bytes(report.total('bytes'))}"
        )
        for failure in report.failures:
            print_error(f"{failure.url}: {failure.message}")


def _print_json(event: WatchEvent) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    record: dict[str, object] = {"at": now}
    if event.error is not None:
        record |= {"event": "settings", "error": event.error}
    elif event.report is not None and _did_something(event.report):
        record |= {"event": "crawl", **asdict(event.report)}
    else:
        return
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _did_something(report: CrawlReport) -> bool:
    return any(report.total(name) for name in ("fetched", "not_modified", "failed", "skipped"))
