"""An export from begin to end: out of the store, through a format, to where it belongs."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.errors import ExportError
from pipelines.export.export_format import ExportFormat
from pipelines.export.export_options import ExportOptions
from pipelines.export.formats import FORMATS, find_format
from pipelines.export.manifest import WrittenFile, write_manifest
from pipelines.export.output import (
    is_compressed_name,
    is_stream,
    open_output,
    part_of,
    suffix_of,
)
from pipelines.export.remote_files import is_url
from pipelines.store.database.database import Connected
from pipelines.store.database.times import utc_text
from pipelines.store.export.export_cursors import load_cursor, save_cursor
from pipelines.store.export.export_rows import (
    RowsRequest,
    export_reader,
    find_split_keys,
    iter_rows,
    last_change,
    resolve_columns,
    resolve_table,
)
from pipelines.store.export.export_tables import ExportColumn, ExportTable
from pipelines.store.pages.raw_pages import iter_pages

_OF_PAGES: Final = frozenset({"output", "format_options"})  # all that formats of pages obey


def export_table(db: Connected, format_name: str, options: ExportOptions) -> int:
    """Write the rows asked for and return how many, all of one moment however long it takes.

    With `since_last`, the point reached is kept once everything is written: an export that fails
    gives the same rows again, one that is done gives none of them twice. A format of raw pages
    gets all pages there are, and how many they are is what comes back.

    Raises:
        ExportError: Format, table, column, filter or place is wrong, or an extra is missing.
        StoreError: The database cannot be read.
    """
    form = find_format(format_name)
    if form.needs_seek and (is_stream(options.output) or is_compressed_name(options.output)):
        raise ExportError(
            f"{form.name} is not written from begin to end: name a file, without .gz or .zst"
        )
    if form.content == "pages":
        return _export_pages(db, form, options)
    return _export_rows(db, form, options)


def find_unused(form: ExportFormat, options: ExportOptions) -> tuple[str, ...]:
    """Names of the options that are set and mean nothing to a format.

    Example:
        >>> find_unused(FORMATS["jsonl"], ExportOptions(format_options={"excel": True}))
        ('excel',)
    """
    known = {option.name for option in form.options}
    unused = [name for name in options.format_options if name not in known]
    if form.content == "pages":
        default = ExportOptions()
        names = (field.name for field in fields(options) if field.name not in _OF_PAGES)
        unused += [name for name in names if getattr(options, name) != getattr(default, name)]
    return tuple(unused)


def _export_pages(db: Connected, form: ExportFormat, options: ExportOptions) -> int:
    write, keywords = form.load_writer(), _keywords(form, options, options.output)
    with open_output(options.output, is_compressed=not form.packs_itself) as file:
        return write(iter_pages(db), file, **keywords)


def _export_rows(db: Connected, form: ExportFormat, options: ExportOptions) -> int:
    request = _request(options, form)
    columns = resolve_columns(request)
    output = options.output
    if is_stream(output) and (options.split_by or options.manifest):
        raise ExportError("to split an export or describe it, name an output file")
    with export_reader(db) as reader:
        newest = last_change(reader)
        if options.since_last is not None:
            cursor = load_cursor(db, options.since_last)
            request = replace(
                request, after_change=cursor.change_id if cursor else 0, until_change=newest
            )
        write = _RowsWriter(reader, form, columns, options)
        if options.split_by is None:
            files = [write(request, options.output)]
        else:
            by = options.split_by
            files = [
                write(replace(request, split=(by, key)), part_of(output, key))
                for key in find_split_keys(reader, by)
            ]
    if options.manifest:
        existing = [file for file in files if not _is_folder(file.path)]
        write_manifest(output, existing, form, options.table, columns, newest)
    rows = sum(file.rows for file in files)
    if options.since_last is not None:
        save_cursor(db, options.since_last, newest, rows)
    return rows


class _RowsWriter:
    """One file after the other, through the same connection, format and options."""

    __slots__ = ("_columns", "_form", "_options", "_reader")

    def __init__(
        self,
        reader: Connected,
        form: ExportFormat,
        columns: Sequence[ExportColumn],
        options: ExportOptions,
    ) -> None:
        self._reader, self._form = reader, form
        self._columns, self._options = columns, options

    def __call__(self, request: RowsRequest, output: str | Path) -> WrittenFile:
        form = self._form
        keywords = _keywords(form, self._options, output)
        # Closed before the connection is, also where writing fails in the middle.
        with closing(iter_rows(self._reader, request, as_bytes=form.takes_bytes)) as rows:
            write_folder = form.find_folder_writer(output)
            if write_folder is not None:
                return WrittenFile(output, write_folder(rows, self._columns, output, **keywords))
            write = form.load_writer()
            with open_output(output, is_compressed=not form.packs_itself) as file:
                return WrittenFile(output, write(rows, self._columns, file, **keywords))


def _is_folder(place: str | Path) -> bool:
    return not is_url(place) and Path(place).is_dir()


def _keywords(form: ExportFormat, options: ExportOptions, output: str | Path) -> dict[str, Any]:
    """What the writer of a format is told besides: its own options that are set."""
    known = {option.name for each in FORMATS.values() for option in each.options}
    for name in options.format_options:
        if name not in known:
            raise ExportError(f"no format has an option {name!r}")
    own = {option.name for option in form.options}
    keywords: dict[str, Any] = {
        name: value for name, value in options.format_options.items() if name in own
    }
    if form.packs_itself:
        keywords["is_gzipped"] = suffix_of(output) == ".gz"
    return keywords


def _request(options: ExportOptions, form: ExportFormat) -> RowsRequest:
    table = resolve_table(options.table)
    if not _is_for(form, table):
        others = " or ".join(each.name for each in FORMATS.values() if _is_for(each, table))
        raise ExportError(
            f"{form.name} is a format for {' and '.join(form.tables or ())}; "
            f"export {table.name} as {others}"
        )
    columns = list(options.columns)
    if not columns:
        default = resolve_columns(RowsRequest(table=options.table))
        columns = [column.name for column in default if column.name not in form.left_out_columns]
    columns += [name for name in form.needed_columns if name not in columns]
    return RowsRequest(
        table=options.table,
        columns=tuple(columns),
        where=options.where,
        parameters=options.parameters,
        since=_since_text(options.since),
    )


def _is_for(form: ExportFormat, table: ExportTable) -> bool:
    return form.content == "rows" and (form.tables is None or table.name in form.tables)


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
