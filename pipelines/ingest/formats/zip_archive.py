"""ZIP archives as folders; a WACZ is one, with WARC files in it and pages about them.

Nothing of an archive is ever written to disk under the names that it gives, so that none of them
can lead anywhere.
"""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO, Final

from pipelines.ingest.formats.byte_stream import Readable
from pipelines.ingest.formats.reader import Container, UnpackError

_MOST_FILES: Final = 1_000_000
_ENCRYPTED: Final = 0x1
_OFFICE: Final = frozenset({"[Content_Types].xml", "mimetype"})


class _ZipFolder:
    """What is in an open archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {_clean(info.filename): info for info in archive.infolist() if _is_file(info)}

    @property
    def names(self) -> Sequence[str]:
        """All files, in the order of the directory."""
        return tuple(self._infos)

    def open(self, name: str) -> Readable:
        """One of them.

        Raises:
            UnpackError: It cannot be unpacked.
        """
        info = self._infos[name]
        if info.flag_bits & _ENCRYPTED:
            raise UnpackError("it is encrypted; unpack it first")
        try:
            return _ZipMember(self._archive.open(info))
        except NotImplementedError:
            raise UnpackError(
                "it is packed in a way that cannot be read; unpack it first"
            ) from None
        except Exception as error:  # a hostile entry has the library seek before the beginning
            raise UnpackError(f"it is damaged: {error}") from error


class _ZipMember:
    """A file in an archive, of which damage is told as that of other packed files."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end.

        Raises:
            UnpackError: It is damaged.
        """
        try:
            return self._file.read(size)
        except Exception as error:  # as in opening it
            raise UnpackError(f"it is damaged: {error}") from error


@contextmanager
def open_zip(file: BinaryIO) -> Iterator[_ZipFolder]:
    """What is in a ZIP archive.

    Raises:
        UnpackError: It is damaged, cut off, no archive of pages, or has too many files.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # whatever a hostile directory makes of the library
        raise UnpackError(f"this ZIP archive is damaged or cut off: {error}") from error
    with archive:
        if len(archive.filelist) > _MOST_FILES:
            raise UnpackError(f"this ZIP archive has more than {_MOST_FILES:,} files")
        if _OFFICE & set(archive.NameToInfo):
            raise UnpackError("this is an office document or a book, not an archive of pages")
        yield _ZipFolder(archive)


def _is_file(info: zipfile.ZipInfo) -> bool:
    return not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)


def _clean(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


ZIP: Final = Container(
    name="zip", suffixes=(".zip", ".wacz"), magic=(b"PK\x03\x04", b"PK\x05\x06"), open=open_zip
)
