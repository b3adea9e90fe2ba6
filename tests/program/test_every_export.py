"""Every format of every table, through the installed program, read by what reads the format."""

from pathlib import Path

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.program.installed_program import INSTALLED


def test_parquet_is_written_and_read(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    db = open_database(tmp_path / "data/articles.db")
    for number in range(3):
        save_article(db, Article(url=f"https://example.org/{number}", title="Rain", text="It fell"))
    db.close()
    outcome = INSTALLED.run(tmp_path, "export", "parquet", "-o", "x.parquet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "3 rows in x.parquet\n")
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [row["url"] for row in rows] == [f"https://example.org/{n}" for n in range(3)]
