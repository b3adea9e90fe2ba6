"""Commands that show the database: browse, report, schema."""

import json
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from pipelines.cli.options import DbOption, database_path
from pipelines.cli.terminal import output_console, print_note
from pipelines.errors import ExportError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("browse")(browse_command)
    app.command("report")(report_command)
    app.command("schema")(schema_command)


def browse_command(
    context: typer.Context,
    db: DbOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8001,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
) -> None:
    r"""Open the database in Datasette, read-only, until Ctrl-C.

    Needs the extra: pip install 'winnow-news\[browse]'

    Example: winnow browse --port 8001
    """
    from pipelines.browse.serve import serve_database

    path = database_path(context, db)
    words = f"{path} at http://{host}:{port}/{path.stem}  (Ctrl-C ends it)"
    with suppress(KeyboardInterrupt):  # the way to end it
        serve_database(path, host=host, port=port, on_start=lambda: print_note(words))


def report_command(
    context: typer.Context,
    db: DbOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")] = Path(
        "data/report.html"
    ),
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days to look back.")] = 30,
) -> None:
    """Write one HTML file with charts: articles a day, freshness, failures, languages.

    Example: winnow report --days 90 --output report.html
    """
    from pipelines.browse.report import render_report
    from pipelines.store.database.database import open_database
    from pipelines.store.statistics.report_figures import load_report

    with closing(open_database(database_path(context, db), create=False)) as database:
        page = render_report(load_report(database, days=days))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"report {output}: {error.strerror or error}") from error
    print_note(f"report in {output}")


def schema_command(
    table: Annotated[str | None, typer.Argument(metavar="TABLE", help="Only this one.")] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", "-f")
    ] = "text",
) -> None:
    """Say what every table and column of the database holds.

    Example: winnow schema articles
    """
    from pipelines.store.schema.schema import TABLES, schema_markdown

    shown = [t for t in TABLES if table in {None, t.name}]
    if not shown:
        names = ", ".join(t.name for t in TABLES)
        raise typer.BadParameter(f'there is no table "{table}"; there are {names}')
    if output_format == "markdown":
        sys.stdout.write(schema_markdown())
        return
    if output_format == "json":
        record = {
            t.name: {
                "kind": t.kind,
                "description": t.description,
                "columns": {c.name: c.description for c in t.columns},
            }
            for t in shown
        }
        sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
        return
    console = output_console()
    for description in shown:
        console.print(Text.assemble((description.name, "bold"), f"  {description.description}"))
        columns = Table(box=None, show_header=False, padding=(0, 2))
        columns.add_column(no_wrap=True, style="cyan")
        columns.add_column()
        for column in description.columns:
            columns.add_row(column.name, column.description)
        console.print(columns)
        console.print()
