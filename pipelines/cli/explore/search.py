"""The command `search`."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import harmless, output_console, print_note

if TYPE_CHECKING:
    from pipelines.store.search.search import SearchHit

SearchFormat = Literal["terminal", "tsv", "json"]
_DAY_FORMATS = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search_command)


def search_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words to look for.")],
    db: DbOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Hits at most.")] = 20,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY_FORMATS, help="Published on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY_FORMATS, help="… or earlier.")
    ] = None,
    author: Annotated[str | None, typer.Option(help="Part of an author's name.")] = None,
    tag: Annotated[str | None, typer.Option(help="A tag.")] = None,
    language: Annotated[
        str | None, typer.Option("--lang", "--language", help="Such as en or pt-BR.")
    ] = None,
    output_format: Annotated[
        SearchFormat | None,
        typer.Option("--format", "-f", show_default="terminal on a terminal, tsv in a pipe"),
    ] = None,
) -> None:
    """Search titles, descriptions and texts; the best hits first.

    All words must be there; "quoted words" in this order, word* any ending, -word not at all,
    OR between words either. Any text is a query.

    Example: winnow search flood warning

    Example: winnow search '"city council" -budget' --since 2026-01-01 --format json
    """
    from pipelines.store.database.database import open_to_read
    from pipelines.store.search.search import SearchFilters, search_articles

    filters = SearchFilters(
        source=source,
        since=since.date() if since else None,
        until=until.date() if until else None,
        author=author,
        tag=tag,
        language=language,
    )
    with closing(open_to_read(database_path(context, db))) as database:
        hits = search_articles(database, " ".join(query), limit=limit, filters=filters)
    chosen = output_format or ("terminal" if sys.stdout.isatty() else "tsv")
    _PRINTERS[chosen](hits)
    if not hits:
        print_note("nothing found")


def _print_for_people(hits: list[SearchHit]) -> None:
    console = output_console()
    for hit in hits:
        about = " · ".join(filter(None, (hit.source, (hit.published_at or "")[:10])))
        console.print(
            Text.assemble(
                (harmless(hit.title) or "(no title)", "bold"), "  ", (harmless(about), "dim")
            )
        )
        console.print(Text(harmless(hit.url), style="blue"))
        runs = [
            (harmless(text, one_line=False).replace("\n", " "), "bold yellow" if found else "")
            for text, found in hit.snippet_runs
        ]
        console.print(Text.assemble("  ", *runs))
        console.print()


def _print_tsv(hits: list[SearchHit]) -> None:
    for hit in hits:
        fields = (hit.id, hit.published_at, hit.source, hit.title, hit.url, hit.snippet)
        sys.stdout.write("\t".join(harmless(str(f or "")) for f in fields) + "\n")


def _print_json(hits: list[SearchHit]) -> None:
    rows = [{k: v for k, v in asdict(hit).items() if k != "snippet_runs"} for hit in hits]
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


_PRINTERS = {"terminal": _print_for_people, "tsv": _print_tsv, "json": _print_json}
