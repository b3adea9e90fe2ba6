"""The command `browse`: the database in a browser."""

from contextlib import suppress
from typing import Annotated

import typer

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import print_note


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("browse")(browse_command)


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
