"""Markdown: an article a file, with its facts in front matter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pipelines.export.output import inside, open_output
from pipelines.store.export.export_tables import ExportColumn

_BODY_COLUMN = "markdown"

_LONGEST_SLUG = 60
_FENCE = b"---\n"


def export_markdown(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
) -> int:
    """Write all articles one after the other, each with its front matter; how many."""
    written = 0
    for row in rows:
        file.write(_document(columns, row))
        written += 1
    return written


def export_markdown_folder(
    rows: Iterable[Sequence[Any]], columns: Sequence[ExportColumn], folder: str | Path
) -> int:
    """Write one file an article into a folder; how many.

    A name is made of date, title and id: an article keeps its file while it keeps its title.

    Raises:
        ExportError: The folder cannot be written to.
    """
    written = 0
    for row in rows:
        record = _record(columns, row)
        with open_output(inside(folder, _file_name(record))) as file:
            file.write(_document(columns, row))
        written += 1
    return written


def _record(columns: Sequence[ExportColumn], row: Sequence[Any]) -> dict[str, Any]:
    return {column.name: value for column, value in zip(columns, row, strict=True)}


def _document(columns: Sequence[ExportColumn], row: Sequence[Any]) -> bytes:
    front, body, title = [], "", ""
    for column, value in zip(columns, row, strict=True):
        if column.name == _BODY_COLUMN:
            body = value or ""
        elif column.name != "text" and value is not None:
            # JSON is YAML: quotes, colons and line breaks need no other care.
            is_json = column.kind in {"list", "json"}
            encoded = value.encode() if is_json else orjson.dumps(value)
            front.append(column.name.encode() + b": " + encoded + b"\n")
            title = value if column.name == "title" else title
    heading = f"# {' '.join(title.split())}\n\n" if title else ""
    return _FENCE + b"".join(front) + _FENCE + f"\n{heading}{body.strip()}\n\n".encode()


def _file_name(record: dict[str, Any]) -> str:
    day = str(record.get("published_at") or "")[:10]
    title = unicodedata.normalize("NFKC", str(record.get("title") or "")).lower()
    slug = re.sub(r"[\W_]+", "-", title).strip("-")[:_LONGEST_SLUG].rstrip("-")
    day = day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""
    return "-".join(part for part in (day, slug, str(record["id"])) if part) + ".md"
