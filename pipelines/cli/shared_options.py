"""Options that several commands share, and the places they stand for."""

from pathlib import Path
from typing import Annotated, Literal

import typer

DEFAULT_DATABASE = Path("data/articles.db")
_SOURCES_PLACES = (Path("data/sources.toml"), Path("sources.toml"))

DbOption = Annotated[
    Path | None,
    typer.Option(
        "--db", envvar="WINNOW_DB", help="The database.", show_default=str(DEFAULT_DATABASE)
    ),
]
SourcesOption = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        envvar="WINNOW_SOURCES",
        help="What to crawl.",
        show_default="data/sources.toml, else sources.toml",
    ),
]


def _named(name: str) -> str:
    if not name.strip():
        raise typer.BadParameter("a source has a name")
    return name


FiledUnderOption = Annotated[
    str,
    typer.Option("--source", callback=_named, help="The source that the articles are filed under."),
]
LogOption = Annotated[
    Literal["text", "json"],
    typer.Option("--log", help="json: one object a line on standard output."),
]
ExecutorOption = Annotated[
    Literal["local", "processes", "dask"],
    # `--engine` is what it was called at first, and what is in people's crontabs.
    typer.Option(
        "--executor",
        "--engine",
        help="Where pages are read: this process, several, or a Dask cluster.",
    ),
]

ClusterOption = Annotated[
    str | None,
    typer.Option(
        help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786.",
        show_default="one on this machine",
    ),
]

PageTimeoutOption = Annotated[
    float,
    typer.Option(
        "--page-timeout",
        envvar="WINNOW_PAGE_TIMEOUT",
        metavar="SECONDS",
        min=1.0,
        help="How long reading one page may take; what takes longer is given up.",
    ),
]

WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Processes that read pages.", show_default="processors"),
]


def database_path(context: typer.Context, own: Path | None) -> Path:
    """The database a command is about: its own --db, or the one before the command's name."""
    root = context.find_root().params.get("db")
    return own or root or DEFAULT_DATABASE


def known_sources_path(context: typer.Context, own: Path | None) -> Path | None:
    """The sources.toml that helps where there is one: as named, else where one is, else None."""
    path = sources_path(context, own)
    is_named = bool(own or context.find_root().params.get("sources"))
    return path if is_named or path.exists() else None


def sources_path(context: typer.Context, own: Path | None) -> Path:
    """The sources.toml a command is about; where there is none yet, where one belongs."""
    root: Path | None = context.find_root().params.get("sources")
    if own or root:
        return own or root or _SOURCES_PLACES[0]
    return next((place for place in _SOURCES_PLACES if place.exists()), _SOURCES_PLACES[0])
