"""`winnow browse`: the database in Datasette, read-only, with articles one can read."""

import errno
import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipelines.browse.datasette_metadata import build_metadata
from pipelines.errors import PipelineError, StoreError
from pipelines.store.database.database import open_database

_TEMPLATES = Path(__file__).parent / "templates"
_STATIC = Path(__file__).parent / "static"
_QUERY_LIMIT_MS = 5_000  # Datasette's own second is short for a count over all articles


def build_datasette(path: Path) -> Any:
    """A Datasette over the database at `path`; nothing it serves can write.

    Raises:
        StoreError: There is no such database, or it is not ours.
        PipelineError: Datasette is not installed.

    Example:
        >>> build_datasette(Path("data/articles.db")).app()  # doctest: +SKIP
    """
    if find_spec("datasette") is None:
        raise PipelineError("browsing needs Datasette: pip install 'winnow-news[browse]'")
    _bring_up_to_date(path)

    from datasette.app import Datasette  # noqa: PLC0415 - an extra, and slow to import
    from datasette.plugins import pm  # noqa: PLC0415 - an extra

    from pipelines.browse import article_page, cells, search_page  # noqa: PLC0415 - need the extra

    # With rich at hand it prints pages of local variables, for seconds, at each mistyped address.
    pm.get_plugin("datasette.handle_exception").rich = None
    for plugin in (article_page, cells, search_page):
        if not pm.is_registered(plugin):
            pm.register(plugin)
    return Datasette(
        [str(path)],
        metadata=build_metadata(path.stem),
        template_dir=str(_TEMPLATES),
        static_mounts=[("winnow", str(_STATIC))],
        settings={
            "sql_time_limit_ms": _QUERY_LIMIT_MS,
            "allow_download": False,
            "truncate_cells_html": 300,
            "default_facet_size": 10,
            "suggest_facets": False,  # those that help are set; looking for more takes seconds
        },
    )


def _bring_up_to_date(path: Path) -> None:
    """Migrate a database of an older schema; to one of today's nothing is written."""
    try:
        open_database(path, create=False, read_only=True).close()
    except StoreError:
        open_database(path, create=False).close()


def serve_database(
    path: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8001,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """Serve until interrupted; `on_start` is called when the port is ours.

    Raises:
        StoreError: There is no such database, or it is not ours.
        PipelineError: Datasette is not installed, or the address is taken.
    """
    app = build_datasette(path).app()

    import uvicorn  # noqa: PLC0415 - comes with the extra

    config = uvicorn.Config(app, host=host, port=port, log_level="warning", lifespan="on")
    with _listen(host, port) as listener:
        on_start()
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """A socket at the address, taken before anything is said about it."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        advice = "; --port chooses another one" if error.errno == errno.EADDRINUSE else ""
        # The address is in front already; asyncio and socket put it behind as well.
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise PipelineError(f"{host}:{port}: {reason}{advice}") from error
