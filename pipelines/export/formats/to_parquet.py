"""Parquet: typed columns, times as timestamps, lists as lists. Needs the extra ``parquet``."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO

import orjson

from pipelines.errors import ExportError
from pipelines.store.export.export_tables import ExportColumn

# Rows held in memory at once: of articles of a few kilobytes, some ten megabytes.
_ROWS_PER_GROUP = 4096

_NESTED: dict[str, tuple[tuple[str, str], ...]] = {
    "headings": (("level", "int64"), ("text", "string")),
    "list_items": (
        ("list_position", "int64"),
        ("depth", "int64"),
        ("ordered", "int64"),
        ("text", "string"),
    ),
    "faq": (("question", "string"), ("answer", "string"), ("source", "string")),
    "images": (("url", "string"), ("alt", "string"), ("caption", "string")),
}


def export_parquet(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
) -> int:
    """Write one file, compressed with zstd; how many rows.

    Raises:
        ExportError: pyarrow is not installed.
    """
    pyarrow, parquet = _load_pyarrow()
    schema = pyarrow.schema([(c.name, _type_of(pyarrow, c)) for c in columns])
    written = 0
    iterator = iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(iterator, _ROWS_PER_GROUP)):
            arrays = [
                pyarrow.array(_convert(column, values), type=schema.field(column.name).type)
                for column, values in zip(columns, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            written += len(group)
    return written


def _load_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415 - an extra; importing it costs more than all our other code
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise ExportError(
            "Parquet needs pyarrow; install it with: pip install 'winnow-news[parquet]'"
        ) from error
    return pyarrow, parquet


def _type_of(pyarrow: Any, column: ExportColumn) -> Any:
    if column.name in _NESTED:
        fields = [(name, getattr(pyarrow, kind)()) for name, kind in _NESTED[column.name]]
        return pyarrow.list_(pyarrow.struct(fields))
    if column.kind == "time":
        return pyarrow.timestamp("ms", tz="UTC")
    if column.kind == "list":
        return pyarrow.list_(pyarrow.string())
    plain = {"integer": pyarrow.int64, "real": pyarrow.float64, "boolean": pyarrow.bool_}
    return plain.get(column.kind, pyarrow.string)()


def _convert(column: ExportColumn, values: Sequence[Any]) -> Sequence[Any]:
    if column.kind == "time":
        return [_moment(value) for value in values]
    if column.kind == "list" or column.name in _NESTED:
        return [None if value is None else orjson.loads(value) for value in values]
    if column.kind == "boolean":
        return [None if value is None else bool(value) for value in values]
    return values


def _moment(text: str | None) -> datetime | None:
    """A stored time as a moment: a date alone is its first one, a time without zone is UTC's."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
