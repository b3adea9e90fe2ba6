"""The command `schema`: what every table and column holds."""

import json
import sys
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from pipelines.cli.terminal import output_console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema")(schema_command)


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
