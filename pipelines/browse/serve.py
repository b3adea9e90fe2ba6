"""`winnow browse`: the database in Datasette, read-only, with articles one can read."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipelines.browse.datasette_metadata import build_metadata
from pipelines.errors import PipelineError
from pipelines.store.articles import load_article
from pipelines.store.database import open_database
from scraper.article import Article
from scraper.render.html import render_html

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

    _register_article_page(path)
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


def _register_article_page(path: Path) -> None:
    """Give templates the two functions that turn a row of `articles` into an article."""
    from datasette import hookimpl  # noqa: PLC0415 - an extra
    from datasette.plugins import pm  # noqa: PLC0415 - an extra

    def winnow_article(table: str, primary_keys: Sequence[str]) -> Article | None:
        if table != "articles" or len(primary_keys) != 1 or not primary_keys[0].isdigit():
            return None
        db = open_database(path, create=False, read_only=True)
        try:
            return load_article(db, int(primary_keys[0]))
        finally:
            db.close()

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
    def extra_template_vars() -> dict[str, Any]:
        return {"winnow_article": winnow_article, "winnow_html": render_html}

    pm.unregister(name="winnow")
    pm.register(SimpleNamespace(extra_template_vars=extra_template_vars), name="winnow")
