"""What says what an export holds: a manifest, and a descriptor by the Data Package standard.

The descriptor follows Data Package version 2 (datapackage.org): resources with their table schema.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from pipelines.export.export_format import ExportFormat
from pipelines.export.output import beside, name_of, open_output, open_written
from pipelines.store.database.times import utc_text
from pipelines.store.export.export_tables import ExportColumn
from pipelines.store.migrations import SCHEMA_VERSION

_FIELD_TYPES = {
    "integer": "integer",
    "real": "number",
    "boolean": "boolean",
    "list": "array",
    "json": "any",
    # A page may give a date or a date and time: no single type of the standard holds both.
    "time": "string",
    "text": "string",
}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of an export."""

    path: str | Path
    rows: int


def write_manifest(
    output: str | Path,
    files: Sequence[WrittenFile],
    form: ExportFormat,
    table: str,
    columns: Sequence[ExportColumn],
    change_id: int,
) -> None:
    """Write ``<output>.manifest.json`` and ``datapackage.json`` beside the output.

    Raises:
        ExportError: They cannot be written.
    """
    described = [
        {"path": name_of(file.path), "rows": file.rows, **_measure(file.path)} for file in files
    ]
    _write_json(
        beside(output, f"{name_of(output)}.manifest.json"),
        {
            "format": form.name,
            "table": table,
            "columns": [column.name for column in columns],
            "rows": sum(file.rows for file in files),
            "schema_version": SCHEMA_VERSION,
            "last_change_id": change_id,
            "exported_at": utc_text(),
            "files": described,
        },
    )
    fields = [{"name": column.name, "type": _FIELD_TYPES[column.kind]} for column in columns]
    _write_json(
        beside(output, "datapackage.json"),
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": f"winnow-{table.replace('_', '-')}",
            "created": utc_text(),
            "resources": [
                {
                    "name": _resource_name(str(file["path"])),
                    "path": file["path"],
                    "format": form.name,
                    "mediatype": form.media_type,
                    "encoding": "utf-8",
                    "bytes": file["bytes"],
                    "hash": f"sha256:{file['sha256']}",
                    "schema": {"fields": fields, "missingValues": [""]},
                }
                for file in described
            ],
        },
    )


def _resource_name(path: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in path.lower())


def _measure(path: str | Path) -> dict[str, int | str]:
    """Length and checksum of a file, as they are where it lies."""
    digest, length = sha256(), 0
    with open_written(path) as file:
        while file is not None and (piece := file.read(1 << 20)):
            digest.update(piece)
            length += len(piece)
    return {"bytes": length, "sha256": digest.hexdigest()}


def _write_json(path: str | Path, value: dict[str, Any]) -> None:
    with open_output(path) as file:
        file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
