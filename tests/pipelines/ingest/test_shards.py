"""Archives into Parquet shards, and shards into the database."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.errors import IngestError
from pipelines.executor import ExecutorName, ExecutorOptions
from pipelines.ingest.filter.filters import Filters
from pipelines.ingest.ingest import IngestOptions, ingest
from pipelines.ingest.inputs import find_inputs
from pipelines.ingest.shards.folder import ShardFolder
from pipelines.ingest.shards.load_shards import LoadReport, load_shards
from pipelines.ingest.shards.split import find_splits
from pipelines.ingest.shards.write_shards import (
    ShardOptions,
    ShardReport,
    SplitTask,
    write_shards,
    write_split,
)
from pipelines.store.database.database import open_database
from tests.pipelines.executor.dask_processes import dask_processes
from tests.pipelines.ingest.archives import ArchiveMaker, news_page

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
pytest.importorskip("fsspec", reason="the extra cluster is not installed")

_TABLES = {
    "articles": "url, title, text, markdown, published_at, word_count, confidence, content_hash",
    "headings": "level, text",
    "list_items": "list_position, position, depth, text",
    "faqs": "question, answer, source",
    "links": "url, text",
    "authors": "name",
    "pages": "hash, body",
    "failures": "url, stage, error, message",
}


def make_archives(folder: Path, archives: int = 3, pages: int = 8) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(archives):
        maker = ArchiveMaker()
        for page in range(pages):
            name = number * pages + page
            extra = (
                f"<h2>What the river left {name}</h2>"
                "<ul><li>Mud in all the cellars of the lower town, a metre deep in some.</li>"
                f"<li>Boat {name}, on the roof of the ferry office and without a scratch.</li></ul>"
                "</article>"
            )
            html = news_page(name).replace("</article>", extra)
            maker.add_page(f"https://news.example/{name}", html)
        maker.add_page("https://news.example/", "<p>Share this")
        data = maker.data + (b"\x1f\x8b\x08 broken" if number == 0 else b"")
        (folder / f"{number}.warc.gz").write_bytes(data)
    return folder


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_database(path, create=False)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall())  # noqa: S608
            for table, columns in _TABLES.items()
        }


def ingested(archives: Path, path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_database(path)) as db:
        options = IngestOptions(
            filters=Filters(is_news_only=False), executor=ExecutorOptions(executor="local"),
            keep_pages=True,
        )  # fmt: skip
        ingest(db, find_inputs([str(archives)]), options)
    return contents(path)


def written(archives: Path, folder: str, executor: ExecutorOptions | None = None) -> ShardReport:
    options = ShardOptions(filters=Filters(is_news_only=False), keep_pages=True)
    inputs = find_inputs([str(archives)])
    executor = executor or ExecutorOptions(executor="local")
    return write_shards(inputs, folder, options, executor, split_bytes=2_000)


def loaded(folder: str, path: Path) -> LoadReport:
    with closing(open_database(path)) as db:
        return load_shards(db, folder)


def test_parts_loaded_are_what_an_ingest_stores(tmp_path: Path) -> None:
    archives, shards = make_archives(tmp_path / "in"), str(tmp_path / "shards")
    direct = ingested(archives, tmp_path / "direct.db")
    assert len(direct["articles"]) == 24
    assert len(direct["list_items"]) >= 24
    assert len(direct["failures"]) == 1

    report = written(archives, shards)
    assert report.splits > 3  # each archive was cut
    assert (report.articles, report.failed, report.kept) == (24, 1, 0)
    assert report.done_bytes == sum(file.stat().st_size for file in archives.iterdir())
    first = loaded(shards, tmp_path / "loaded.db")
    assert (first.new, first.rows, first.failed) == (24, 24, 1)
    assert contents(tmp_path / "loaded.db") == direct

    again = loaded(shards, tmp_path / "loaded.db")
    assert (again.new, again.changed, again.unchanged, again.rows) == (0, 0, 0, 24)
    assert contents(tmp_path / "loaded.db") == direct


def test_only_what_has_no_marker_is_done_again(tmp_path: Path) -> None:
    archives, shards = make_archives(tmp_path / "in"), tmp_path / "shards"
    whole = written(archives, str(shards))
    assert written(archives, str(shards)).kept == whole.splits
    markers = sorted((shards / "markers").iterdir())
    before = {file: file.stat().st_mtime_ns for file in (shards / "parts").iterdir()}
    lost = markers[1].stem
    markers[1].unlink()  # as if the worker had died between the shard and its marker
    (shards / "parts" / f"{lost}.parquet").write_bytes(b"half")
    report = written(archives, str(shards))
    assert (report.kept, report.articles) == (whole.splits - 1, whole.articles)
    after = {file: file.stat().st_mtime_ns for file in (shards / "parts").iterdir()}
    assert {file.stem for file in after if after[file] != before[file]} == {lost}
    assert not list(shards.rglob("*.tmp"))
    (archives / "0.warc.gz").touch()
    assert written(archives, str(shards)).kept < whole.splits  # another file by that name


def test_other_options_want_another_folder(tmp_path: Path) -> None:
    archives, shards = make_archives(tmp_path / "in", archives=1), str(tmp_path / "shards")
    written(archives, shards)
    with pytest.raises(IngestError, match="made with other options"):
        write_shards(
            find_inputs([str(archives)]), shards, ShardOptions(), ExecutorOptions(executor="local"),
            split_bytes=2_000,
        )  # fmt: skip


def test_a_load_that_is_killed_goes_on_behind_what_it_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archives, shards = make_archives(tmp_path / "in"), str(tmp_path / "shards")
    written(archives, shards)
    monkeypatch.setattr("pipelines.ingest.shards.load_shards._ROWS_AT_ONCE", 2)
    seen: list[int] = []

    def stop(report: LoadReport) -> None:
        seen.append(report.rows)
        if report.rows >= 9:
            raise KeyboardInterrupt

    with closing(open_database(tmp_path / "a.db")) as db, pytest.raises(KeyboardInterrupt):
        load_shards(db, shards, on_progress=stop)
    rest = loaded(shards, tmp_path / "a.db")
    assert rest.new == 24 - seen[-1]
    assert rest.unchanged == 0
    assert len(contents(tmp_path / "a.db")["articles"]) == 24


def test_duckdb_reads_parts_as_they_are(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    written(make_archives(tmp_path / "in"), str(tmp_path / "shards"))
    columns = "title, authors[1], headings[1].text, len(list_items) > 0, fetched_at IS NOT NULL"
    shards = duckdb.read_parquet(f"{tmp_path}/shards/parts/*.parquet")
    rows = shards.order("url").project(columns).fetchall()
    assert len(rows) == 24
    assert rows[0] == ("Flood report 0", "Mira Olsdotter", "What the river left 0", True, True)


def test_what_is_no_part_is_one_clear_error(tmp_path: Path) -> None:
    archives, shards = make_archives(tmp_path / "in", archives=1), tmp_path / "shards"
    written(archives, str(shards))
    for file in (shards / "parts").iterdir():
        file.write_bytes(b"This is no Parquet.")
    with pytest.raises(IngestError, match="not a Parquet file that can be read"):
        loaded(str(shards), tmp_path / "a.db")
    for file in (shards / "markers").iterdir():
        file.write_bytes(b'{"rain": 1}')
    with pytest.raises(IngestError, match="no marker that winnow wrote"):
        loaded(str(shards), tmp_path / "a.db")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An S3 bucket on loopback, told to this process and its children by the environment."""
    pytest.importorskip("s3fs", reason="the extra cluster is not installed")
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "rain")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "river")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs

        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("crawls")
        yield "s3://crawls"
    server.stop()


