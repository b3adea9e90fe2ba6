"""The README's examples for pandas, DuckDB, R and the sqlite3 shell, where the tool is there."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article, FaqEntry

_README = Path(__file__).parents[3] / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def _example(language: str, word: str) -> str:
    """The README's one block of code in that language that has that word."""
    blocks = _BLOCK.findall(_README.read_text(encoding="utf-8"))
    (code,) = [code for name, code in blocks if name == language and word in code]
    return str(code)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    db = open_database(tmp_path / "data" / "articles.db")
    for number, question in enumerate(("Why «now»? 🚢", "למה?", 'Who said "no"?')):
        article = Article(
            url=f"https://a.example/{number}",
            title="Ferry",
            section="Local",
            text="Two boats a day.",
            faq=(FaqEntry(question, "=1+1", "html"),),
        )
        save_article(db, article)
    db.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


_QUESTIONS = ["Why «now»? 🚢", "למה?", 'Who said "no"?']


@pytest.mark.usefixtures("folder")
def test_pandas() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    names: dict[str, Any] = {}
    exec(_example("python", "pandas"), names)  # noqa: S102 - what a reader would paste
    assert sorted(names["faqs"]["question"]) == sorted(_QUESTIONS)
    assert set(names["faqs"]["title"]) == {"Ferry"}


@pytest.mark.usefixtures("folder")
def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    # An extension is used where there is one; a test downloads none.
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        connection.execute("LOAD sqlite")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB has no SQLite extension here: {str(error).splitlines()[0]}")
    assert connection.execute(_example("sql", "DuckDB")).fetchall() == [("Local", 4.0)]


def test_r(folder: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    has_package = ["Rscript", "-e", "quit(status = !requireNamespace('RSQLite'))"]
    if subprocess.run(has_package, check=False, capture_output=True).returncode:
        pytest.skip("R has no package RSQLite")
    script = _example("r", "RSQLite") + "\nwriteLines(faqs$question)\n"
    done = subprocess.run(
        ["Rscript", "-e", script], cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    assert sorted(done.stdout.splitlines()) == sorted(_QUESTIONS)


def test_the_sqlite3_shell(folder: Path) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("the sqlite3 shell is not installed")

    def ask(sql: str) -> list[str]:
        return subprocess.run(
            [shell, "data/articles.db", sql],
            cwd=folder, check=True, capture_output=True, encoding="utf-8",
        ).stdout.splitlines()  # fmt: skip

    assert sorted(ask("SELECT question FROM faq_overview")) == sorted(_QUESTIONS)
    assert ask("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'boats'") == ["3"]
    assert ask("PRAGMA integrity_check") == ["ok"]
