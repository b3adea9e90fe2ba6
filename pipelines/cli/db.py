"""The commands `db check`, `db reindex`, `db vacuum`, `db prune`, `db backup` and `db stats`."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipelines.cli.shared_options import DbOption, SourcesOption, database_path, sources_path
from pipelines.cli.terminal import format_bytes, harmless, output_console, print_error, print_note


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(no_args_is_help=True, help="Look after the database file.")
    group.command("check")(check_command)
    group.command("reindex")(reindex_command)
    group.command("vacuum")(vacuum_command)
    group.command("prune")(prune_command)
    group.command("backup")(backup_command)
    group.command("stats")(stats_command)
    app.add_typer(group, name="db")


def check_command(context: typer.Context, db: DbOption = None) -> None:
    """Check every page, index and reference; exit code 1 when something is wrong.

    Articles that hold several stories in turn are named too: addresses that an older version took
    for one article. They come apart when their addresses are next asked.

    Example: winnow db check
    """
    from pipelines.store.articles.identity.alternating import find_alternating
    from pipelines.store.database.database import open_database
    from pipelines.store.database.maintenance import check_database

    path = database_path(context, db)
    with closing(open_database(path, create=False)) as database:
        problems = check_database(database)
        # A damaged file cannot be read for what it says.
        alternating = [] if problems else find_alternating(database)
    problems += [
        f"article {article.id} holds several stories in turn, from {article.addresses} addresses: "
        f"{harmless(article.url)}; `winnow retry {harmless(article.url)}` takes them apart"
        for article in alternating
    ]
    for problem in problems:
        print_error(f"{path}: {problem}")
    if problems:
        raise typer.Exit(1)
    print_note(f"{path} is sound")


def reindex_command(context: typer.Context, db: DbOption = None) -> None:
    """Make the full-text indexes anew from the articles, when `db check` asks for it.

    Example: winnow db reindex
    """
    from pipelines.store.database.database import open_database
    from pipelines.store.database.maintenance import rebuild_search

    with closing(open_database(database_path(context, db), create=False)) as database:
        rebuild_search(database)
    print_note("the full-text indexes are made anew")


def vacuum_command(context: typer.Context, db: DbOption = None) -> None:
    """Give unused space back to the disk and bring the indexes up to date.

    Example: winnow db vacuum
    """
    from pipelines.store.database.database import open_database
    from pipelines.store.database.maintenance import vacuum_database

    path = database_path(context, db)
    with closing(open_database(path, create=False)) as database:
        freed = vacuum_database(database)
    print_note(f"{path}: {format_bytes(max(0, freed))} given back")


def prune_command(
    context: typer.Context,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Keep those of so many days, whatever sources.toml says."),
    ] = None,
    db: DbOption = None,
    sources: SourcesOption = None,
) -> None:
    """Forget raw pages older than each source's keep_pages_days; articles stay as they are.

    Example: winnow db prune

    Example: winnow db prune --days 30
    """
    from datetime import UTC, datetime, timedelta

    from pipelines.retention import forget_old_pages
    from pipelines.settings import load_settings
    from pipelines.store.crawl.sources import load_sources
    from pipelines.store.database.database import open_database
    from pipelines.store.pages.raw_pages import prune_pages

    path = database_path(context, db)
    with closing(open_database(path, create=False)) as database:
        if days:
            count = prune_pages(database, datetime.now(UTC) - timedelta(days=days))
        else:
            settings = load_settings(sources_path(context, sources), has_secrets=False)
            found = {s.id: settings.find_source(s.name) for s in load_sources(database)}
            count = forget_old_pages(database, {n: s for n, s in found.items() if s is not None})
    print_note(f"{path}: {count} pages forgotten; `winnow db vacuum` gives their space back")


def backup_command(
    context: typer.Context,
    destination: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    db: DbOption = None,
) -> None:
    """Copy the database as it is at one moment, also during a crawl.

    Example: winnow db backup backups/articles.db
    """
    from pipelines.store.database.database import open_database
    from pipelines.store.database.maintenance import backup_database

    with closing(open_database(database_path(context, db), create=False)) as database:
        size = backup_database(database, destination)
    print_note(f"{format_bytes(size)} in {destination}")


def stats_command(context: typer.Context, db: DbOption = None) -> None:
    """Say which table takes how much space.

    Example: winnow db stats
    """
    from pipelines.store.database.database import open_database
    from pipelines.store.database.maintenance import database_stats

    with closing(open_database(database_path(context, db), create=False)) as database:
        stats = database_stats(database)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("table", "rows", "data", "indexes", "share"):
        table.add_column(name, justify="left" if name == "table" else "right")
    for size in stats.tables:
        share = (size.data_bytes + size.index_bytes) / max(1, stats.total_bytes)
        rows = "" if size.rows is None else f"{size.rows:,}"
        table.add_row(
            size.name,
            rows,
            format_bytes(size.data_bytes),
            format_bytes(size.index_bytes),
            f"{share:.1%}",
        )
    console = output_console()
    console.print(table)
    console.print(
        f"{format_bytes(stats.total_bytes)} in all, {format_bytes(stats.free_bytes)} of it free; "
        f"schema {stats.schema_version}"
    )
