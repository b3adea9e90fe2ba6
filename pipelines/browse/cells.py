"""A Datasette plugin: cells as people read them; CSV and JSON keep the stored values.

Imported only where the extra is installed.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from datasette import hookimpl
from markupsafe import Markup

from pipelines.browse.written_dates import short_date
from scraper.urls.web_urls import host_of

_LONGEST_URL: Final = 60  # characters; of longer ones host and end are shown, which tell them apart
_MARKS: Final = {"confidence": "confidence", "average_confidence": "confidence"}


@hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
def render_cell(
    row: Mapping[str, Any], value: object, column: str, table: str | None, database: str
) -> Markup | None:
    """A cell as HTML for times, addresses, titles and confidences; None leaves it to Datasette."""
    if isinstance(value, str):
        if column.endswith("_at") or column == "last_change":
            return _time_cell(value)
        if value.startswith(("https://", "http://")) and " " not in value:
            return _link_cell(value)
        if column == "title":
            return _title_cell(row, value, table, database)
    if isinstance(value, float) and column in _MARKS:
        return Markup("{}").format(f"{value:.2f}")
    return None


def _time_cell(value: str) -> Markup | None:
    shown = short_date(value)
    if shown is None:
        return None
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(value, shown)


def _link_cell(url: str) -> Markup:
    """A link to the page itself; of a long address the host and the end, which differ."""
    shown = url.partition("://")[2].removesuffix("/")
    if len(shown) > _LONGEST_URL:
        host = host_of(url)[: _LONGEST_URL // 2]
        shown = f"{host}/…{shown[-(_LONGEST_URL - len(host) - 2) :]}"
    return Markup(
        '<a class="winnow-url" href="{0}" title="{0}" rel="noreferrer noopener">{1}</a>'
    ).format(url, shown)


def _title_cell(
    row: Mapping[str, Any], title: str, table: str | None, database: str
) -> Markup | None:
    """The headline leads to the article, wherever the row says which one it is."""
    names = ("id",) if table in {"articles", "article_overview"} else ("article_id",)
    number = next((row[name] for name in names if name in row.keys()), None)  # noqa: SIM118 - a row of sqlite3 is no dict
    if not isinstance(number, int):
        return None
    return Markup('<a href="/{}/articles/{}">{}</a>').format(quote(database), number, title)
