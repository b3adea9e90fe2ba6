"""Every format of every table, as a process, read by what reads the format."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipelines.export.formats import FORMATS
from pipelines.store.export.export_tables import EXPORT_TABLES
from tests.pipelines.loopback_site import story_title
from tests.program.case import check_extra_is_named
from tests.program.installed_program import INSTALLED, Program

Rows = list[dict[str, Any]]
csv.field_size_limit(2**31 - 1)


def _read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_jsonl(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _read_markdown(path: Path) -> Rows:
    """The facts in front of each article; each is a line of JSON."""
    fronts = path.read_text(encoding="utf-8").split("---\n")[1::2]
    return [
        {name: json.loads(value) for name, value in (line.split(": ", 1) for line in lines)}
        for lines in (front.splitlines() for front in fronts)
    ]


def _read_parquet(path: Path) -> Rows:
    rows: Rows = import_module("pyarrow.parquet").read_table(path).to_pylist()
    return rows


READERS: dict[str, Callable[[Path], Rows]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
    "markdown": _read_markdown,
    "parquet": _read_parquet,
}


OF_TABLES = tuple(name for name, form in FORMATS.items() if form.content == "rows")
FOR_ARTICLES_ONLY = ("markdown",)


def test_every_format_has_runs() -> None:
    assert set(READERS) == set(OF_TABLES)
    assert set(FORMATS) - set(OF_TABLES) == {"warc"}, "a format of pages needs a run of its own"


@pytest.mark.parametrize(
    ("format_name", "table"),
    [
        (format_name, table)
        for format_name in OF_TABLES
        for table in EXPORT_TABLES
        if table == "articles" or format_name not in FOR_ARTICLES_ONLY
    ],
)
def test_every_table_in_every_format(
    program: Program, folder: Path, format_name: str, table: str
) -> None:
    _add_posts(folder)
    name = f"rows.{'md' if format_name == 'markdown' else format_name}"
    outcome = program.run(folder, "export", format_name, "--table", table, "--output", name)
    if format_name == "parquet" and program is not INSTALLED:
        check_extra_is_named(outcome, "parquet")
        assert not (folder / name).exists()
        return
    columns = _plain_columns(folder, table)
    if format_name == "markdown":
        columns.remove("text")  # it is the document
    stored = _query(folder, f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - own names
    assert stored, f"the folder of these tests has nothing for {table}"
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == f"{len(stored)} rows in {name}\n"
    rows = READERS[format_name](folder / name)
    assert _texts([row.get(name) for name in columns] for row in rows) == _texts(stored)


@pytest.mark.parametrize("table", [table for table in EXPORT_TABLES if table != "articles"])
@pytest.mark.parametrize("format_name", FOR_ARTICLES_ONLY)
def test_a_format_for_articles_says_so(
    barest: Program, folder: Path, format_name: str, table: str
) -> None:
    outcome = barest.run(folder, "export", format_name, "--table", table, "--output", "rows.md")
    assert (outcome.code, outcome.out) == (2, "")
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"error: {format_name} is a format for articles; ")
    assert not (folder / "rows.md").exists()


@pytest.mark.parametrize("format_name", OF_TABLES)
def test_standard_output_gets_the_same_bytes(folder: Path, format_name: str) -> None:
    names = ["--columns", "id,title"]
    assert INSTALLED.run(folder, "export", format_name, *names, "-o", "rows.md").code == 0
    with (folder / "out.bin").open("wb") as file:
        outcome = INSTALLED.run(folder, "export", format_name, *names, stdout=file)
    assert (outcome.code, outcome.err) == (0, "")
    assert (folder / "out.bin").read_bytes() == (folder / "rows.md").read_bytes()


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_stored_pages_as_warc(program: Program, folder: Path, name: str) -> None:
    outcome = program.run(folder, "export", "warc", "-o", name)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"4 pages in {name}\n")
    with (folder / name).open("rb") as file:
        records = list(_read_warc(file))
    assert sorted(url for url, _ in records) == sorted(
        url for (url,) in _query(folder, "SELECT url FROM pages")
    )
    assert all(story_title(0) in page for url, page in records if url.endswith("0000.html"))


def _read_warc(file: Any) -> Iterator[tuple[str, str]]:
    for record in ArchiveIterator(file, record_types=WarcRecordType.response):
        yield record.headers["WARC-Target-URI"], record.reader.read().decode()


def _query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "data/articles.db")) as connection:
        return connection.execute(sql).fetchall()


def _plain_columns(folder: Path, table: str) -> list[str]:
    """Those that have one name and one plain value in an export and in the database."""
    stored = {name for _, name, *_ in _query(folder, f"PRAGMA table_info({table})")}
    return [
        column.name
        for column in EXPORT_TABLES[table].columns
        if column.name in stored and column.kind in {"text", "integer"} and column.is_default
    ]


def _texts(rows: Iterable[Sequence[Any]]) -> list[list[str]]:
    """Rows as CSV has them too, in no order."""
    return sorted(["" if value is None else str(value) for value in row] for row in rows)


def _add_posts(folder: Path) -> None:
    """A comment and an entry of a live blog, which the pages of the folder do not have."""
    with closing(sqlite3.connect(folder / "data/articles.db")) as db, db:
        first = db.execute("SELECT min(id) FROM articles").fetchone()
        db.execute(
            "INSERT INTO comments (article_id, position, depth, author, text) "
            "VALUES (?, 0, 0, 'Pell', 'At last.')",
            first,
        )
        db.execute(
            "INSERT INTO entries (article_id, position, heading, text) "
            "VALUES (?, 0, 'Noon', 'The boat is in.')",
            first,
        )
