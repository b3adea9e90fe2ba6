"""The command `reextract`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipelines.cli.shared_options import DbOption, PageTimeoutOption, database_path
from pipelines.cli.terminal import output_console, print_note
from pipelines.errors import StoreError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from pipelines.reextract import ReextractReport


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("reextract")(reextract_command)


def reextract_command(
    context: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="Only pages of this source.")
    ] = None,
    db: DbOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that read pages.", show_default="processors"),
    ] = None,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Run today's extractor over the stored pages, and say which fields changed.

    Example: winnow reextract --dry-run

    Example: winnow reextract example
    """
    import asyncio

    from pipelines.cli.progress import CrawlDisplay
    from pipelines.executor import default_workers
    from pipelines.reextract import ReextractOptions, reextract
    from pipelines.store.crawl.sources import load_sources
    from pipelines.store.database.database import open_database

    with closing(open_database(database_path(context, db), create=False)) as database:
        source_id = None
        if source is not None:
            known = {s.name: s.id for s in load_sources(database)}
            if source not in known:
                raise StoreError(f'no source "{source}" in the database: {", ".join(known)}')
            source_id = known[source]
        options = ReextractOptions(
            source_id=source_id,
            workers=workers or default_workers(),
            dry_run=dry_run,
            page_timeout_seconds=page_timeout,
        )
        with CrawlDisplay() as display:
            report = asyncio.run(reextract(database, options, display))
    _print_report(report, dry_run=dry_run)
    if report.failed:
        raise typer.Exit(1)


def _print_report(report: ReextractReport, *, dry_run: bool) -> None:
    if not report.pages:
        print_note("no page is stored; keep_pages = true in sources.toml keeps them")
        return
    console = output_console()
    verb = "would change" if dry_run else "changed"
    console.print(
        f"{report.pages} pages: {report.changed} articles {verb}, {report.unchanged} the same, "
        f"{report.new} new, {report.lost} without an article now, {report.failed} failed"
    )
    if report.incomplete:
        print_note(f"{report.incomplete} articles stay as they are: not all their pages are kept")
    if report.fields:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("field")
        table.add_column("articles", justify="right")
        for name, count in report.fields.most_common():
            table.add_row(name, str(count))
        console.print(table)
