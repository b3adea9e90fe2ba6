"""What an export is asked to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.store.export.export_rows import SplitBy


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to export, and where to.

    Attributes:
        output: A file, a folder (Markdown), or ``-`` for standard output. A name that ends in
            ``.gz`` or ``.zst`` is compressed.
        table: Which table; `pipelines.store.export.export_tables.EXPORT_TABLES` has them.
        columns: Which columns, in which order; empty for the table's default.
        where: An SQL expression over the columns, for example ``word_count > 500``.
        parameters: Values for ``:name`` in `where`.
        since: Only articles published at or after this; without a date, first seen.
        since_last: A name; only what is new or changed since the last export under it.
        split_by: One file for each month or source; its key goes into the file's name.
        format_options: Values of options that only some formats have, by name.
        manifest: Write ``….manifest.json`` and ``datapackage.json`` beside the output.
    """

    output: str | Path = "-"
    table: str = "articles"
    columns: Sequence[str] = ()
    where: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    since: date | datetime | str | None = None
    since_last: str | None = None
    split_by: SplitBy | None = None
    format_options: Mapping[str, bool | str] = field(default_factory=dict)
    manifest: bool = False

    @property
    def is_stdout(self) -> bool:
        """Whether rows go to standard output."""
        return str(self.output) == "-"
