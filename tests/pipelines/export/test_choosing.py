"""Which rows an export holds: filters that only filter, increments, parts, and a manifest."""

import csv
import threading
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.errors import ExportError, StoreError
from pipelines.export import ExportOptions, export_table
from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from pipelines.store.export.export_rows import RowsRequest, iter_rows
from pipelines.store.migrations import SCHEMA_VERSION
from scraper.article import Article


def _ids(db: Database, tmp_path: Path, **options: Any) -> list[str]:
    path = tmp_path / "ids.csv"
    export_table(db, "csv", ExportOptions(output=path, columns=["id"], **options))
    return path.read_text().split()[1:]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("confidence > 0.6", ["1"]),
        ("source IS NULL OR title LIKE '=%'", ["2", "3"]),
        ("title = ':;--)'", []),
        ("(published_at IS NOT NULL) AND (word_count > 2)", ["1"]),
        ("id IN (SELECT max(id) FROM articles)", ["3"]),
        ("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = 'c')", ["1"]),
        ("markdown <> ''", ["1"]),
    ],
)
def test_a_filter_is_an_expression_over_the_columns(
    db: Database, tmp_path: Path, where: str, ids: list[str]
) -> None:
    assert _ids(db, tmp_path, where=where) == ids


def test_parameters_are_values_never_sql(db: Database, tmp_path: Path) -> None:
    assert _ids(db, tmp_path, where="title = :t", parameters={"t": "=HYPERLINK(0)"}) == ["2"]
    assert _ids(db, tmp_path, where="title = :t", parameters={"t": "' OR 1=1"}) == []
    with pytest.raises(ExportError, match="parameter"):
        _ids(db, tmp_path, where="title = :t")


@pytest.mark.parametrize(
    "where",
    [
        "1); DROP TABLE articles; --",
        "1) UNION SELECT name FROM sources --",
        "1) OR (1",
        "1; DELETE FROM articles",
        "load_extension('evil')",
        "(SELECT * FROM",
        "'",
        '"',
        "",
        "   ",
        "1 ORDER BY 1; ",
        "/* x */ 1",
        "nonsense(",
        "ATTACH DATABASE 'x' AS y",
        "\x00",
    ],
)
def test_a_filter_that_is_more_than_a_filter_is_refused(
    db: Database, tmp_path: Path, where: str
) -> None:
    with pytest.raises(ExportError) as caught:
        _ids(db, tmp_path, where=where)
    assert "\n" not in str(caught.value)
    assert db.table("articles").count == 3


_ONE_ARTICLE = open_database(":memory:")
save_article(_ONE_ARTICLE, Article(url="https://a.example/1", text="Rain."))


@given(
    where=st.text(max_size=25)
    | st.lists(st.sampled_from("id ( ) ' ; -- OR 1 = \" [".split())).map(" ".join)
)
@settings(max_examples=150, deadline=None)
def test_no_filter_gets_through_to_writing(where: str) -> None:
    db = _ONE_ARTICLE
    try:
        rows = list(iter_rows(db, RowsRequest(columns=["id"], where=where)))
    except (ExportError, StoreError):
        rows = []
    assert rows in ([], [(1,)])
    assert db.table("articles").count == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": ["titel"]}, "did you mean title"),
        ({"table": "faq"}, "did you mean faqs"),
        ({"where": "titel = 1"}, "did you mean title"),
        ({"columns": ["id", "id"]}, "twice"),
        ({"since": "yesterday"}, "2026-03-31"),
        ({"split_by": "month"}, "name an output file"),
        ({"manifest": True}, "name an output file"),
    ],
)
def test_mistakes_say_what_was_probably_meant(
    db: Database, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ExportError, match=words):
        export_table(db, "csv", ExportOptions(**options))


def test_an_unknown_format_names_those_there_are(db: Database) -> None:
    with pytest.raises(ExportError, match=r"did you mean csv\? Known: csv, jsonl"):
        export_table(db, "cvs", ExportOptions())


@pytest.mark.parametrize(
    ("since", "ids"),
    [
        ("2026-03-31", ["2", "3"]),
        (date(2026, 3, 4), ["1", "2", "3"]),
        (datetime(2026, 3, 4, 9, tzinfo=UTC), ["2", "3"]),
        ("2026-06-01", []),
    ],
)
def test_since_goes_by_publication_then_by_first_sight(
    db: Database, tmp_path: Path, since: Any, ids: list[str]
) -> None:
    assert _ids(db, tmp_path, since=since) == ids


