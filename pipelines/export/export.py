"""An export from begin to end: rows out of the store, through a format, to where they belong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

from sqlite_utils import Database

from pipelines.errors import ExportError
from pipelines.export.export_options import ExportOptions
from pipelines.export.formats.to_csv import export_csv
from pipelines.export.formats.to_jsonl import export_jsonl
from pipelines.export.formats.to_markdown import (
    BODY_COLUMN,
    export_markdown,
    export_markdown_folder,
)
from pipelines.export.formats.to_parquet import export_parquet
from pipelines.export.manifest import WrittenFile, write_manifest
from pipelines.export.output import open_output, part_of
from pipelines.store.database.times import utc_text
from pipelines.store.export.export_cursors import load_cursor, save_cursor
from pipelines.store.export.export_rows import (
    RowsRequest,
    export_reader,
    find_split_keys,
    iter_rows,
    last_change,
    resolve_columns,
)
from pipelines.store.export.export_tables import ExportColumn

Exporter = Callable[[Iterable[Sequence[Any]], Sequence[ExportColumn], BinaryIO, ExportOptions], int]
"""Writes rows (values in the order of the columns) to a binary file; returns how many."""

FORMATS: dict[str, Exporter] = {
    "csv": export_csv,
    "jsonl": export_jsonl,
    "markdown": export_markdown,
    "parquet": export_parquet,
}
"""Every format by the name `winnow export` knows it under."""


def export_table(db: Database, format_name: str, options: ExportOptions) -> int:
    """Write the rows asked for and return how many, all of one moment however long it takes.

    With `since_last`, the point reached is kept once everything is written: an export that fails
    gives the same rows again, one that is done gives none of them twice.

    Raises:
        ExportError: Format, table, column, filter or place is wrong, or an extra is missing.
        StoreError: The database cannot be read.
    """
    exporter = _find_exporter(format_name)
    request = _request(options, format_name)
    columns = resolve_columns(request)
    output = Path(options.output)
    if options.is_stdout and (options.split_by or options.manifest):
        raise ExportError("to split an export or describe it, name an output file")
    with export_reader(db) as reader:
        newest = last_change(reader)
        if options.since_last is not None:
            cursor = load_cursor(db, options.since_last)
            request = replace(
                request, after_change=cursor.change_id if cursor else 0, until_change=newest
            )
        write = _Writer(reader, exporter, columns, options)
        if options.split_by is None:
            files = [write(request, options.output)]
        else:
            by = options.split_by
            files = [
                write(replace(request, split=(by, key)), part_of(output, key))
                for key in find_split_keys(reader, by)
            ]
    if options.manifest:
        existing = [file for file in files if file.path.is_file()]
        write_manifest(output, existing, format_name, options.table, columns, newest)
    rows = sum(file.rows for file in files)
    if options.since_last is not None:
        save_cursor(db, options.since_last, newest, rows)
    return rows


class _Writer:
    """One file after the other, through the same connection, format and options."""

    __slots__ = ("_columns", "_exporter", "_options", "_reader")

    def __init__(
        self,
        reader: Database,
        exporter: Exporter,
        columns: Sequence[ExportColumn],
        options: ExportOptions,
    ) -> None:
        self._reader, self._exporter = reader, exporter
        self._columns, self._options = columns, options

    def __call__(self, request: RowsRequest, output: str | Path) -> WrittenFile:
        rows = iter_rows(self._reader, request, as_bytes=self._exporter is export_csv)
        if self._exporter is export_markdown and _is_folder(output):
            return WrittenFile(
                Path(output), export_markdown_folder(rows, self._columns, Path(output))
            )
        with open_output(output) as file:
            count = self._exporter(rows, self._columns, file, self._options)
        return WrittenFile(Path(output), count)


def _is_folder(output: str | Path) -> bool:
    return str(output) != "-" and (Path(output).is_dir() or ".md" not in Path(output).suffixes)


def _find_exporter(format_name: str) -> Exporter:
    if format_name not in FORMATS:
        close = get_close_matches(format_name, FORMATS, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ExportError(f"there is no format {format_name!r}; {hint}Known: {', '.join(FORMATS)}")
    return FORMATS[format_name]


def _request(options: ExportOptions, format_name: str) -> RowsRequest:
    columns = list(options.columns)
    if format_name == "markdown":
        if options.table != "articles":
            raise ExportError(
                "Markdown is a format for articles; export the others as CSV or JSONL"
            )
        default = resolve_columns(RowsRequest())
        columns = columns or [column.name for column in default if column.name != "text"]
        # The file's name needs the id, the document its body.
        columns += [name for name in ("id", BODY_COLUMN) if name not in columns]
    return RowsRequest(
        table=options.table,
        columns=tuple(columns),
        where=options.where,
        parameters=options.parameters,
        since=_since_text(options.since),
    )


def _since_text(since: date | datetime | str | None) -> str | None:
    if since is None:
        return None
    if isinstance(since, str):
        try:
            since = datetime.fromisoformat(since) if len(since) > 10 else date.fromisoformat(since)
        except ValueError as error:
            raise ExportError(
                f"{since!r} is no date; write it as 2026-03-31 or 2026-03-31T12:00:00+00:00"
            ) from error
    if isinstance(since, datetime):
        return utc_text(since if since.tzinfo else since.replace(tzinfo=UTC))
    return since.isoformat()
