"""The folder that shards are written to: on this machine, or in a store such as S3.

    FOLDER/parts/SPLIT.parquet       a shard: the articles of a split
    FOLDER/markers/SPLIT.json        what became of the split; written last, so that it says: done

A split without a marker has not been done, whatever else there is of it. Each marker says which
version of the schema its shard has: a folder may hold shards of several.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson

from pipelines.errors import IngestError
from pipelines.ingest.inputs import load_fsspec, reason_of, store_errors
from pipelines.ingest.shards.schema_version import (
    SHARD_SCHEMA_VERSION,
    UNSTATED_VERSION,
    check_version,
)

_SHARDS: Final = "parts"  # what people have on disk, and name in their queries
_MARKERS: Final = "markers"
_SHARD_KEY: Final = "part"  # of a marker on disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What became of a split.

    Attributes:
        split: Its id.
        options: What was wanted, as `ShardOptions.fingerprint` says it.
        shard: Name of its file in ``parts``; None when it gave no article.
        rows: Articles in it.
        pages: Pages that were looked at.
        left_out: How many were not wanted, by a word each.
        failures: What is damaged or could not be read: name, error and message of each.
        extractor_version: What read the pages.
        schema_version: Which columns the shard has.
        cut_short: Pages of which only the beginning was there, and read.
    """

    split: str
    options: str
    shard: str | None
    rows: int
    pages: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[tuple[str, str, str], ...] = ()
    extractor_version: str = ""
    schema_version: int = SHARD_SCHEMA_VERSION
    cut_short: tuple[str, ...] = ()


class ShardFolder:
    """A folder by its path or URL, through fsspec.

    Raises:
        IngestError: It cannot be reached, or what it needs is not installed.
    """

    def __init__(self, url: str) -> None:
        fsspec = load_fsspec("folders of parts")
        self.url = url
        try:
            self._files, self._root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise IngestError(f"{url}: {error}") from error
        self._is_local = "file" in _protocols(self._files)

    def put_shard(self, local_path: str, split: str) -> str:
        """Have a complete file appear under its name, in place of one that was there."""
        name = f"{split}.parquet"
        with self._named():
            self._put(local_path, f"{self._root}/{_SHARDS}/{name}")
        return name

    def put_marker(self, marker: Marker) -> None:
        """Say that a split is done."""
        path = f"{self._root}/{_MARKERS}/{marker.split}.json"
        body = _render_marker(marker)
        with self._named():
            if self._is_local:
                self._files.makedirs(f"{self._root}/{_MARKERS}", exist_ok=True)
                hidden = Path(f"{path}.{uuid4().hex}.tmp")
                hidden.write_bytes(body)
                hidden.replace(path)
            else:  # an object is there as a whole or not at all
                self._files.pipe_file(path, body)

    def load_marker(self, split: str) -> Marker | None:
        """What became of a split; None when it has not been done.

        Raises:
            IngestError: The folder cannot be read, or a newer winnow wrote the marker.
        """
        with self._named():
            try:
                body = self._files.cat_file(f"{self._root}/{_MARKERS}/{split}.json")
            except FileNotFoundError:
                return None
        return _parse_marker(body, f"{self.url}: {split}.json")

    def markers(self) -> Iterator[Marker]:
        """Those of all splits that are done, in a fixed order.

        Raises:
            IngestError: There is no such folder, it cannot be read, a marker is none, or a newer
                winnow wrote it.
        """
        with self._named():
            self._files.invalidate_cache()
            if not self._files.isdir(self._root):
                raise IngestError(f"{self.url}: there is no such folder")
            paths = sorted(self._files.glob(f"{self._root}/{_MARKERS}/*.json"))
            for path in paths:
                yield _parse_marker(self._files.cat_file(path), path)

    def open_shard(self, name: str) -> Any:
        """A shard as a file to read, that can seek.

        Raises:
            IngestError: It cannot be read.
        """
        with self._named(f"the shard {name} cannot be read: "):
            return self._files.open(f"{self._root}/{_SHARDS}/{name}", "rb")

    def shard_url(self, name: str) -> str:
        """The whole address of a shard."""
        return str(self._files.unstrip_protocol(f"{self._root}/{_SHARDS}/{name}"))

    @contextmanager
    def _named(self, what: str = "") -> Iterator[None]:
        """Inside, what the disk or store has to say becomes one line that names the folder."""
        try:
            yield
        except store_errors(OSError) as error:
            raise IngestError(f"{self.url}: {what}{reason_of(error)}") from error

    def _put(self, local_path: str, path: str) -> None:
        if self._is_local:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            hidden = f"{path}.{uuid4().hex}.tmp"
            self._files.put_file(local_path, hidden)
            os.replace(hidden, path)  # noqa: PTH105 - two paths of fsspec's
        else:
            self._files.put_file(local_path, path)


def _protocols(files: Any) -> tuple[str, ...]:
    protocol = files.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _render_marker(marker: Marker) -> bytes:
    values = {_SHARD_KEY if key == "shard" else key: v for key, v in asdict(marker).items()}
    return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _parse_marker(body: bytes, name: str) -> Marker:
    try:
        values = {"schema_version": UNSTATED_VERSION, **orjson.loads(body)}
        check_version(int(values["schema_version"]), name)
        shard = values.pop(_SHARD_KEY)
        failures = tuple((str(a), str(b), str(c)) for a, b, c in values.pop("failures"))
        cut_short = tuple(map(str, values.pop("cut_short", ())))
        return Marker(**values, shard=shard, failures=failures, cut_short=cut_short)
    except (ValueError, TypeError, KeyError) as error:
        raise IngestError(f"{name} is no marker that winnow wrote: {error}") from error
