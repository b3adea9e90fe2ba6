"""What is known about an export format: one `ExportFormat` says all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Literal

from pipelines.export.output import is_stream, name_of
from pipelines.export.remote_files import is_url

Content = Literal["rows", "pages"]
Writer = Callable[..., int]
"""Writes to a binary file and returns how many rows or pages that were.

For rows it is called as ``write(rows, columns, file, **options)``, values in the order of the
columns; for pages as ``write(pages, file, **options)`` with `StoredPage`s. A writer of folders gets
the folder's path or URL in place of the file.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatOption:
    """An option that one format has: a keyword of its writer, and an option of the command.

    Attributes:
        help: A sentence for the help of the command.
        default: What holds where it is not given; it takes a value of the same type.
    """

    name: str
    help: str
    default: bool | str = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A format of `winnow export`.

    Writers are named, not imported: the command line knows all formats before it needs one.

    Attributes:
        summary: What it is, in a few words for the help.
        suffixes: How the names of its files end, apart from ``.gz`` and ``.zst``.
        media_type: What a manifest calls it.
        writer: Where its `Writer` is, as ``module:function``.
        folder_writer: Where the `Writer` of a folder is; None for a format of single files.
        content: Whether it holds the rows of a table, or raw pages.
        tables: The tables it is made for; None for all of them.
        needed_columns: Columns it cannot do without, added where others are asked for.
        left_out_columns: Columns that are left out unless they are asked for.
        options: Options that are its own.
        extra: The extra that its writer needs; None when it needs none.
        takes_bytes: Whether texts come as UTF-8 bytes, which saves decoding them.
        packs_itself: Whether the writer sees to compression itself: it is told `is_gzipped`.
        needs_seek: Whether its file must be able to seek, which a pipe or a compressed one cannot.
    """

    name: str
    summary: str
    suffixes: tuple[str, ...]
    media_type: str
    writer: str
    folder_writer: str | None = None
    content: Content = "rows"
    tables: tuple[str, ...] | None = None
    needed_columns: tuple[str, ...] = ()
    left_out_columns: tuple[str, ...] = ()
    options: tuple[FormatOption, ...] = ()
    extra: str | None = None
    takes_bytes: bool = False
    packs_itself: bool = False
    needs_seek: bool = False

    def load_writer(self) -> Writer:
        """The function that writes a file."""
        writer: Writer = resolve_name(self.writer)
        return writer

    def find_folder_writer(self, output: str | Path) -> Writer | None:
        """The function that writes a folder, where `output` is to be one; None where it is a file.

        A folder is what is one already, or has none of the format's suffixes.
        """
        if self.folder_writer is None or is_stream(output):
            return None
        is_there = not is_url(output) and Path(output).is_dir()
        if not is_there and not set(self.suffixes).isdisjoint(Path(name_of(output)).suffixes):
            return None
        writer: Writer = resolve_name(self.folder_writer)
        return writer
