"""The command `load`: Parquet shards become articles of the database."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.shared_options import DbOption, FiledUnderOption, database_path
from pipelines.cli.terminal import error_console, output_console, print_note

if TYPE_CHECKING:
    from pipelines.ingest.shards.load_shards import LoadReport


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("load")(load_command)


def load_command(
    context: typer.Context,
    folders: Annotated[
        list[str],
        typer.Argument(metavar="FOLDER...", help="What `winnow ingest --to` wrote; URLs too."),
    ],
    db: DbOption = None,
    source: FiledUnderOption = "archive",
) -> None:
    """Store the articles of Parquet shards that `winnow ingest --to` wrote.

    Splits that are not finished are left for another time; what was loaded before is passed over.
    DuckDB, Spark or pandas read the shards as they are: FOLDER/parts/*.parquet.

    Example: winnow load shards/

    Example: winnow load s3://articles/2026 --db data/articles.db
    """
    from pipelines.ingest.shards.load_shards import load_shards
    from pipelines.store.crawl.sources import save_source
    from pipelines.store.database.database import open_database

    failed = 0
    with closing(open_database(database_path(context, db))) as database:
        source_id = save_source(database, source, kind="archive")
        for folder in folders:
            with _Display() as display:
                report = load_shards(database, folder, source_id, display)
            _print_report(report, folder)
            failed += report.failed
    if failed:
        raise typer.Exit(1)


class _Display:
    """A bar on a terminal; nothing elsewhere, where the last line says it all."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        console = error_console()
        self._bar = Progress(
            *Progress.get_default_columns()[:1],
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("loading", total=None)

    def __enter__(self) -> _Display:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, report: LoadReport) -> None:
        """Show how far it is."""
        self._bar.update(self._task, completed=report.rows, total=report.total_rows)


def _print_report(report: LoadReport, folder: str) -> None:
    if not report.shards:
        print_note(f"{folder}: there is no finished shard in it")
        return
    output_console().print(
        f"{report.rows:,} articles of {report.shards:,} shards: {report.new:,} new, "
        f"{report.changed:,} changed, {report.unchanged:,} the same, {report.failed:,} failed"
    )
