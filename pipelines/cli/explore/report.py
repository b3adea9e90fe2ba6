"""The command `report`: the database as one HTML file with charts."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import print_note
from pipelines.errors import ExportError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report_command)


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
    from pipelines.browse.report_page import render_report
    from pipelines.store.database.database import open_to_read
    from pipelines.store.statistics.report_figures import load_report

    with closing(open_to_read(database_path(context, db))) as database:
        page = render_report(load_report(database, days=days))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"report {output}: {error.strerror or error}") from error
    print_note(f"report in {output}")
