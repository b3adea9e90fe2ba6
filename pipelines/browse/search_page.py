"""A Datasette plugin: the search page, which finds what `winnow search` finds.

Datasette's own search knows one index and none of its words in Chinese, Japanese or Korean.
Imported only where the extra is installed.
"""

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from datasette import Response, hookimpl

from pipelines.errors import StoreError
from pipelines.store.database.database import open_database
from pipelines.store.search.search import SearchFilters, SearchHit, search_articles

_PAGE_HITS: Final = 20
_LAST_PAGE: Final = 50  # deeper than anyone reads; each page costs all before it
_TIME_LIMIT_SECONDS: Final = 5.0  # as for all SQL of `winnow browse`
_STEPS_BETWEEN_LOOKS: Final = 20_000  # at the clock, of SQLite's virtual machine
_MOST_SOURCES: Final = 500  # in the form's list; a longer one nobody scrolls through
_MOST_QUERY_CHARS: Final = 1_000  # what the form sends stands in the address of every next page


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What one page of a search shows.

    Attributes:
        sources: Names to choose from.
        has_more: Whether there is a next page.
        problem: Why nothing could be found; None when the search went well.
    """

    hits: tuple[SearchHit, ...]
    sources: tuple[str, ...]
    has_more: bool = False
    problem: str | None = None


@hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
def register_routes() -> list[tuple[str, Any]]:
    """The address of the search page, for Datasette: ``/DATABASE/-/search``."""
    return [(r"^/(?P<database>[^/]+)/-/search$", search_page)]


async def search_page(datasette: Any, request: Any) -> Response:
    """Articles that match `q`, twenty a page, narrowed by the other fields of the form."""
    name = request.url_vars["database"]
    if name not in datasette.databases:
        return Response.text("There is no such database.\n", status=404)
    asked = {field: request.args.get(field, "").strip()[:_MOST_QUERY_CHARS] for field in _FIELDS}
    number = _page_number(request.args.get("page", ""))
    path = Path(datasette.get_database(name).path)
    found = await asyncio.to_thread(find_hits, path, asked, number)
    page = await datasette.render_template(
        "search.html",
        {
            "database": name,
            "asked": asked,
            "narrowed": any(asked[field] for field in _FIELDS if field != "q"),
            "found": found,
            "previous": _address(asked, number - 1) if number > 1 else None,
            "next": _address(asked, number + 1) if found.has_more else None,
        },
        request=request,
    )
    return Response.html(page)


_FIELDS: Final = ("q", "source", "since", "until", "author", "tag", "language")


def find_hits(
    path: Path, asked: dict[str, str], number: int = 1, *, size: int = _PAGE_HITS
) -> SearchResults:
    """One page of a search, and the names of all sources.

    Args:
        path: The database.
        asked: The form's fields, each an empty text where nothing was said.
        number: The page, from 1.
        size: Hits a page.
    """
    try:
        with closing(open_database(path, create=False, read_only=True)) as db:
            sources = tuple(
                row[0]
                for row in db.execute(
                    "SELECT name FROM sources ORDER BY name LIMIT ?", (_MOST_SOURCES,)
                )
            )
            filters = SearchFilters(
                source=asked["source"] or None,
                since=_day(asked["since"]),
                until=_day(asked["until"]),
                author=asked["author"] or None,
                tag=asked["tag"] or None,
                language=asked["language"] or None,
            )
            deadline = time.monotonic() + _TIME_LIMIT_SECONDS
            db.conn.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
            try:
                hits = search_articles(
                    db,
                    asked["q"],
                    limit=size + 1,
                    offset=(number - 1) * size,
                    filters=filters,
                )
            except StoreError as error:
                return SearchResults((), sources, problem=_explain(error))
    except StoreError as error:
        return SearchResults((), (), problem=str(error))
    has_more = len(hits) > size and number < _LAST_PAGE
    return SearchResults(tuple(hits[:size]), sources, has_more)


def _explain(error: StoreError) -> str:
    if "interrupted" in str(error):
        return f"This took longer than {_TIME_LIMIT_SECONDS:.0f} seconds: add a word that is rarer."
    return str(error)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page_number(text: str) -> int:
    return min(max(int(text), 1), _LAST_PAGE) if text.isdecimal() and len(text) < 4 else 1


def _address(asked: dict[str, str], number: int) -> str:
    fields = {field: value for field, value in asked.items() if value}
    return "?" + urlencode({**fields, "page": number})
