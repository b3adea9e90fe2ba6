"""From rows and pages to files: one writer a format, and the register of all of them."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from pipelines.errors import ExportError
from pipelines.export.export_format import ExportFormat, FormatOption

_CSV: Final = ExportFormat(
    name="csv",
    summary="RFC 4180 in UTF-8",
    suffixes=(".csv",),
    media_type="text/csv",
    writer="pipelines.export.formats.to_csv:export_csv",
    takes_bytes=True,
    options=(
        FormatOption(name="excel", help="CSV that Excel opens right."),
        FormatOption(name="keep_formulas", help="Do not disarm cells that could be formulas."),
    ),
)
_JSONL: Final = ExportFormat(
    name="jsonl",
    summary="an object a line",
    suffixes=(".jsonl",),
    media_type="application/jsonl",
    writer="pipelines.export.formats.to_jsonl:export_jsonl",
)
_MARKDOWN: Final = ExportFormat(
    name="markdown",
    summary="articles with their facts in front",
    suffixes=(".md",),
    media_type="text/markdown",
    writer="pipelines.export.formats.to_markdown:export_markdown",
    folder_writer="pipelines.export.formats.to_markdown:export_markdown_folder",
    tables=("articles",),
    needed_columns=("id", "markdown"),  # a file's name needs the id, the document its body
    left_out_columns=("text",),
)
_PARQUET: Final = ExportFormat(
    name="parquet",
    summary="columns with their types",
    suffixes=(".parquet",),
    media_type="application/vnd.apache.parquet",
    writer="pipelines.export.formats.to_parquet:export_parquet",
    extra="parquet",
)
_WARC: Final = ExportFormat(
    name="warc",
    summary="the stored raw pages",
    suffixes=(".warc",),
    media_type="application/warc",
    writer="pipelines.export.formats.to_warc:export_warc",
    content="pages",
    packs_itself=True,  # each record is a gzip member of its own
)

FORMATS: Final[Mapping[str, ExportFormat]] = {
    form.name: form for form in (_CSV, _JSONL, _MARKDOWN, _PARQUET, _WARC)
}
"""Every format by the name `winnow export` knows it under."""


def find_format(name: str) -> ExportFormat:
    """The format of that name.

    Raises:
        ExportError: There is none; the message says which was probably meant.
    """
    if name not in FORMATS:
        close = get_close_matches(name, FORMATS, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise ExportError(f"there is no format {name!r}; {hint}Known: {', '.join(FORMATS)}")
    return FORMATS[name]
