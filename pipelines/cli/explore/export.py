"""The command `export`."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import print_note
from pipelines.store.export.export_tables import EXPORT_TABLES

# Their names are known before the exporters are loaded; a test holds them to be all.
FORMAT_NAMES = ("csv", "jsonl", "markdown", "parquet")
_PAGES = "warc"  # the one format of raw pages: there are no tables and columns in it


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("export")(export_command)


def export_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    format_name: Annotated[
        str,
        typer.Argument(
            metavar="|".join((*FORMAT_NAMES, _PAGES)), help="warc: the stored raw pages."
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="A file, a folder (markdown), or - for here.")
    ] = "-",
    table: Annotated[str, typer.Option(help=", ".join(EXPORT_TABLES))] = "articles",
    columns: Annotated[
        str | None, typer.Option(help="Names with commas between, in the order wanted.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help='SQL over the columns, such as "word_count > 500".')
    ] = None,
    since: Annotated[str | None, typer.Option(help="Published since this date.")] = None,
    since_last: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what changed since the last export of this name."),
    ] = None,
    split_by: Annotated[
        Literal["month", "source"] | None, typer.Option(help="One file for each.")
    ] = None,
    excel: Annotated[bool, typer.Option("--excel", help="CSV that Excel opens right.")] = False,
    keep_formulas: Annotated[
        bool, typer.Option("--keep-formulas", help="Do not disarm cells that could be formulas.")
    ] = False,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Describe the output in a file beside it.")
    ] = False,
    db: DbOption = None,
) -> None:
    """Export articles, or their parts, for other programs.

    Example: winnow export csv --output articles.csv --columns title,url,published_at

    Example: winnow export jsonl --since 2026-01-01 --where "language = 'en'" > articles.jsonl

    Example: winnow export csv --table faqs --excel -o faqs.csv

    Example: winnow export warc -o pages.warc.gz
    """
    if format_name == _PAGES:
        _export_pages(database_path(context, db), output)
        return
    from pipelines.store import load_sqlite_utils

    load_sqlite_utils()
    from pipelines.export import ExportOptions, export_table
    from pipelines.store.database.database import open_database

    options = ExportOptions(
        output=output,
        table=table,
        columns=tuple(name.strip() for name in (columns or "").split(",") if name.strip()),
        where=where,
        since=since,
        since_last=since_last,
        split_by=split_by,
        excel=excel,
        keep_formulas=keep_formulas,
        manifest=manifest,
    )
    with closing(open_database(database_path(context, db), create=False)) as database:
        count = export_table(database, format_name, options)
    if output != "-":
        print_note(f"{count} rows in {Path(output)}")


def _export_pages(path: Path, output: str) -> None:
    from pipelines.export.formats.to_warc import export_warc
    from pipelines.export.output import open_output
    from pipelines.store.database.database import open_database
    from pipelines.store.pages.raw_pages import iter_pages

    with (
        closing(open_database(path, create=False)) as database,
        open_output(output, is_compressed=False) as file,
    ):
        count = export_warc(iter_pages(database), file, is_gzipped=output.endswith(".gz"))
    if output != "-":
        print_note(f"{count} pages in {Path(output)}")
