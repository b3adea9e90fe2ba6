"""CSV by RFC 4180: UTF-8, CRLF, quotes where needed; list columns are JSON.

NULL is an empty cell. A cell that a spreadsheet would run as a formula (it begins with ``=``,
``+``, ``-``, ``@``, a tab or a carriage return, and is no number) gets an apostrophe in front, as
does one that looks as if it had got one, so that `restore_cell` undoes it exactly.

Cells are UTF-8 bytes from the database to the file, and are looked at column by column, a batch at
a time: most columns hold nothing that needs a quote in any of their rows, which one look at all of
them together tells. The standard library's writer looks at each character of each cell instead; a
test reads every cell back with the standard library's reader.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO

from pipelines.store.export.export_tables import ExportColumn

_BOM = b"\xef\xbb\xbf"
_DANGEROUS = frozenset({b"=", b"+", b"-", b"@", b"\t", b"\r"})
_GUARDED = _DANGEROUS | {b"'"}
_NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:[.,][0-9]+)*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?%?")
_EXCEL_CELL_CHARS = 32_767
_BATCH_ROWS = 64
_NOTHING, _WHOLE_NUMBERS, _BYTES = {type(None)}, {int}, {bytes}
_FIRST_BYTE = itemgetter(slice(1))
# Where the first cell is longer, copying all of them to look at them as one is wasted.
_SHORT_CELL_BYTES = 256


def export_csv(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
    *,
    excel: bool = False,
    keep_formulas: bool = False,
) -> int:
    """Write a header and the rows (texts as str or UTF-8 bytes); how many rows that were.

    Args:
        rows: Values in the order of the columns.
        columns: What they are.
        file: Where to.
        excel: With a byte order mark, and no cell longer than Excel can hold.
        keep_formulas: Cells may be formulas: exact, and dangerous in a spreadsheet.
    """
    names = b",".join(_quote(column.name.encode()) for column in columns)
    # The first row is asked for before anything is written: with it come mistakes of a filter.
    lines = [_BOM + names if excel else names]
    written = 0
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH_ROWS)):
        cells = [
            _column_cells(column, values, excel=excel, keep_formulas=keep_formulas)
            for column, values in zip(columns, zip(*batch, strict=True), strict=True)
        ]
        lines += [b",".join(row) for row in zip(*cells, strict=True)]
        if len(columns) == 1:
            lines = [line or b'""' for line in lines]  # one empty cell would be no line at all
        lines.append(b"")
        file.write(b"\r\n".join(lines))
        lines.clear()
        written += len(batch)
    if lines:
        file.write(lines[0] + b"\r\n")
    return written


def guard_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs.

    Example:
        >>> guard_cell("=1+1"), guard_cell("-12.5%"), guard_cell("'=x")
        ("'=1+1", '-12.5%', "''=x")
    """
    return _guard(text.encode()).decode()


def restore_cell(text: str) -> str:
    """The inverse of `guard_cell`, for those who read our CSV back."""
    return text[1:] if text[:1] == "'" and text[1:2].encode() in _GUARDED else text


def _column_cells(
    column: ExportColumn, values: Sequence[Any], *, excel: bool, keep_formulas: bool
) -> Sequence[bytes]:
    """The cells of one column in one batch of rows, as they stand in the file."""
    kinds = set(map(type, values))
    if kinds == _NOTHING:
        return [b""] * len(values)
    if column.kind == "boolean":
        return [b"" if value is None else b"true" if value else b"false" for value in values]
    if kinds == _WHOLE_NUMBERS:
        return [b"%d" % value for value in values]
    if column.kind in {"integer", "real"}:
        return [b"" if value is None else str(value).encode() for value in values]
    cells = values if kinds == _BYTES else [_encode(value) for value in values]
    if not keep_formulas and not _GUARDED.isdisjoint(map(_FIRST_BYTE, cells)):
        cells = [_guard(cell) for cell in cells]
    if excel:
        cells = [_cut(cell) for cell in cells]
    if len(cells[0]) < _SHORT_CELL_BYTES:
        together = b" ".join(cells)
        if not (b'"' in together or b"," in together or b"\n" in together or b"\r" in together):
            return cells
    return [_quote(cell) for cell in cells]


def _encode(value: Any) -> bytes:
    if type(value) is bytes:
        return value
    return b"" if value is None else str(value).encode()


def _guard(cell: bytes) -> bytes:
    first = cell[:1]
    if first in _DANGEROUS:
        return cell if _NUMBER.fullmatch(cell) else b"'" + cell
    if first == b"'" and cell[1:2] in _GUARDED:
        return b"'" + cell
    return cell


def _cut(cell: bytes) -> bytes:
    if len(cell) <= _EXCEL_CELL_CHARS:
        return cell
    text = cell.decode()
    return (
        text if len(text) <= _EXCEL_CELL_CHARS else text[: _EXCEL_CELL_CHARS - 1] + "…"
    ).encode()


def _quote(cell: bytes) -> bytes:
    if b'"' in cell:
        return b'"%b"' % cell.replace(b'"', b'""')
    if b"," in cell or b"\n" in cell or b"\r" in cell:
        return b'"%b"' % cell
    return cell
