"""What `winnow ingest` is pointed at: files, folders of them, objects in a store."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

from pipelines.errors import IngestError
from pipelines.ingest.items import readable_name
from pipelines.ingest.layouts import MOST_INDEX_BYTES, parse_snapshot, plan_folder

STDIN: Final = "-"
_INDEX: Final = "index.json"


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    Attributes:
        name: Its path, its URL, or ``-``.
        root: The folder it was found in, when it was one of a folder.
        size_bytes: As stored; None for a stream.
        version: Changes when the file does; empty for a stream.
        modified_at: When the file was written.
        url: Where its page came from, when something beside the file says so.
    """

    name: str
    root: str | None = None
    size_bytes: int | None = None
    version: str = ""
    modified_at: datetime | None = None
    url: str = ""

    @property
    def label(self) -> str:
        """Its name as text that can be stored and shown."""
        return readable_name(self.name)


def find_inputs(paths: Iterable[str], left_out: Counter[str] | None = None) -> Iterator[Input]:
    """Every file that `paths` name, folders searched all the way down, in a fixed order.

    Args:
        paths: Files, folders, ``-``, or URLs that fsspec can open, which may hold ``*``.
        left_out: Counts what of folders is not read, by a word or two each.

    Raises:
        IngestError: There is nothing at a path, a folder cannot be read, or the extra for URLs is
            not installed.
    """
    counts = Counter[str]() if left_out is None else left_out
    for path in paths:
        if path == STDIN:
            yield Input(STDIN)
        elif is_remote(path):
            yield from _find_remote(path, counts)
        elif Path(path).is_dir():
            yield from _find_local(path, counts)
        elif Path(path).exists():
            yield replace(_local_input(Path(path), root=None), url=_url_beside(Path(path)))
        else:
            raise IngestError(f"{path}: there is no such file or folder")


def _find_local(folder: str, left_out: Counter[str]) -> Iterator[Input]:
    top = Path(folder)
    for planned in plan_folder(_list_files(top), lambda name: _read_start(top / name)):
        if planned.left_out:
            left_out[planned.left_out] += 1
        else:
            yield replace(_local_input(top / planned.name, root=folder), url=planned.url)


def _list_files(top: Path) -> list[str]:
    """The files in a folder, all the way down, in a fixed order.

    Raises:
        IngestError: A folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise IngestError(f"{error.filename}: {error.strerror or error}") from error

    found = [
        Path(folder, name).relative_to(top)
        for folder, _, names in os.walk(top, onerror=refuse)
        for name in names
    ]
    return [path.as_posix() for path in sorted(found) if (top / path).is_file()]


def _read_start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_INDEX_BYTES)
    except OSError:  # it is reported where it is to be read
        return b""


def _url_beside(path: Path) -> str:
    """The address of a file that was named, where it lies in a folder of ArchiveBox."""
    index = path.with_name(_INDEX)
    record = parse_snapshot(_read_start(index)) if index.is_file() and index != path else None
    return str(record["url"]) if record else ""


@contextmanager
def open_input(name: str, offset: int = 0) -> Iterator[BinaryIO]:
    """The bytes of an input from `offset` on.

    Raises:
        OSError: It cannot be read.
        IngestError: The extra for URLs is not installed, or the store cannot be reached.
    """
    if name == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with _open(name) as file:
            if offset:
                file.seek(offset)
            yield file
    except store_errors() as error:
        raise IngestError(f"{name}: {error}") from error


def _open(name: str) -> BinaryIO:
    if not is_remote(name):
        return Path(name).open("rb")
    files, path = load_fsspec().core.url_to_fs(name)
    file: BinaryIO = files.open(path, "rb", block_size=4 * 1024 * 1024, cache_type="readahead")
    return file


def is_remote(path: str) -> bool:
    """Whether a path is a URL, such as ``s3://bucket/key``."""
    return "://" in path


def load_fsspec(what: str = "files behind URLs") -> Any:
    """The module fsspec.

    Args:
        what: What it is needed for.

    Raises:
        IngestError: It is not installed.
    """
    try:
        return import_module("fsspec")
    except ImportError as error:
        raise IngestError(
            f"{what} need an extra; install it with: pip install 'winnow-news[cluster]'"
        ) from error


def store_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """`others`, and what S3's library raises for want of credentials or a connection."""
    try:
        return (*others, import_module("botocore.exceptions").BotoCoreError)
    except ImportError:
        return others


def reason_of(error: Exception) -> str:
    """What went wrong, without the number and the path that Python puts around it."""
    return getattr(error, "strerror", None) or str(error)


def _find_remote(path: str, left_out: Counter[str]) -> Iterator[Input]:
    try:
        files, root = load_fsspec().core.url_to_fs(path)
        if "*" in root:
            names = sorted(files.glob(root))
        elif files.isdir(root):
            names = _plan_remote(files, root, left_out)
        else:
            names = [root]
        for name in names:
            info = files.info(name)
            mark = info.get("ETag") or info.get("LastModified") or info.get("mtime") or ""
            size = int(info.get("size") or 0)
            moment = info.get("LastModified")
            yield Input(
                name=files.unstrip_protocol(name),
                size_bytes=size,
                version=f"{size}-{mark}",
                modified_at=moment if isinstance(moment, datetime) else None,
            )
    except store_errors(OSError, ValueError, ImportError) as error:
        raise IngestError(f"{path}: {reason_of(error)}") from error


def _plan_remote(files: Any, root: str, left_out: Counter[str]) -> list[str]:
    """The files to read in a folder of a store."""
    top = f"{root.rstrip('/')}/"
    names = [name.removeprefix(top) for name in sorted(files.find(root))]
    wanted: list[str] = []
    for planned in plan_folder(names, lambda name: files.head(top + name, MOST_INDEX_BYTES)):
        if planned.left_out:
            left_out[planned.left_out] += 1
        else:
            wanted.append(top + planned.name)
    return wanted


def _local_input(file: Path, root: str | None) -> Input:
    info = file.stat()
    return Input(
        name=str(file),
        root=root,
        size_bytes=info.st_size,
        version=f"{info.st_size}-{info.st_mtime_ns}",
        modified_at=datetime.fromtimestamp(info.st_mtime, UTC),
    )
