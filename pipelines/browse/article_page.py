"""A Datasette plugin: what our templates can show, and headers that keep pages from loading more.

Imported only where the extra is installed.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from datasette import hookimpl

from pipelines.browse.datasette_metadata import GROUPS, LEFT_OUT
from pipelines.browse.written_dates import long_date
from pipelines.store.articles.articles import load_article
from pipelines.store.database.database import open_database
from pipelines.store.schema.schema import TABLES
from pipelines.store.statistics.canned_queries import QUERIES
from scraper.article import Article
from scraper.render.html import render_html

# Datasette's own pages have scripts and styles within.
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
)
_READ_ONLY = ((b"content-type", b"text/plain"), (b"allow", b"GET, HEAD"))


@hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
def extra_template_vars(datasette: Any, database: str | None) -> dict[str, Any]:
    """Functions and values for the templates: an article by its row, words for tables, dates."""

    def winnow_article(table: str, primary_keys: Sequence[str]) -> Article | None:
        if table != "articles" or len(primary_keys) != 1 or not primary_keys[0].isdigit():
            return None
        path = Path(datasette.get_database(database).path)
        db = open_database(path, create=False, read_only=True)
        try:
            return load_article(db, int(primary_keys[0]))
        finally:
            db.close()

    return {
        "winnow_article": winnow_article,
        "winnow_html": render_html,
        "winnow_date": long_date,
        "winnow_groups": GROUPS,
        "winnow_left_out": LEFT_OUT,
        "winnow_tables": {table.name: table for table in TABLES},
        "winnow_queries": QUERIES,
    }


@hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
def asgi_wrapper() -> Callable[[Any], Any]:
    """Refuse every method but GET and HEAD, and let no page load anything from elsewhere.

    An article may bring along addresses of pictures and scripts; reading it must tell nobody.
    """

    def wrap(app: Any) -> Any:
        async def serve(
            scope: dict[str, Any], receive: Any, send: Callable[[Any], Awaitable[None]]
        ) -> None:
            if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
                await send({"type": "http.response.start", "status": 405, "headers": _READ_ONLY})
                await send({"type": "http.response.body", "body": b"This database is read-only.\n"})
                return

            async def send_safely(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event.get("headers", ()), *_HEADERS]}
                await send(event)

            await app(scope, receive, send_safely)

        return serve

    return wrap
