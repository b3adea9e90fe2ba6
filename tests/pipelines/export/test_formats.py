"""Each format gives the stored values back, through its own readers."""

import csv
import gzip
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.errors import ExportError
from pipelines.export import FORMATS, ExportOptions, export_table
from pipelines.export.formats.to_csv import export_csv, guard_cell, restore_cell
from pipelines.store.articles.articles import save_article
from pipelines.store.export.export_tables import EXPORT_TABLES, ExportColumn
from scraper.article import Article

OF_ALL_TABLES = [
    name for name, form in FORMATS.items() if form.content == "rows" and form.tables is None
]


def _read_csv(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_csv_is_rfc_4180(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "out" / "articles.csv"
    assert export_table(db, "csv", ExportOptions(output=path)) == 3
    raw = path.read_bytes()
    assert raw.startswith(b"id,url,canonical_url,source,site_name,title,description,authors,")
    assert raw.endswith(b"\r\n")
    rows = _read_csv(path)
    assert rows[0]["title"] == 'He said "flood", twice\nover two lines'
    assert rows[0]["text"] == 'Smørrebrød 🚢 עברית; comma, quote " and\r\nline breaks.'
    assert orjson.loads(rows[0]["authors"]) == ["Mira Olsdotter", 'Ann "Ace" Lind']
    assert orjson.loads(rows[0]["tags"]) == ["a,b", "c"]
    assert rows[0]["published_at"] == "2026-03-04T08:30:00Z"
    assert rows[0]["confidence"] == "0.875"
    assert rows[0]["source"] == "Harbour / Courier"
    assert rows[2]["source"] == ""
    assert orjson.loads(rows[2]["tags"]) == []


def test_csv_cells_are_no_formulas_and_can_be_restored(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export_table(db, "csv", ExportOptions(output=path, columns=["title"]))
    cells = [row["title"] for row in _read_csv(path)]
    assert cells[1:] == ["'=HYPERLINK(0)", "''=quoted"]
    assert [restore_cell(cell) for cell in cells[1:]] == ["=HYPERLINK(0)", "'=quoted"]
    exact = {"keep_formulas": True}
    export_table(db, "csv", ExportOptions(output=path, columns=["title"], format_options=exact))
    assert [row["title"] for row in _read_csv(path)][1:] == ["=HYPERLINK(0)", "'=quoted"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-5", "-5"),
        ("+3.5%", "+3.5%"),
        ("-1,204.50", "-1,204.50"),
        ("-1e9", "-1e9"),
        ("-", "'-"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@here", "'@here"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'tis", "'tis"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_numbers_stay_numbers(text: str, cell: str) -> None:
    assert guard_cell(text) == cell
    assert restore_cell(cell) == text


_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x00")
_CELL = st.text(_CHARACTERS, max_size=30) | st.sampled_from(
    ["=1+1", "'=1", "''+", "+", '"', ",", "\r\n", "\n", "-5", "🚢", "\u202eabc", "'", "''"]
)  # fmt: skip


@given(cells=st.lists(_CELL, max_size=8))
@settings(max_examples=50, deadline=None)
def test_a_single_column_comes_back_with_its_empty_cells(cells: list[str]) -> None:
    file = io.BytesIO()
    export_csv([(cell,) for cell in cells], [ExportColumn("one", "1")], file)
    read = list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))
    assert [restore_cell(cell) for (cell,) in read[1:]] == cells


@given(rows=st.lists(st.tuples(_CELL, _CELL), max_size=8), excel=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_csv(rows: list[tuple[str, str]], excel: bool) -> None:
    file = io.BytesIO()
    columns = [ExportColumn("one", "1"), ExportColumn("two", "2")]
    assert export_csv(rows, columns, file, excel=excel) == len(rows)
    text = file.getvalue().decode("utf-8-sig" if excel else "utf-8")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["one", "two"]
    assert [tuple(map(restore_cell, row)) for row in read[1:]] == rows
    for row in read[1:]:
        for cell in row:
            assert cell[:1] not in tuple("=@\t\r") or not cell


def test_excel_gets_a_mark_and_cells_it_can_hold(db: Database, tmp_path: Path) -> None:
    db.conn.execute("UPDATE articles SET text = ? WHERE id = 2", ("x" * 40_000,))
    path = tmp_path / "a.csv"
    export_table(db, "csv", ExportOptions(output=path, format_options={"excel": True}))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    csv.field_size_limit(sys.maxsize)
    assert [len(row["text"]) for row in _read_csv(path, "utf-8-sig")][1] == 32_767


# Quotes, line breaks of every kind, other scripts, what a spreadsheet would run, and near misses.
HARD_TEXTS = (
    'said "yes", then ""no""',
    "two\nlines",
    "two\r\nlines; and\ttabs",
    "🚢 👩‍🚀 é ñ",
    "עברית و العربية \u202eabc\u202c",
    "=SUM(A1:A9)",
    "+49 30 1234",
    "-",
    "@here",
    "'=quoted",
    "007",
    "  spaces  ",
    "NULL",
    "中文,日本語",
)


@pytest.fixture
def hard(db: Database, tmp_path: Path) -> Path:
    """An export of three columns: id, a hard title and a hard text."""
    for number, text in enumerate(HARD_TEXTS):
        save_article(db, Article(url=f"https://h.example/{number}", title=text, text=f"{text} end"))
    path = tmp_path / "hard.csv"
    options = ExportOptions(output=path, columns=["id", "title", "text"], where="id > 3")
    assert export_table(db, "csv", options) == len(HARD_TEXTS)
    return path


def _restored(rows: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(restore_cell(title), restore_cell(text)) for _, title, text in rows]


_HARD_ROWS = [(text, f"{text} end") for text in HARD_TEXTS]


def test_pandas_reads_the_same_values(hard: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(hard, dtype={"title": str}, keep_default_na=False)
    assert frame["id"].tolist() == list(range(4, 4 + len(HARD_TEXTS)))
    assert _restored(list(frame.itertuples(index=False))) == _HARD_ROWS
    again = hard.with_name("again.csv")
    frame.to_csv(again, index=False, lineterminator="\r\n")
    assert pandas.read_csv(again, dtype={"title": str}, keep_default_na=False).equals(frame)


def test_duckdb_reads_the_same_values(hard: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    connection = duckdb.connect()
    rows = connection.execute(f"SELECT * FROM '{hard}' ORDER BY id").fetchall()  # noqa: S608 - own path
    assert _restored(rows) == _HARD_ROWS
    again = hard.with_name("again.csv")
    connection.execute(f"COPY (SELECT * FROM '{hard}' ORDER BY id) TO '{again}' (HEADER)")  # noqa: S608 - own path
    assert connection.execute(f"SELECT * FROM '{again}' ORDER BY id").fetchall() == rows  # noqa: S608 - own path


def test_libreoffice_reads_the_same_values(hard: Path, tmp_path: Path) -> None:
    """Through a spreadsheet and back: what it took for a formula would come back as its value."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    # Comma, quote, UTF-8, from line 1, every column as text.
    reading = "44,34,76,1,1/2/2/2/3/2"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for source, target in (
        (hard, "ods"),
        (tmp_path / "hard.ods", "csv:Text - txt - csv (StarCalc)"),
    ):
        subprocess.run(
            [office, profile, "--headless", f"--infilter=CSV:{reading}",
             "--convert-to", f"{target}:{reading}" if "csv" in target else target,
             "--outdir", tmp_path / "office" if "csv" in target else tmp_path, source],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    rows = _read_csv(tmp_path / "office" / "hard.csv")
    lines = [tuple(cell.replace("\r\n", "\n") for cell in pair) for pair in _HARD_ROWS]
    assert _restored([tuple(row.values()) for row in rows]) == lines


def test_parquet_is_read_by_duckdb_with_its_types(db: Database, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    path = tmp_path / "a.parquet"
    columns = ["id", "published_at", "authors", "faq"]
    export_table(db, "parquet", ExportOptions(output=path, columns=columns))
    rows = duckdb.sql(
        f"SELECT year(published_at), authors[1], faq[1].question FROM '{path}' ORDER BY id"  # noqa: S608 - own path
    ).fetchall()
    assert rows == [(2026, "Mira Olsdotter", "Why?"), (2026, None, None), (None, None, None)]


def test_jsonl_has_lists_as_lists(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    columns = ["id", "title", "authors", "faq", "headings", "duplicate_of", "evidence"]
    assert export_table(db, "jsonl", ExportOptions(output=path, columns=columns)) == 3
    first = orjson.loads(path.read_bytes().splitlines()[0])
    assert list(first) == columns
    assert first["authors"] == ["Mira Olsdotter", 'Ann "Ace" Lind']
    assert first["faq"] == [{"question": "Why?", "answer": "Because.", "source": "html"}]
    assert first["headings"] == [{"level": 2, "text": "Part one"}]
    assert first["duplicate_of"] is None
    assert first["evidence"] == {}


def test_lists_keep_the_order_of_the_page(db: Database, tmp_path: Path) -> None:
    names = ("Zoe", 'Ann "Ace" Lind', "Mira Olsdotter", "Abe")
    save_article(db, Article(url="https://c.example/1", authors=names, text="x"))
    options = ExportOptions(output=tmp_path / "a.jsonl", columns=["authors"], where="id = 4")
    assert export_table(db, "jsonl", options) == 1
    assert orjson.loads((tmp_path / "a.jsonl").read_bytes())["authors"] == list(names)


def test_parquet_has_real_types(db: Database, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    columns = ["id", "published_at", "authors", "faq", "confidence", "title"]
    assert export_table(db, "parquet", ExportOptions(output=path, columns=columns)) == 3
    table = parquet.read_table(path)
    types = {field.name: str(field.type) for field in table.schema}
    assert types["published_at"] == "timestamp[ms, tz=UTC]"
    assert types["id"] == "int64"
    assert types["authors"].startswith("list<")
    rows: list[dict[str, Any]] = table.to_pylist()
    assert rows[0]["published_at"].isoformat() == "2026-03-04T08:30:00+00:00"
    assert rows[1]["published_at"].isoformat() == "2026-04-01T00:00:00+00:00"
    assert rows[2]["published_at"] is None
    assert rows[0]["faq"] == [{"question": "Why?", "answer": "Because.", "source": "html"}]
    assert rows[0]["authors"] == ["Mira Olsdotter", 'Ann "Ace" Lind']


def test_markdown_is_a_file_an_article_with_its_facts(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    assert export_table(db, "markdown", ExportOptions(output=folder)) == 3
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "2026-03-04-he-said-flood-twice-over-two-lines-1.md",
        "2026-04-01-hyperlink-0-2.md",
        "quoted-3.md",
    ]
    text = (folder / names[0]).read_text()
    _, front, body = text.split("---\n")
    facts = dict(line.split(": ", 1) for line in front.splitlines())
    assert orjson.loads(facts["title"]) == 'He said "flood", twice\nover two lines'
    assert orjson.loads(facts["authors"]) == ["Mira Olsdotter", 'Ann "Ace" Lind']
    assert body.strip().endswith("Smørrebrød 🚢")
    assert "# He said" in body
    export_table(db, "markdown", ExportOptions(output=folder))
    assert sorted(path.name for path in folder.iterdir()) == names


def test_markdown_can_be_one_file(db: Database, tmp_path: Path) -> None:
    assert export_table(db, "markdown", ExportOptions(output=tmp_path / "all.md")) == 3
    assert (tmp_path / "all.md").read_text().count("\nurl: ") == 3


def test_markdown_is_for_articles(db: Database, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="for articles"):
        export_table(db, "markdown", ExportOptions(output=tmp_path / "x", table="faqs"))


@pytest.mark.parametrize("table", list(EXPORT_TABLES))
@pytest.mark.parametrize("format_name", OF_ALL_TABLES)
def test_every_table_in_every_format(
    db: Database, tmp_path: Path, table: str, format_name: str
) -> None:
    path = tmp_path / f"out.{format_name}"
    rows = export_table(db, format_name, ExportOptions(output=path, table=table))
    expected = {"articles": 3, "faqs": 1, "headings": 1, "list_items": 2}
    assert rows == expected.get(table, 0)
    assert path.exists()


def test_list_items_say_whether_their_list_is_numbered(db: Database, tmp_path: Path) -> None:
    export_table(db, "csv", ExportOptions(output=tmp_path / "a.csv", table="list_items"))
    rows = _read_csv(tmp_path / "a.csv")
    assert [(row["ordered"], row["text"]) for row in rows] == [
        ("true", "first"),
        ("true", "'=SUM(A1)"),
    ]
    export_table(db, "jsonl", ExportOptions(output=tmp_path / "a.jsonl", table="list_items"))
    assert orjson.loads((tmp_path / "a.jsonl").read_bytes().splitlines()[0])["ordered"] is True


def test_endings_choose_the_compression(db: Database, tmp_path: Path) -> None:
    for ending in ("csv", "csv.gz", "csv.zst"):
        export_table(db, "csv", ExportOptions(output=tmp_path / f"a.{ending}"))
    plain = (tmp_path / "a.csv").read_bytes()
    packed = (tmp_path / "a.csv.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    unpacked = zstandard.ZstdDecompressor().stream_reader((tmp_path / "a.csv.zst").read_bytes())
    assert unpacked.read() == plain
    export_table(db, "csv", ExportOptions(output=tmp_path / "a.csv.gz"))
    assert (tmp_path / "a.csv.gz").read_bytes() == packed


def test_standard_output(db: Database, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert export_table(db, "csv", ExportOptions(columns=["id"])) == 3
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == b"id\r\n1\r\n2\r\n3\r\n"
