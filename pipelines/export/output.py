"""Where an export goes: a file that appears when it is complete, or standard output."""

import gzip
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

import zstandard

from pipelines.errors import ExportError

_COMPRESSED: Final = frozenset({".gz", ".zst"})


@contextmanager
def open_output(output: str | Path, *, is_compressed: bool = True) -> Iterator[BinaryIO]:
    """A binary file to write to; ``-`` is standard output.

    The bytes go to a temporary file beside the output, which takes its name when the block ends
    well; else what was there before is untouched. ``.gz`` and ``.zst`` are compressed, unless
    `is_compressed` says that the writer sees to that.

    Raises:
        ExportError: The place cannot be written to.
    """
    if str(output) == "-":
        with _standard_output() as file:
            yield file
        return
    path = Path(output)
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise ExportError(f"{path} is a folder; name a file in it")
        with partial.open("wb") as raw:
            with _compressed(raw, path.suffix if is_compressed else "") as file:
                yield file
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # the folder may not even be there
            partial.unlink(missing_ok=True)


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if not isinstance(sys.stdout.buffer, io.RawIOBase):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # With PYTHONUNBUFFERED, what a full disk takes only a part of would be lost without a word.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as file:
        yield file


@contextmanager
def _compressed(raw: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".gz":
        # No name and no time inside: the same rows make the same file.
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as file:
            yield cast(BinaryIO, file)
    elif suffix == ".zst":
        compressor = zstandard.ZstdCompressor(level=6)
        with compressor.stream_writer(raw, closefd=False) as file:
            yield cast(BinaryIO, file)
    else:
        yield raw


def is_compressed_name(output: str | Path) -> bool:
    """Whether a file of that name is compressed, as `open_output` does it."""
    return Path(output).suffix in _COMPRESSED


def part_of(output: str | Path, key: str) -> Path:
    """The file for one part of a split export: its key before the endings of the name.

    Example:
        >>> part_of("out/articles.csv.gz", "2026-03").name
        'articles-2026-03.csv.gz'
    """
    path = Path(output)
    stem, dot, endings = path.name.partition(".")
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in key).strip(".") or "-"
    return path.with_name(f"{stem}-{safe}{dot}{endings}")
