"""JSON lines: one object a row, lists and nested records as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import orjson

from pipelines.store.export.export_tables import ExportColumn

_FLUSH_BYTES = 1 << 20


def export_jsonl(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
) -> int:
    """Write one line a row; how many rows that were."""
    names = [column.name for column in columns]
    # What is JSON in the database already goes out as it is.
    nested = [i for i, column in enumerate(columns) if column.kind in {"list", "json"}]
    booleans = [i for i, column in enumerate(columns) if column.kind == "boolean"]
    written, pending = 0, bytearray()
    for row in rows:
        cells = list(row)
        for index in nested:
            if cells[index] is not None:
                cells[index] = orjson.Fragment(cells[index])
        for index in booleans:
            cells[index] = bool(cells[index])
        record = dict(zip(names, cells, strict=True))
        pending += orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        written += 1
        if len(pending) >= _FLUSH_BYTES:
            file.write(pending)
            pending.clear()
    file.write(pending)
    return written
