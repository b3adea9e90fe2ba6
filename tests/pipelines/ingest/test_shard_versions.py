"""A folder of shards says how it was written: the old is loaded, the new refused, and they mix."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlite_utils import Database

from pipelines.errors import IngestError
from pipelines.executor import ExecutorOptions
from pipelines.ingest.filter.filters import Filters
from pipelines.ingest.inputs import find_inputs
from pipelines.ingest.shards.load_shards import load_shards
from pipelines.ingest.shards.schema_version import SHARD_SCHEMA_VERSION
from pipelines.ingest.shards.write_shards import ShardOptions, write_shards
from pipelines.store.articles.articles import load_article
from pipelines.store.articles.rows import PARTS
from pipelines.store.database.database import open_database
from scraper.extract.extractor import EXTRACTOR_VERSION
from tests.pipelines.command_line import run_winnow
from tests.pipelines.ingest.archives import make_archive
from tests.pipelines.ingest.old_shards import (
    FAILURE,
    PAGE,
    SEEN_AT,
    SHARDS,
    article_of,
    read_version,
    write_version,
)

pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
pytest.importorskip("fsspec", reason="the extra cluster is not installed")

VERSIONS = range(1, SHARD_SCHEMA_VERSION + 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shard of version 1, written before shards said their version."""
    read_version(1, tmp_path / "shards")
    return tmp_path / "shards"


def shard_of(folder: Path) -> Path:
    return next((folder / "parts").iterdir())


def change(path: Path, change_table: Callable[[Any], Any]) -> None:
    """Write a shard anew, changed."""
    parquet.write_table(change_table(parquet.read_table(path)), path)


def load(folder: Path, path: Path) -> Database:
    db = open_database(path)
    load_shards(db, str(folder))
    return db


def write_news(folder: Path, tmp_path: Path) -> None:
    """Shards as this code writes them, of three pages."""
    archive = tmp_path / "news.warc.gz"
    if not archive.exists():
        archive.write_bytes(make_archive(3).data)
    options = ShardOptions(filters=Filters(is_news_only=False))
    executor = ExecutorOptions(executor="local")
    write_shards(find_inputs([str(archive)]), str(folder), options, executor)


def state_version(folder: Path, version: int) -> None:
    for path in (folder / "markers").iterdir():
        marker = orjson.loads(path.read_bytes())
        path.write_bytes(orjson.dumps({**marker, "schema_version": version}))


def test_there_is_a_shard_of_every_version() -> None:
    names = sorted(path.name for path in SHARDS.iterdir())
    assert names == sorted(f"{n}.{end}" for n in VERSIONS for end in ("json", "parquet.zst"))


def test_the_version_goes_up_with_the_columns(tmp_path: Path) -> None:
    """When it fails: add one to SHARD_SCHEMA_VERSION, run tests.pipelines.ingest.old_shards."""
    read_version(SHARD_SCHEMA_VERSION, tmp_path / "kept")
    write_version(tmp_path / "now")
    kept, now = (parquet.read_schema(shard_of(tmp_path / name)) for name in ("kept", "now"))
    assert now.equals(kept)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_shard_of_any_version_is_loaded_with_all_it_holds(tmp_path: Path, version: int) -> None:
    read_version(version, tmp_path / "shards")
    with closing(load(tmp_path / "shards", tmp_path / "a.db")) as db:
        article = article_of(version)
        assert article.url is not None
        assert load_article(db, article.url) == article
        later = set() if version > 2 else {"comments", "entries"}
        for table in (*PARTS, "authors", "tags"):
            assert bool(db[table].count) == (table not in later), table
        assert [page["url"] for page in db["pages"].rows] == [PAGE.url]
        assert [(row["url"], row["error"], row["message"]) for row in db["failures"].rows] == [
            FAILURE
        ]
        (row,) = db["articles"].rows
        assert row["first_seen_at"].startswith(SEEN_AT.strftime("%Y-%m-%dT%H:%M"))
        assert row["extractor_version"] == "1"


