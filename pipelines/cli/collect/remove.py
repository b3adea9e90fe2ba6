"""The command `remove`."""

from __future__ import annotations

import sys
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.shared_options import (
    DbOption,
    SourcesOption,
    database_path,
    known_sources_path,
)
from pipelines.cli.terminal import harmless, output_console, print_error, print_note

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.remove import Removal

_WRONG_USAGE = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remove")(remove_command)


def remove_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="Its name in sources.toml.")],
    with_articles: Annotated[
        bool, typer.Option("--with-articles", help="Delete its articles and raw pages too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    db: DbOption = None,
    sources: SourcesOption = None,
) -> None:
    """Take a source out of sources.toml and out of the frontier.

    Its articles stay, to be searched and exported, unless they are to go too. Articles that another
    source leads to as well stay with that one. While a crawl is at work, nothing is removed.

    Example: winnow remove example

    Example: winnow remove example --with-articles --yes
    """
    from pipelines.remove import check_nobody_crawls, find_removal, remove_source
    from pipelines.store.database.database import open_database

    path = known_sources_path(context, sources)
    place = database_path(context, db)
    is_there = place.exists() or path is None  # without either, the database is what is missing
    with closing(open_database(place, create=False)) if is_there else nullcontext() as database:
        removal = find_removal(path, database, name)
        if removal.has_only_articles and not with_articles:
            print_error(
                f'of "{harmless(name)}" there are articles and nothing else; '
                "--with-articles deletes them"
            )
            raise typer.Exit(_WRONG_USAGE)
        if database is not None and removal.holdings is not None:
            check_nobody_crawls(database)
        if not yes:
            _ask(removal, with_articles=with_articles)
        removed = remove_source(path, database, name, with_articles=with_articles)
    _print(removed, path, with_articles=with_articles)


def _ask(removal: Removal, *, with_articles: bool) -> None:
    """Nothing, when whoever is at the terminal agrees.

    Raises:
        typer.Exit: They do not, or nobody is there.
    """
    what = f'"{harmless(removal.name)}": {_describe(removal, with_articles=with_articles)}'
    if not sys.stdin.isatty():
        print_error(f"{what}; there is nobody to ask here: --yes removes it without asking")
        raise typer.Exit(_WRONG_USAGE)
    print_note(what)
    if not typer.confirm("Remove it?", err=True):
        print_note("nothing was removed")
        raise typer.Exit(1)


def _print(removed: Removal, path: Path | None, *, with_articles: bool) -> None:
    words = _describe(removed, with_articles=with_articles)
    output_console().print(f'removed "{harmless(removed.name)}": {words}', markup=False)
    if removed.is_listed:
        print_note(f"its entry in {path} is gone")
    if with_articles and removed.holdings is not None and removed.holdings.articles:
        print_note("`winnow db vacuum` gives their space back")


def _describe(removal: Removal, *, with_articles: bool) -> str:
    """What goes and what stays, in figures."""
    holdings = removal.holdings
    if holdings is None:
        return "its entry; it has nothing in the database"
    goes = [f"{_count(holdings.urls, 'address', 'addresses')} of the frontier"]
    stays = holdings.shared
    if with_articles:
        goes += [
            _count(holdings.articles, "article"),
            _count(holdings.revisions, "earlier version"),
            _count(holdings.pages, "raw page"),
        ]
    else:
        stays += holdings.articles
    whose = " that another source has too" if with_articles else ""
    verb = "stays" if stays == 1 else "stay"
    return ", ".join(goes) + (f"; {_count(stays, 'article')}{whose} {verb}" if stays else "")


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
