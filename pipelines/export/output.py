"""Where an export goes: a file that appears when it is complete, a pipe, a device, or a URL."""

import errno
import gzip
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

from pipelines.errors import ExportError
from pipelines.export.remote_files import is_url, open_remote, upload

_COMPRESSED: Final = frozenset({".gz", ".zst"})
_DESCRIPTOR: Final = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,4})")
_STREAMS: Final = {"/dev/stdout": 1, "/dev/stderr": 2}


@contextmanager
def open_output(output: str | Path, *, is_compressed: bool = True) -> Iterator[BinaryIO]:
    """A binary file to write to; ``-`` is standard output.

    The bytes go to a temporary file beside the output, which takes its name when the block ends
    well; else what was there before is untouched. Whoever may read the file that was there may
    read the new one, and a symbolic link goes on leading to it. What is no file is written to as
    it is: a named pipe, a device, ``/dev/stdout``. ``.gz`` and ``.zst`` are compressed, unless
    `is_compressed` says that the writer sees to that.

    Raises:
        ExportError: The place cannot be written to.
        BrokenPipeError: Who was to read the pipe has gone.
    """
    suffix = suffix_of(output) if is_compressed else ""
    if str(output) == "-":
        with _standard_output() as file:
            yield file
        return
    with _raw_output(output) as raw, _compressed(raw, suffix) as file:
        yield file


@contextmanager
def _raw_output(output: str | Path) -> Iterator[BinaryIO]:
    if is_url(output):
        with upload(str(output)) as local, local.open("wb") as file:
            yield file
            file.close()  # complete before it is sent
        return
    path = Path(output)
    try:
        if is_stream(path):
            with _stream(path) as file:
                yield file
        else:
            with _replacing(path) as file:
                yield file
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error


def is_stream(output: str | Path) -> bool:
    """Whether a place is a pipe, a device or standard output: written to, and never replaced."""
    if str(output) == "-" or (not is_url(output) and _descriptor_of(Path(output)) is not None):
        return True
    if is_url(output):
        return False
    try:
        mode = Path(output).stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _descriptor_of(path: Path) -> int | None:
    """The open file that a name such as ``/dev/stdout`` stands for."""
    name = str(path)
    if name in _STREAMS:
        return _STREAMS[name]
    found = _DESCRIPTOR.fullmatch(name)
    return int(found[1]) if found else None


@contextmanager
def _stream(path: Path) -> Iterator[BinaryIO]:
    descriptor = _descriptor_of(path)
    if descriptor is None:
        with path.open("wb") as file:
            yield file
        return
    # Opened anew by its name, a file that the shell leads standard output to would be emptied.
    with os.fdopen(os.dup(descriptor), "wb") as file:
        yield file


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of another one when the block ends well."""
    path = Path(os.path.realpath(path))
    if path.is_dir():
        raise ExportError(f"{path} is a folder; name a file in it")
    # Not made of the file's own name, which may be as long as a name can be.
    partial = path.with_name(f".winnow-{os.getpid()}-{id(path):x}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.stat() if path.exists() else None
        # Never readable by more people than the file whose place it takes.
        mode = 0o666 if before is None else stat.S_IMODE(before.st_mode)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as raw:
            if before is not None:
                _take_after(raw.fileno(), before)
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
    finally:
        with suppress(OSError):  # the folder may not even be there
            partial.unlink(missing_ok=True)


def _take_after(descriptor: int, before: os.stat_result) -> None:
    """Owner, group and mode of the file whose place another one takes, as far as we may."""
    if hasattr(os, "fchown"):
        with suppress(OSError):
            os.fchown(descriptor, -1, before.st_gid)
        with suppress(OSError):
            os.fchown(descriptor, before.st_uid, -1)
        with suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


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
        import zstandard  # noqa: PLC0415 - slow to load, and needed for few exports

        compressor = zstandard.ZstdCompressor(level=6)
        with compressor.stream_writer(raw, closefd=False) as file:
            yield cast(BinaryIO, file)
    else:
        yield raw


@contextmanager
def open_written(output: str | Path) -> Iterator[BinaryIO | None]:
    """What is at a place already, to be read; None when nothing is.

    Raises:
        ExportError: It cannot be read.
    """
    if is_url(output):
        with open_remote(str(output)) as file:
            yield file
        return
    path = Path(output)
    if not path.is_file():
        yield None
        return
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise ExportError(f"cannot read {path}: {error.strerror or error}") from error


def is_compressed_name(output: str | Path) -> bool:
    """Whether a file of that name is compressed, as `open_output` does it."""
    return suffix_of(output) in _COMPRESSED


def suffix_of(output: str | Path) -> str:
    """The last ending of a name.

    Example:
        >>> suffix_of("s3://bucket/out.csv.gz"), suffix_of("s3://bucket.gz/out")
        ('.gz', '')
    """
    return Path(name_of(output)).suffix


def name_of(output: str | Path) -> str:
    """The last part of a path or URL.

    Example:
        >>> name_of("s3://bucket/out.csv.gz"), name_of("out/a.csv")
        ('out.csv.gz', 'a.csv')
    """
    return str(output).rstrip("/").rpartition("/")[2] if is_url(output) else Path(output).name


def beside(output: str | Path, name: str) -> str | Path:
    """The place of that name in the folder of another one.

    Example:
        >>> beside("s3://bucket/out.csv", "datapackage.json")
        's3://bucket/datapackage.json'
    """
    if is_url(output):
        return f"{str(output).rstrip('/').rpartition('/')[0]}/{name}"
    return Path(output).with_name(name)


def inside(folder: str | Path, name: str) -> str | Path:
    """The place of that name in a folder.

    Example:
        >>> inside("s3://bucket/articles/", "1.md")
        's3://bucket/articles/1.md'
    """
    return f"{str(folder).rstrip('/')}/{name}" if is_url(folder) else Path(folder) / name


def part_of(output: str | Path, key: str) -> str | Path:
    """The file for one part of a split export: its key before the endings of the name.

    Example:
        >>> part_of("out/articles.csv.gz", "2026-03").name
        'articles-2026-03.csv.gz'
    """
    stem, dot, endings = name_of(output).partition(".")
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in key).strip(".") or "-"
    return beside(output, f"{stem}-{safe}{dot}{endings}")