def test_a_shard_and_its_marker_say_how_they_were_written(tmp_path: Path) -> None:
    write_news(tmp_path / "shards", tmp_path)
    metadata = parquet.read_metadata(shard_of(tmp_path / "shards")).metadata
    assert metadata[b"winnow.schema_version"] == str(SHARD_SCHEMA_VERSION).encode()
    assert metadata[b"winnow.extractor_version"] == EXTRACTOR_VERSION.encode()
    (path,) = (tmp_path / "shards/markers").iterdir()
    marker = orjson.loads(path.read_bytes())
    assert marker["schema_version"] == SHARD_SCHEMA_VERSION
    assert marker["extractor_version"] == EXTRACTOR_VERSION
    assert marker["part"] == f"{marker['split']}.parquet"


def test_a_folder_may_hold_shards_of_several_versions(folder: Path, tmp_path: Path) -> None:
    for version in VERSIONS:
        read_version(version, folder)
    write_news(folder, tmp_path)
    with closing(load(folder, tmp_path / "a.db")) as db:
        assert db["articles"].count == len(VERSIONS) + 3


def test_a_newer_folder_is_refused_before_anything_is_stored(folder: Path, tmp_path: Path) -> None:
    write_news(folder, tmp_path)
    newer = sorted((folder / "markers").iterdir())[-1]
    marker = orjson.loads(newer.read_bytes())
    newer.write_bytes(orjson.dumps({**marker, "schema_version": 99, "weather": "rain"}))
    outcome = run_winnow(tmp_path, "load", "shards")
    assert outcome.code == 1
    (line,) = outcome.errors
    assert newer.name in line
    assert "written by a newer winnow" in line
    assert "upgrade: pip install --upgrade winnow-news" in line
    with closing(open_database(tmp_path / "data/articles.db", create=False)) as db:
        assert db["articles"].count == 0


def test_a_newer_shard_is_refused_whatever_its_marker_says(folder: Path, tmp_path: Path) -> None:
    change(
        shard_of(folder),
        lambda table: table.replace_schema_metadata({"winnow.schema_version": "99"}),
    )
    with pytest.raises(IngestError, match=r"split-1\.parquet was written by a newer winnow"):
        load(folder, tmp_path / "a.db")


def test_a_newer_folder_is_not_written_to(tmp_path: Path) -> None:
    write_news(tmp_path / "shards", tmp_path)
    state_version(tmp_path / "shards", 99)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "shards").rglob("*")}
    with pytest.raises(IngestError, match="newer winnow"):
        write_news(tmp_path / "shards", tmp_path)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "shards").rglob("*")}
    assert after == before


def test_what_a_shard_lacks_is_empty(folder: Path, tmp_path: Path) -> None:
    def without(table: Any) -> Any:
        images = table.column("images").combine_chunks()
        kept = [{k: v for k, v in image.items() if k != "alt"} for image in images.to_pylist()[0]]
        place = table.schema.get_field_index("images")
        fewer = table.set_column(place, "images", pyarrow.array([kept]))
        return fewer.drop_columns(["section", "description", "quotes", "tags", "page", "archive"])

    change(shard_of(folder), without)
    with closing(load(folder, tmp_path / "a.db")) as db:
        (row,) = db["articles"].rows
        assert (row["title"], row["section"]) == (article_of(1).title, None)
        assert row["description"] is None
        assert [(image["alt"], image["caption"]) for image in db["images"].rows] == [
            (None, "The old boat")
        ]
        assert [db[table].count for table in ("quotes", "tags", "pages")] == [0, 0, 0]
        assert db["failures"].count == 1  # that of the marker


def test_a_file_without_what_every_shard_has_is_none(folder: Path, tmp_path: Path) -> None:
    change(shard_of(folder), lambda table: table.drop_columns(["record"]))
    with pytest.raises(IngestError, match="is not a shard that winnow wrote: no column 'record'"):
        load(folder, tmp_path / "a.db")
