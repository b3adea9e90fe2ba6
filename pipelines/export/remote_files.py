"""Files behind URLs such as ``s3://bucket/key``: whatever fsspec can open."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from pipelines.errors import ExportError

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://.")


def is_url(output: str | Path) -> bool:
    r"""Whether a place is a URL and no path.

    Example:
        >>> is_url("s3://bucket/a.csv"), is_url("out/a.csv"), is_url(r"C:\\a.csv")
        (True, False, False)
    """
    return isinstance(output, str) and _URL.match(output) is not None


@contextmanager
def upload(url: str) -> Iterator[Path]:
    """A local file to fill, that is put where the URL says when the block ends well.

    Stores know no rename and keep whatever was sent until the connection broke: what is sent from
    a file that is complete is there as a whole or not at all, and any format can be written to it.

    Raises:
        ExportError: The store cannot be reached or written to, or a library for it is missing.
    """
    files, path = _find(url)
    with tempfile.TemporaryDirectory(prefix="winnow-") as folder:
        local = Path(folder) / "upload"
        yield local
        with _named(url):
            folder_of = path.rpartition("/")[0]
            if folder_of and "file" in _protocols(files):
                files.makedirs(folder_of, exist_ok=True)
            files.put_file(str(local), path)


@contextmanager
def open_remote(url: str) -> Iterator[BinaryIO | None]:
    """What is behind a URL, to be read; None when nothing is.

    Raises:
        ExportError: The store cannot be reached or read, or a library for it is missing.
    """
    files, path = _find(url)
    with _named(url):
        try:
            file = files.open(path, "rb")
        except FileNotFoundError:
            file = None
        if file is None:
            yield None
            return
        with file:
            yield cast(BinaryIO, file)


def find_remote(url: str, pattern: str) -> list[str]:
    """The URLs of the files whose names fit a pattern, in a folder that is a URL; in order.

    Raises:
        ExportError: As `open_remote` does.
    """
    files, path = _find(url)
    with _named(url):
        return [str(files.unstrip_protocol(n)) for n in sorted(files.glob(f"{path}/{pattern}"))]


def remove_remote(url: str) -> None:
    """Delete one file.

    Raises:
        ExportError: As `open_remote` does.
    """
    files, path = _find(url)
    with _named(url):
        files.rm_file(path)


def _find(url: str) -> tuple[Any, str]:
    """The file system a URL is of, and the path in it."""
    try:
        fsspec = import_module("fsspec")
    except ImportError as error:
        raise ExportError(
            f"{url}: URLs need an extra; install it with: pip install 'winnow-news[cluster]'"
        ) from error
    try:
        files, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ExportError(f"{url}: {error}") from error
    # What another process wrote since must be seen, and so must what we just did.
    files.invalidate_cache()
    return files, str(path)


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Inside, what a store has to say becomes one line that names the URL."""
    try:
        yield
    except _store_errors() as error:
        raise ExportError(f"cannot reach {url}: {_reason_of(error)}") from error


def _store_errors() -> tuple[type[Exception], ...]:
    """What a store raises; S3's library has errors of its own for want of credentials."""
    try:
        return (OSError, NotImplementedError, import_module("botocore.exceptions").BotoCoreError)
    except ImportError:
        return (OSError, NotImplementedError)


def _reason_of(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _protocols(files: Any) -> tuple[str, ...]:
    protocol = files.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)
