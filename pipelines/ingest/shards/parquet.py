"""Articles as Parquet, one row each with all that belongs to it, ready to be loaded or queried.

What the database keeps in tables of their own are lists here: `headings`, `list_items`, `faqs` and
so on, with the columns they have there. Needs the extra ``parquet``.

The file's own metadata says which version of the schema it has, and which extractor read the pages.
What a shard of an older version lacks is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Final

from pipelines.errors import IngestError
from pipelines.ingest.shards.schema_version import (
    SHARD_SCHEMA_VERSION,
    UNSTATED_VERSION,
    check_version,
)
from pipelines.store.articles.rows import COLUMNS, PARTS, ArticleRows
from pipelines.store.pages.packing import PackedPage

_ROWS_PER_GROUP: Final = 256  # of articles of ten kilobytes: what a shard holds in memory
_WHOLE_NUMBERS: Final = frozenset(
    "word_count has_cjk position level parent_position list_position depth ordered row_count "
    "column_count text_offset".split()
)
# No article is stored without these: a file that lacks one is no shard, of whatever version.
_NEEDED: Final = frozenset(
    "url text markdown word_count access robots confidence content_hash record_hash has_cjk "
    "evidence record".split()
)
_SCHEMA_KEY: Final = b"winnow.schema_version"
_EXTRACTOR_KEY: Final = b"winnow.extractor_version"
_PAGE: Final = {
    "hash": "string",
    "url": "string",
    "status": "int64",
    "content_type": "string",
    "headers": "string",
    "size_bytes": "int64",
    "fetched_at": "string",
    "body": "binary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardRow:
    """One article of a shard.

    Attributes:
        archive: The file it was read from.
        fetched_at: When it was captured.
        page: The raw page, where pages are kept.
    """

    rows: ArticleRows
    archive: str
    fetched_at: datetime | None = None
    page: PackedPage | None = None


class ShardWriter:
    """Writes rows to a Parquet file, a few hundred in memory at a time.

    Args:
        path: A file on this machine.
        extractor_version: What reads the pages.

    Raises:
        IngestError: pyarrow is not installed.
    """

    def __init__(self, path: str, extractor_version: str) -> None:
        pyarrow, parquet = load_pyarrow()
        self._pyarrow = pyarrow
        versions = {
            _SCHEMA_KEY: str(SHARD_SCHEMA_VERSION),
            _EXTRACTOR_KEY: extractor_version,
        }
        self._schema = _schema(pyarrow).with_metadata(versions)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[dict[str, Any]] = []
        self.rows = 0

    def add(self, row: ShardRow) -> None:
        """Add an article."""
        self._waiting.append(_to_columns(row))
        self.rows += 1
        if len(self._waiting) >= _ROWS_PER_GROUP:
            self._write()

    def close(self) -> None:
        """Complete the file."""
        self._write()
        self._writer.close()

    def _write(self) -> None:
        if self._waiting:
            table = self._pyarrow.Table.from_pylist(self._waiting, schema=self._schema)
            self._writer.write_table(table)
            self._waiting = []


def read_shard(file: Any, name: str, skip: int = 0) -> Iterator[ShardRow]:
    """The rows of a shard from the one numbered `skip` on; messages call it `name`.

    Raises:
        IngestError: It is no such file, a newer winnow wrote it, or pyarrow is not installed.
    """
    pyarrow, parquet = load_pyarrow()
    try:
        shard = parquet.ParquetFile(file)
        stated = (shard.metadata.metadata or {}).get(_SCHEMA_KEY, UNSTATED_VERSION)
        check_version(int(stated), name)
        missing = _NEEDED - set(shard.schema_arrow.names)
        if missing:
            raise IngestError(
                f"{name} is not a shard that winnow wrote: no column {min(missing)!r}"
            )
        for number in range(shard.num_row_groups):
            count = shard.metadata.row_group(number).num_rows
            if skip < count:
                for row in shard.read_row_group(number).to_pylist()[skip:]:
                    yield _from_columns(row)
            skip = max(0, skip - count)
    except pyarrow.ArrowException as error:
        raise IngestError(f"{name} is not a Parquet file that can be read: {error}") from error


def load_pyarrow() -> tuple[Any, Any]:
    """The modules pyarrow and pyarrow.parquet.

    Raises:
        IngestError: It is not installed.
    """
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise IngestError(
            "shards are Parquet, which needs an extra; install it with: "
            "pip install 'winnow-news[cluster]'"
        ) from error


def _schema(pyarrow: Any) -> Any:
    text, number = pyarrow.string(), pyarrow.int64()

    def kind_of(column: str) -> Any:
        if column in {"confidence", "page_kind_probability"}:
            return pyarrow.float64()
        return number if column in _WHOLE_NUMBERS else text

    parts = [
        (name, pyarrow.list_(pyarrow.struct([(column, kind_of(column)) for column in columns])))
        for name, columns in PARTS.items()
    ]
    page = pyarrow.struct([(name, getattr(pyarrow, kind)()) for name, kind in _PAGE.items()])
    return pyarrow.schema(
        [
            ("url", text),
            *((column, kind_of(column)) for column in COLUMNS),
            ("authors", pyarrow.list_(text)),
            ("tags", pyarrow.list_(text)),
            ("aliases", pyarrow.list_(text)),
            *parts,
            ("duplicate_keys", pyarrow.list_(number)),
            ("record", pyarrow.binary()),
            ("archive", text),
            ("fetched_at", pyarrow.timestamp("us", tz="UTC")),
            ("page", page),
        ]
    )


def _to_columns(row: ShardRow) -> dict[str, Any]:
    rows, page = row.rows, row.page
    return {
        "url": rows.url,
        **dict(zip(COLUMNS, rows.values, strict=True)),
        "authors": rows.authors,
        "tags": rows.tags,
        "aliases": rows.aliases,
        **{
            name: [dict(zip(columns, values, strict=True)) for values in rows.parts[name]]
            for name, columns in PARTS.items()
        },
        "duplicate_keys": rows.duplicate_keys,
        "record": rows.record,
        "archive": row.archive,
        "fetched_at": row.fetched_at,
        "page": None if page is None else {name: getattr(page, name) for name in _PAGE},
    }


def _from_columns(row: dict[str, Any]) -> ShardRow:
    """A row of a shard; what a shard of an older version lacks is empty."""
    page = row.get("page")
    return ShardRow(
        rows=ArticleRows(
            url=row["url"],
            aliases=tuple(row.get("aliases") or ()),
            values=tuple(row.get(column) for column in COLUMNS),
            authors=tuple(row.get("authors") or ()),
            tags=tuple(row.get("tags") or ()),
            parts={
                name: tuple(
                    tuple(part.get(column) for column in columns) for part in row.get(name) or ()
                )
                for name, columns in PARTS.items()
            },
            duplicate_keys=tuple(row.get("duplicate_keys") or ()),
            record=row["record"],
        ),
        archive=row.get("archive") or "",
        fetched_at=row.get("fetched_at"),
        page=None if page is None else PackedPage(**{name: page.get(name) for name in _PAGE}),
    )
