"""The rows of an export, as a stream: chosen columns, a filter, a point to go on from."""

import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from pipelines.errors import ExportError
from pipelines.store.database.database import Connected, database_path, open_to_read, store_error
from pipelines.store.export.export_tables import EXPORT_TABLES, ExportColumn, ExportTable
from pipelines.store.export.where import check_expression, only_reading

SplitBy = Literal["month", "source"]
UNDATED = "undated"
"""Key of the part that holds the articles without a date, in an export split by month."""

NO_SOURCE = "no-source"
"""Key of the part that holds the articles of no source, in an export split by source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRequest:
    """Which rows and columns of a table an export is to give.

    Attributes:
        table: One of `EXPORT_TABLES`.
        columns: Their names, in the order wanted; empty for the table's default.
        where: An SQL expression over the table's columns; None for all rows.
        parameters: Values for ``:name`` in `where`.
        since: Only articles published (or, without a date, first seen) at or after this ISO date.
        after_change: Only articles that are new or changed after this `change_id`.
        until_change: None after this one; with `after_change`, the stretch of one increment.
        split: One part of an export split by month or source: which, and its key.
    """

    table: str = "articles"
    columns: Sequence[str] = ()
    where: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    since: str | None = None
    after_change: int | None = None
    until_change: int | None = None
    split: tuple[SplitBy, str] | None = None


@contextmanager
def export_reader(db: Connected) -> Iterator[Connected]:
    """A connection that can only read, with one view of the database from begin to end.

    What is written meanwhile is not seen. A database in memory has one connection, which is lent.
    """
    path = database_path(db)
    reader = db if path == ":memory:" else open_to_read(path)
    try:
        if reader is not db:
            # Every page is read once: remembering more of them would only look like a leak.
            reader.conn.execute("PRAGMA cache_size = -8192")
            reader.conn.execute("BEGIN")
        yield reader
    finally:
        if reader is not db:
            reader.conn.close()


def resolve_columns(request: RowsRequest) -> tuple[ExportColumn, ...]:
    """The columns that are asked for, in that order; the table's default when none are named.

    Raises:
        ExportError: The table or a column is unknown; the message names what was probably meant.
    """
    table = resolve_table(request.table)
    if not request.columns:
        return tuple(column for column in table.columns if column.is_default)
    known = {column.name: column for column in table.columns}
    for name in request.columns:
        if name not in known:
            raise ExportError(_unknown("column", name, list(known), f" of table {table.name}"))
    if len(set(request.columns)) < len(request.columns):
        raise ExportError("a column is named twice: " + ", ".join(request.columns))
    return tuple(known[name] for name in request.columns)


def resolve_table(name: str) -> ExportTable:
    """The table of that name.

    Raises:
        ExportError: There is none.
    """
    if name not in EXPORT_TABLES:
        raise ExportError(_unknown("table", name, list(EXPORT_TABLES), ""))
    return EXPORT_TABLES[name]


def iter_rows(
    reader: Connected, request: RowsRequest, *, as_bytes: bool = False
) -> Generator[tuple[Any, ...], None, None]:
    """The rows, one after the other in flat memory, values as SQLite has them.

    Args:
        reader: The connection to read with; meanwhile it is for nothing else.
        request: Which rows.
        as_bytes: Whether texts come as UTF-8 bytes, which saves a writer of files decoding them.

    Raises:
        ExportError: The table, a column or the filter is wrong.
        StoreError: The database cannot be read.
    """
    table, columns = resolve_table(request.table), resolve_columns(request)
    sql, parameters = _select(table, columns, request)
    path = database_path(reader)
    with only_reading(reader):
        try:
            cursor = reader.conn.execute(sql, parameters)
            reader.conn.text_factory = bytes if as_bytes else str
        except sqlite3.Error as error:
            raise _filter_error(error, request, table, path) from error
        try:
            yield from cursor
        except sqlite3.Error as error:
            raise store_error(error, path) from error
        finally:
            reader.conn.text_factory = str
            cursor.close()


def last_change(reader: Connected) -> int:
    """The `change_id` of the newest change; 0 in an empty database."""
    row = reader.conn.execute("SELECT coalesce(max(change_id), 0) FROM articles").fetchone()
    return int(row[0])


def find_split_keys(reader: Connected, by: SplitBy) -> list[str]:
    """The parts an export falls into: months as ``2026-03``, or names of sources, in order."""
    if by == "month":
        sql = f"SELECT DISTINCT coalesce(substr(published_at, 1, 7), '{UNDATED}') FROM articles"
    else:
        sql = (
            f"SELECT coalesce(s.name, '{NO_SOURCE}') FROM (SELECT DISTINCT source_id FROM articles)"
            " d LEFT JOIN sources s ON s.id = d.source_id"
        )
    return sorted(row[0] for row in reader.conn.execute(sql))


def _select(
    table: ExportTable, columns: Sequence[ExportColumn], request: RowsRequest
) -> tuple[str, dict[str, Any]]:
    conditions, parameters = _conditions(request)
    order = "a.id"
    if request.after_change is not None:
        order = "a.change_id"
    elif request.split is not None and request.split[0] == "month":
        order = "a.published_at, a.id"  # the order of the index the month is found with
    order += f", {table.order}" if table.order else ""
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    tail = f"FROM {table.source}{where} ORDER BY {order}"
    if request.where is None:
        chosen = ", ".join(f"{column.sql} AS {column.name}" for column in columns)
        return f"SELECT {chosen} {tail}", parameters
    check_expression(request.where)
    clashes = parameters.keys() & request.parameters.keys()
    if clashes:
        raise ExportError(f"the parameter name {min(clashes)!r} is taken; use another")
    parameters.update(request.parameters)
    # The filter sees the columns of the export under their names. SQLite merges the two SELECTs,
    # so that columns nobody asked for cost nothing.
    visible = ", ".join(f"{column.sql} AS {column.name}" for column in table.columns)
    chosen = ", ".join(c.name if table.column(c.name) else f"{c.sql} AS {c.name}" for c in columns)
    return f"SELECT {chosen} FROM (SELECT {visible} {tail}) WHERE ({request.where})", parameters


def _conditions(request: RowsRequest) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if request.since is not None:
        conditions.append("coalesce(a.published_at, a.first_seen_at) >= :_since")
        parameters["_since"] = request.since
    if request.after_change is not None:
        conditions.append("a.change_id > :_after_change")
        parameters["_after_change"] = request.after_change
    if request.until_change is not None:
        conditions.append("a.change_id <= :_until_change")
        parameters["_until_change"] = request.until_change
    if request.split is not None:
        by, key = request.split
        parameters["_key"] = key
        if by == "month":
            conditions.append(
                "a.published_at IS NULL"
                if key == UNDATED
                # "~" sorts after every digit, "-" and "T": all dates that begin with the month.
                else "a.published_at >= :_key AND a.published_at < :_key || '~'"
            )
        else:
            conditions.append(
                "a.source_id IS NULL"
                if key == NO_SOURCE
                else "a.source_id = (SELECT id FROM sources WHERE name = :_key)"
            )
    return conditions, parameters


def _filter_error(
    error: sqlite3.Error, request: RowsRequest, table: ExportTable, path: str
) -> Exception:
    if request.where is None:
        return store_error(error, path)
    message = str(error)
    if message.startswith("no such column: "):
        name = message.removeprefix("no such column: ")
        known = [column.name for column in table.columns]
        return ExportError("in the filter: " + _unknown("column", name, known, ""))
    if "binding" in message.lower() or "parameter" in message.lower():
        message = f"a value is missing for a parameter ({message})"
    return ExportError(f"the filter {request.where!r} is wrong: {message}")


def _unknown(what: str, name: str, known: list[str], where: str) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"there is no {what} {name!r}{where}{hint} Known: {', '.join(known)}".replace(
        "? Known", "? Known" if close else ". Known"
    )
