"""`winnow browse`: the database in Datasette, read-only, with articles one can read."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipelines.browse.datasette_metadata import build_metadata
from pipelines.errors import PipelineError
from pipelines.store.database import open_database

_TEMPLATES = Path(__file__).parent / "templates"
_QUERY_LIMIT_MS = 5_000


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
    open_database(path, create=False).close()

    from datasette.app import Datasette  # noqa: PLC0415 - an extra, and slow to import
    from datasette.plugins import pm  # noqa: PLC0415 - an extra

    from pipelines.browse import article_page  # noqa: PLC0415 - needs the extra

    if not pm.is_registered(article_page):
        pm.register(article_page)
    return Datasette(
        [str(path)],
        metadata=build_metadata(path.stem),
        template_dir=str(_TEMPLATES),
        settings={
            "sql_time_limit_ms": _QUERY_LIMIT_MS,
            "allow_download": False,
            "truncate_cells_html": 300,
        },
    )


def serve_database(path: Path, *, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Serve until interrupted.

    Raises:
        StoreError: There is no such database, or it is not ours.
        PipelineError: Datasette is not installed.
    """
    app = build_datasette(path).app()

    import uvicorn  # noqa: PLC0415 - comes with the extra

    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="on")
