"""An export writes where it is told, and to nothing else: files, links, pipes, devices, URLs."""

import gzip
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlite_utils import Database

from pipelines.export import FORMATS
from pipelines.export.output import open_output
from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.program.installed_program import INSTALLED

ROW_FORMATS = [name for name, form in FORMATS.items() if form.content == "rows"]
_SUFFIX = {"markdown": "md"}


@pytest.fixture
def home(db: Database, tmp_path: Path) -> Path:
    """A folder with a database in it, where the program is started."""
    db.close()
    return tmp_path


def export(home: Path, *arguments: str, **keywords: Any) -> Any:
    return INSTALLED.run(home, "export", *arguments, "--db", "articles.db", **keywords)


def test_a_named_pipe_is_written_to_and_stays_one(home: Path) -> None:
    pipe = home / "pipe.csv"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    assert export(home, "csv", "-o", "pipe.csv", "--columns", "id").code == 0
    reader.join(20)
    assert got == [b"id\r\n1\r\n2\r\n3\r\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["pipe.jsonl", "pipe.jsonl.gz", "pipe.jsonl.zst", "pipe.parquet"])
def test_a_pipe_whose_reader_goes_ends_quietly(home: Path, name: str) -> None:
    with closing(open_database(home / "articles.db")) as database:
        # More than a pipe holds, however it is compressed.
        save_article(
            database, Article(url="https://a.example/long", text=os.urandom(400_000).hex())
        )
    os.mkfifo(home / name)

    def look() -> None:
        with (home / name).open("rb") as file:
            file.read(1)

    reader = threading.Thread(target=look)
    reader.start()
    outcome = export(home, name.split(".")[1], "-o", name)
    reader.join(20)
    assert (outcome.code, outcome.err) == (1, "")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_by_its_name_is_not_replaced(home: Path, name: str) -> None:
    with (home / "all.csv").open("wb") as file:
        file.write(b"first\n")
        file.flush()
        outcome = export(home, "csv", "-o", name, "--columns", "id", stdout=file)
    assert outcome.code == 0
    assert (home / "all.csv").read_bytes() == b"first\nid\r\n1\r\n2\r\n3\r\n"
    assert list(home.glob("*partial*")) == []


def test_a_device_is_written_to(home: Path) -> None:
    before = Path("/dev/null").stat()
    for form in ("csv", "parquet", "markdown"):
        assert export(home, form, "-o", "/dev/null").code == 0
    assert Path("/dev/null").stat().st_rdev == before.st_rdev


def test_a_link_goes_on_leading_to_the_file(home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / "elsewhere" / "real.csv").write_text("old")
    (home / "link.csv").symlink_to("elsewhere/real.csv")
    (home / "new.csv").symlink_to("elsewhere/not-yet.csv")
    for name in ("link.csv", "new.csv"):
        assert export(home, "csv", "-o", name, "--columns", "id").code == 0
        assert (home / name).is_symlink()
        assert (home / name).read_text().split() == ["id", "1", "2", "3"]
    assert (home / "elsewhere" / "not-yet.csv").is_file()
    (home / "round").symlink_to("round")
    outcome = export(home, "csv", "-o", "round/a.csv")
    assert (outcome.code, len(outcome.errors)) == (2, 1)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_who_may_read_it(home: Path, mode: int) -> None:
    path = home / "a.csv"
    path.write_text("old")
    path.chmod(mode)
    with open_output(path) as file:
        file.write(b"new")
        (partial,) = home.glob(".*.partial")
        assert stat.S_IMODE(partial.stat().st_mode) == mode
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_the_longest_name_there_is(home: Path) -> None:
    name = "n" * 251 + ".csv"
    assert export(home, "csv", "-o", name).code == 0
    assert (home / name).is_file()
    outcome = export(home, "csv", "-o", "n" + name)
    assert (outcome.code, len(outcome.errors)) == (2, 1)


@pytest.fixture(scope="module")
def bucket() -> Iterator[tuple[str, dict[str, str]]]:
    """An S3 bucket on loopback, and the variables that lead a process to it."""
    pytest.importorskip("s3fs", reason="the extra cluster is not installed")
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    variables = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "rain",
        "AWS_SECRET_ACCESS_KEY": "river",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    store = _store(variables)
    store.mkdir("exports")
    yield "s3://exports", variables
    server.stop()


def _store(variables: dict[str, str]) -> Any:
    import s3fs

    return s3fs.S3FileSystem(
        key="rain",
        secret="river",  # noqa: S106 - of no store but the one on loopback
        client_kwargs={"endpoint_url": variables["AWS_ENDPOINT_URL"]},
        skip_instance_cache=True,
        use_listings_cache=False,
    )


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
@pytest.mark.parametrize("form", ROW_FORMATS)
def test_every_format_may_be_an_object_of_a_store(
    home: Path, bucket: tuple[str, dict[str, str]], form: str, ending: str
) -> None:
    url, variables = bucket
    name = f"day/rows.{_SUFFIX.get(form, form)}{ending}"
    there, here = export(home, form, "-o", f"{url}/{name}", variables=variables), home / name
    if there.code == 2 and FORMATS[form].needs_seek:
        assert ending
        return
    assert (there.code, there.err) == (0, f"3 rows in {url}/{name}\n")
    assert export(home, form, "-o", name).code == 0
    stored, written = _store(variables).cat_file(f"exports/{name}"), here.read_bytes()
    if form == "xlsx":
        assert stored[:2] == written[:2] == b"PK"  # it holds when it was made
        return
    assert _plain(stored, ending) == _plain(written, ending)
    assert not (home / "s3:").exists()


def _plain(data: bytes, ending: str) -> bytes:
    if ending == ".gz":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().decompressobj().decompress(data) if ending else data


def test_folders_parts_and_manifests_in_a_store(
    home: Path, bucket: tuple[str, dict[str, str]]
) -> None:
    url, variables = bucket
    assert export(home, "markdown", "-o", f"{url}/notes", variables=variables).code == 0
    options = ["-o", f"{url}/parts/a.csv", "--split-by", "month", "--manifest"]
    assert export(home, "csv", *options, variables=variables).code == 0
    store = _store(variables)
    assert len(store.ls("exports/notes")) == 3
    assert [name.rpartition("/")[2] for name in sorted(store.ls("exports/parts"))] == [
        "a-2026-03.csv", "a-2026-04.csv", "a-undated.csv", "a.csv.manifest.json",
        "datapackage.json",
    ]  # fmt: skip
    assert export(home, "warc", "-o", f"{url}/pages.warc.gz", variables=variables).code == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense://a/b.csv", "nonsense"),
        ("s3://no-such-bucket/b.csv", "no-such-bucket"),
    ],
)
def test_a_store_that_is_not_there_is_one_line(
    home: Path, bucket: tuple[str, dict[str, str]], url: str, words: str
) -> None:
    outcome = export(home, "csv", "-o", url, variables=bucket[1])
    assert outcome.code == 2
    (line,) = outcome.err.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_other_stores_of_fsspec(home: Path) -> None:
    assert export(home, "csv", "-o", f"file://{home}/below/a.csv", "--columns", "id").code == 0
    assert (home / "below" / "a.csv").read_text().split() == ["id", "1", "2", "3"]
