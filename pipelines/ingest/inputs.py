"""What `winnow ingest` is pointed at: files, folders of them, objects in a store."""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

from pipelines.errors import IngestError
from pipelines.ingest.formats import find_reader_by_name
from scraper.urls.url_score import is_media

STDIN: Final = "-"
_NOT_PAGES: Final = re.compile(
    r"\.(?:cdxj?|idx|zip|db|sqlite|parquet|csv|tsv|jsonl|toml|ya?ml|md|py|map|wat(?:\.gz)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    Attributes:
        name: Its path, its URL, or ``-``.
        root: The folder it was found in, when it was one of a folder.
        size_bytes: As stored; None for a stream.
        version: Changes when the file does; empty for a stream.
        modified_at: When the file was written.
    """

    name: str
    root: str | None = None
    size_bytes: int | None = None
    version: str = ""
    modified_at: datetime | None = None


def find_inputs(paths: Iterable[str]) -> Iterator[Input]:
    """Every file that `paths` name, folders searched all the way down, in a fixed order.

    Args:
        paths: Files, folders, ``-``, or URLs that fsspec can open, which may hold ``*``.

    Raises:
        IngestError: There is nothing at a path, or the extra for URLs is not installed.
    """
    for path in paths:
        if path == STDIN:
            yield Input(STDIN)
        elif is_remote(path):
            yield from _find_remote(path)
        elif Path(path).is_dir():
            for file in sorted(Path(path).rglob("*")):
                if file.is_file() and _is_candidate(file.name):
                    yield _local_input(file, root=path)
        elif Path(path).exists():
            yield _local_input(Path(path), root=None)
        else:
            raise IngestError(f"{path}: there is no such file or folder")


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


def _find_remote(path: str) -> Iterator[Input]:
    try:
        files, root = load_fsspec().core.url_to_fs(path)
        if "*" in root:
            names = sorted(files.glob(root))
        elif files.isdir(root):
            names = [n for n in sorted(files.find(root)) if _is_candidate(n.rpartition("/")[2])]
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


def _local_input(file: Path, root: str | None) -> Input:
    info = file.stat()
    return Input(
        name=str(file),
        root=root,
        size_bytes=info.st_size,
        version=f"{info.st_size}-{info.st_mtime_ns}",
        modified_at=datetime.fromtimestamp(info.st_mtime, UTC),
    )


def _is_candidate(name: str) -> bool:
    """Whether a file in a folder may be an archive or a page, as far as its name tells."""
    if name.startswith(".") or name.lower() == "robots.txt":
        return False
    if find_reader_by_name(name) is not None:
        return True
    return not (_NOT_PAGES.search(name) or is_media(f"https://files.invalid/{name}"))
