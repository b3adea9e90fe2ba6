"""CSV by RFC 4180: UTF-8, CRLF, quotes where needed; list columns are JSON.

NULL is an empty cell. A cell that a spreadsheet would run as a formula (it begins with ``=``,
``+``, ``-``, ``@``, a tab or a carriage return, and is no number) gets an apostrophe in front, as
does one that looks as if it had got one, so that `restore_cell` undoes it exactly.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from pipelines.export.options import ExportOptions
from pipelines.store.export_tables import ExportColumn

_BOM = b"\xef\xbb\xbf"
_DANGEROUS = frozenset("=+-@\t\r")
_GUARDED = frozenset("=+-@\t\r'")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][+-]?\d+)?%?")
_EXCEL_CELL_CHARS = 32_767
_FLUSH_CHARS = 1 << 18


def export_csv(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
    options: ExportOptions,
) -> int:
    """Write a header and the rows; how many rows that were."""
    if options.excel:
        file.write(_BOM)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    prepare = _Preparer(columns, options)
    written = 0
    for row in rows:
        writer.writerow(row if prepare.is_plain else prepare(row))
        written += 1
        if buffer.tell() >= _FLUSH_CHARS:
            _flush(buffer, file)
    _flush(buffer, file)
    return written


def guard_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs.

    Example:
        >>> guard_cell("=1+1"), guard_cell("-12.5%"), guard_cell("'=x")
        ("'=1+1", '-12.5%', "''=x")
    """
    first = text[:1]
    if first in _DANGEROUS:
        return text if _NUMBER.fullmatch(text) else "'" + text
    if first == "'" and text[1:2] in _GUARDED:
        return "'" + text
    return text


def restore_cell(text: str) -> str:
    """The inverse of `guard_cell`, for those who read our CSV back."""
    return text[1:] if text[:1] == "'" and text[1:2] in _GUARDED else text


class _Preparer:
    """Makes the cells of a row safe; a class only because it is called for every row."""

    __slots__ = ("_booleans", "_cut", "_guard", "is_plain")

    def __init__(self, columns: Sequence[ExportColumn], options: ExportOptions) -> None:
        self._guard = not options.keep_formulas
        self._cut = options.excel
        self._booleans = [i for i, column in enumerate(columns) if column.kind == "boolean"]
        self.is_plain = not (self._guard or self._cut or self._booleans)

    def __call__(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        if self._guard:
            for index, cell in enumerate(cells):
                if type(cell) is str and cell[:1] in _GUARDED:
                    cells[index] = guard_cell(cell)
        if self._cut:
            for index, cell in enumerate(cells):
                if type(cell) is str and len(cell) > _EXCEL_CELL_CHARS:
                    cells[index] = cell[: _EXCEL_CELL_CHARS - 1] + "…"
        for index in self._booleans:
            cells[index] = "true" if cells[index] else "false"
        return cells


def _flush(buffer: io.StringIO, file: BinaryIO) -> None:
    file.write(buffer.getvalue().encode("utf-8"))
    buffer.seek(0)
    buffer.truncate()