def test_archives_and_parts_may_be_objects_of_a_store(tmp_path: Path, bucket: str) -> None:
    import s3fs

    archives = make_archives(tmp_path / "in")
    direct = ingested(archives, tmp_path / "direct.db")
    s3fs.S3FileSystem().put(f"{archives}/", "crawls/in/", recursive=True)
    options = ShardOptions(filters=Filters(is_news_only=False), keep_pages=True)
    for executor in (
        ExecutorOptions(executor="processes", workers=2),
        ExecutorOptions(executor="local"),
    ):
        report = write_shards(
            find_inputs([f"{bucket}/in"]), f"{bucket}/out", options, executor, split_bytes=2_000
        )
        assert report.articles == 24
    assert report.kept == report.splits
    loaded(f"{bucket}/out", tmp_path / "a.db")
    found = contents(tmp_path / "a.db")
    assert {**found, "failures": []} == {**direct, "failures": []}  # these name the file


# A worker that meets this file ends itself, once: as one that is killed from outside would.
def write_split_once_fatally(task: SplitTask) -> object:
    fatal = Path(task.folder).parent / "fatal"
    with contextlib.suppress(FileNotFoundError):
        fatal.unlink()  # of two workers that come at once only one is killed
        os.kill(os.getpid(), signal.SIGKILL)
    return write_split(task)


@pytest.mark.parametrize("executor", ["processes", "dask"])
def test_three_workers_one_killed_give_the_same_parts(
    tmp_path: Path, executor: ExecutorName, monkeypatch: pytest.MonkeyPatch
) -> None:
    if executor == "dask":
        pytest.importorskip("distributed", reason="the extra cluster is not installed")
    archives, shards = make_archives(tmp_path / "in"), str(tmp_path / "shards")
    direct = ingested(archives, tmp_path / "direct.db")
    splits = len(list(find_splits(find_inputs([str(archives)]), 2_000)))
    monkeypatch.setattr(
        "pipelines.ingest.shards.write_shards.write_split", write_split_once_fatally
    )
    (tmp_path / "fatal").touch()
    if executor == "dask":
        # The workers import this module by name.
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
        with dask_processes(tmp_path, workers=3) as cluster:
            options = ExecutorOptions(executor="dask", cluster=cluster.address)
            report = written(archives, shards, options)
            dead = [worker.poll() for worker in cluster.workers]
            assert dead.count(-signal.SIGKILL) == 1
    else:
        report = written(archives, shards, ExecutorOptions(executor="processes", workers=3))
    assert not (tmp_path / "fatal").exists()
    assert (report.splits, report.articles) == (splits, 24)
    assert len(list(ShardFolder(shards).markers())) == splits
    loaded(shards, tmp_path / "a.db")
    assert contents(tmp_path / "a.db") == direct


def test_the_commands(tmp_path: Path) -> None:
    archives = make_archives(tmp_path / "in", archives=2)

    def winnow(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
            cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    done = winnow("ingest", "in", "--to", "shards", "--all-pages", "--executor", "local")
    assert done.returncode == 1  # an archive is damaged
    assert "16 articles in shards, 1 failed" in done.stdout
    assert winnow("load", "shards").stdout.startswith("16 articles of 2 shards: 16 new")
    assert "16 articles of 2 shards: 0 new" in winnow("load", "shards").stdout
    nothing = winnow("load", str(archives))
    assert "there is no finished shard in it" in nothing.stderr
