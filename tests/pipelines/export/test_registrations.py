"""A format is what its registration says, and nothing else knows it by name."""

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest
from sqlite_utils import Database

from pipelines.errors import ExportError
from pipelines.export import FORMATS, ExportOptions, export_table
from pipelines.export.export_format import ExportFormat, FormatOption
from pipelines.store.export.export_tables import EXPORT_TABLES, ExportColumn
from tests.pipelines.command_line import run_winnow


def write_lines(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[ExportColumn],
    file: BinaryIO,
    *,
    between: str = ",",
) -> int:
    """A format of this test: a line of names, then a line a row."""
    lines = [[column.name for column in columns], *rows]
    file.write("".join(between.join(map(str, line)) + "\n" for line in lines).encode())
    return len(lines) - 1


LINES = ExportFormat(
    name="lines",
    summary="a line a row",
    suffixes=(".lines",),
    media_type="text/x-lines",
    writer=f"{__name__}:write_lines",
    tables=("faqs", "headings"),
    needed_columns=("article_id",),
    left_out_columns=("article_url", "article_title", "published_at"),
    options=(FormatOption(name="between", help="What stands between two cells.", default=","),),
)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> ExportFormat:
    """The format, registered."""
    monkeypatch.setitem(FORMATS, "lines", LINES)
    return LINES


def test_a_registration_is_all_that_a_format_needs(
    db: Database, tmp_path: Path, lines: ExportFormat
) -> None:
    path = tmp_path / "faqs.lines"
    options = {"table": "faqs", "manifest": True, "format_options": {"between": "|"}}
    assert export_table(db, "lines", ExportOptions(output=path, **options)) == 1  # type: ignore[arg-type]
    assert path.read_text() == (
        "article_id|position|question|answer|source\n1|0|Why?|Because.|html\n"
    )
    package = orjson.loads((tmp_path / "datapackage.json").read_bytes())
    assert package["resources"][0]["mediatype"] == lines.media_type
    export_table(db, "lines", ExportOptions(output=path, table="headings", columns=["text"]))
    assert path.read_text() == "text,article_id\nPart one,1\n"
    with pytest.raises(ExportError, match=r"lines is a format for faqs and headings; .* as csv or"):
        export_table(db, "lines", ExportOptions(output=path))


def test_a_file_that_must_seek_is_neither_a_pipe_nor_compressed(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "lines", replace(LINES, needs_seek=True))
    folder = tmp_path / "out"
    for output in ("-", folder / "a.lines.gz", folder / "a.lines.zst"):
        with pytest.raises(ExportError, match=r"name a file, without \.gz"):
            export_table(db, "lines", ExportOptions(output=output, table="faqs"))
    assert export_table(db, "lines", ExportOptions(output=folder / "a", table="faqs")) == 1
    assert [path.name for path in folder.iterdir()] == ["a"]


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_registration_agrees_with_its_writer(form: ExportFormat) -> None:
    keywords = {
        name: parameter.default
        for name, parameter in inspect.signature(form.load_writer()).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    told = {"is_gzipped"} if form.packs_itself else set()
    assert keywords.keys() == told | {option.name for option in form.options}
    assert all(keywords[option.name] == option.default for option in form.options)
    assert (form.folder_writer is None) == (form.find_folder_writer("a folder") is None)
    assert set(form.tables or ()) <= set(EXPORT_TABLES)


def test_an_option_has_one_meaning() -> None:
    named = [option for form in FORMATS.values() for option in form.options]
    assert len({option.name for option in named}) == len(set(named))


def test_the_help_names_every_format_and_option(tmp_path: Path) -> None:
    shown = run_winnow(tmp_path, "export", "--help").out
    for form in FORMATS.values():
        assert f"{form.name}:" in shown
        for option in form.options:
            assert f"--{option.name.replace('_', '-')} " in shown


@pytest.mark.usefixtures("db")
def test_an_option_that_means_nothing_is_said_and_one_that_would_mislead_is_refused(
    tmp_path: Path,
) -> None:
    database = ("--db", str(tmp_path / "articles.db"))
    plain = run_winnow(tmp_path, "export", "jsonl", *database)
    noted = run_winnow(tmp_path, "export", "jsonl", "--excel", *database)
    assert (plain.code, plain.err) == (noted.code, "") == (0, "")
    assert noted.out == plain.out
    assert noted.err == "--excel means nothing to jsonl and is passed over\n"
    pages = run_winnow(tmp_path, "export", "warc", "--where", "id = 1", "-o", "a.warc", *database)
    assert pages.err == "error: warc is all stored pages; this is for tables: --where\n"
    assert pages.code == 2
    assert not (tmp_path / "a.warc").exists()


def test_an_option_that_no_format_has_is_refused(db: Database, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format has an option 'exel'"):
        export_table(db, "csv", ExportOptions(output=tmp_path / "a", format_options={"exel": True}))
    assert not (tmp_path / "a").exists()