def test_increments_give_every_change_once(db: Database, tmp_path: Path) -> None:
    assert _ids(db, tmp_path, since_last="nightly") == ["1", "2", "3"]
    assert _ids(db, tmp_path, since_last="nightly") == []
    save_article(db, Article(url="https://b.example/4", text="Four."))
    save_article(db, Article(url="https://a.example/2", text="Two, changed."))
    save_article(db, Article(url="https://b.example/4", text="Four."))
    assert _ids(db, tmp_path, since_last="nightly") == ["4", "2"]
    assert _ids(db, tmp_path, since_last="other") == ["1", "3", "4", "2"]
    assert _ids(db, tmp_path, since_last="nightly") == []


def test_an_increment_that_fails_is_given_again(db: Database, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        export_table(
            db, "csv", ExportOptions(output=tmp_path / "articles.db" / "x", since_last="n")
        )
    assert _ids(db, tmp_path, since_last="n") == ["1", "2", "3"]


def test_increments_lose_nothing_while_others_write(db: Database, tmp_path: Path) -> None:
    def write() -> None:
        writer = open_database(tmp_path / "articles.db")
        for number in range(120):
            save_article(writer, Article(url=f"https://w.example/{number}", text=str(number)))
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    seen: list[str] = []
    while thread.is_alive():
        seen += _ids(db, tmp_path, since_last="live")
    thread.join()
    seen += _ids(db, tmp_path, since_last="live")
    assert sorted(map(int, seen)) == list(range(1, 124))


def test_an_export_is_of_one_moment(db: Database, tmp_path: Path) -> None:
    reader = open_database(tmp_path / "articles.db", read_only=True)
    reader.conn.execute("BEGIN")
    rows = iter_rows(reader, RowsRequest(columns=["id"]))
    assert next(rows) == (1,)
    save_article(db, Article(url="https://b.example/4", text="Four."))
    db.conn.execute("DELETE FROM articles WHERE id = 3")
    assert list(rows) == [(2,), (3,)]
    assert len(list(iter_rows(db, RowsRequest(where="id > 2")))) == 1


def test_parts_by_month_and_source_hold_every_row_once(db: Database, tmp_path: Path) -> None:
    for by, names in (
        ("month", ["a-2026-03.csv", "a-2026-04.csv", "a-undated.csv"]),
        ("source", ["a-Harbour---Courier.csv", "a-no-source.csv"]),
    ):
        folder = tmp_path / by
        options = ExportOptions(output=folder / "a.csv", split_by=by, columns=["id"])  # type: ignore[arg-type]
        assert export_table(db, "csv", options) == 3
        assert sorted(path.name for path in folder.iterdir()) == names
        ids = [line for name in names for line in (folder / name).read_text().split()[1:]]
        assert sorted(ids) == ["1", "2", "3"]


def test_the_manifest_tells_rows_checksums_and_columns(db: Database, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ExportOptions(
        output=out / "a.csv.gz", manifest=True, split_by="month", columns=["id", "tags"]
    )
    export_table(db, "csv", options)
    manifest = orjson.loads((out / "a.csv.gz.manifest.json").read_bytes())
    assert (manifest["rows"], manifest["schema_version"]) == (3, SCHEMA_VERSION)
    assert manifest["columns"] == ["id", "tags"]
    assert manifest["last_change_id"] == 3
    assert [file["rows"] for file in manifest["files"]] == [1, 1, 1]
    for file in manifest["files"]:
        assert sha256((out / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    package = orjson.loads((out / "datapackage.json").read_bytes())
    assert [resource["path"] for resource in package["resources"]] == [
        file["path"] for file in manifest["files"]
    ]
    assert package["resources"][0]["schema"]["fields"] == [
        {"name": "id", "type": "integer"},
        {"name": "tags", "type": "array"},
    ]


def test_an_export_that_fails_leaves_the_file_that_was_there(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("yesterday's")
    with pytest.raises(StoreError):
        # The third row's JSON cannot be read: the first two are written by then.
        options = ExportOptions(output=path, where="id < 3 OR json_extract(title, '$') = 1")
        export_table(db, "csv", options)
    assert path.read_text() == "yesterday's"
    assert sorted(p.name for p in tmp_path.iterdir() if "partial" in p.name) == []


def test_places_that_cannot_be_written_are_one_line(db: Database, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", tmp_path / "articles.db" / "below.csv"):
        with pytest.raises(ExportError, match=place.name):
            export_table(db, "csv", ExportOptions(output=place))


def test_rows_stream_in_flat_memory(db: Database, tmp_path: Path) -> None:
    import tracemalloc

    text = "x" * 20_000
    for number in range(300):
        save_article(db, Article(url=f"https://m.example/{number}", text=text + str(number)))
    peaks = {}
    for limit in (50, 300):
        tracemalloc.start()
        export_table(db, "csv", ExportOptions(output=tmp_path / "m.csv", where=f"id <= {limit}"))
        peaks[limit] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    # Six times the rows; what is held is a batch, which must not depend on how many there are.
    assert peaks[300] < peaks[50] * 2.5
    with (tmp_path / "m.csv").open(newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == 301
