"""A Datasette plugin: templates may turn a row of `articles` into the article itself.

Imported only where the extra is installed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasette import hookimpl

from pipelines.store.articles import load_article
from pipelines.store.database import open_database
from scraper.article import Article
from scraper.render.html import render_html


@hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
def extra_template_vars(datasette: Any, database: str | None) -> dict[str, Any]:
    """`winnow_article(table, primary_keys)` and `winnow_html(blocks)` for templates."""

    def winnow_article(table: str, primary_keys: Sequence[str]) -> Article | None:
        if table != "articles" or len(primary_keys) != 1 or not primary_keys[0].isdigit():
            return None
        path = Path(datasette.get_database(database).path)
        db = open_database(path, create=False, read_only=True)
        try:
            return load_article(db, int(primary_keys[0]))
        finally:
            db.close()

    return {"winnow_article": winnow_article, "winnow_html": render_html}
