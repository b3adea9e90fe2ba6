"""Terminals that lack letters, and names and arguments that are no UTF-8: a line, no traceback."""

import json
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.pipelines.ingest.archives import news_page
from tests.program.case import assert_no_traceback
from tests.program.installed_program import INSTALLED

SYSTEMS = {
    "C, plainly": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "Latin 1": {"PYTHONIOENCODING": "latin-1"},
    "UTF-8": {"PYTHONIOENCODING": "utf-8"},
}
NOT_UTF_8 = os.fsdecode(b"n\xff")
TITLE = "Überflutung am Fluß 東京 🌊"

PRINTING = (
    "status", "status --format json", "search Flut", "search Flut --format tsv",
    "search Flut --format json", "extract page.html", "extract page.html --format text",
    "extract page.html --format markdown", "inspect page.html --format text",
    "inspect page.html --format html", "export csv", "export jsonl", "export markdown", "schema",
    "schema --format json", "db stats", "db check", "diff 1", "--help", "ingest --help",
    "ingest page.html --db new.db", "reextract --dry-run --workers 1", "report -o r.html",
)  # fmt: skip
NAMING = (
    "status --db {}", "status --sources {}", "search {}", "diff {}", "export {}",
    "export csv --where title='{}'", "export csv --columns {}", "export csv -o {}.csv",
    "export csv -o a.csv --since-last {}", "export csv --table {}", "crawl {}",
    "crawl --sources {}", "add {}", "add http://a.example/{}", "remove {} --yes", "retry {}",
    "reextract {}", "load {} --db new.db", "db backup {}.db", "report -o {}.html", "{}",
    "extract {}", "extract {}.html", "extract page.html --url http://a.example/{}",
    "inspect {}.html --format text", "ingest {}", "ingest {}.html --db new.db",
    "ingest odd --db new.db", "ingest odd --db other.db --executor local",
    "ingest odd --to shards --executor local", "ingest odd --db new.db --source {}",
    "ingest odd --db new.db --include {}*", "ingest odd --db new.db --urls {}",
    "ingest odd --db {}.db", "inspect page.html --url {}",
)  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    page = news_page(1).replace("Flood report 1", TITLE)
    (folder / "odd").mkdir()
    for name in ("page.html", f"{NOT_UTF_8}.html", f"odd/{NOT_UTF_8}.html", "odd/größe 日本.html"):
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "data").mkdir()
    with closing(open_database(folder / "data/articles.db")) as db:
        text = f"{TITLE}. Die Flut kam am Abend. " * 20
        save_article(db, Article(url="https://a.example/höhe", title=TITLE, text=text))
    return folder


@pytest.mark.parametrize("system", ["C, plainly", "ASCII", "Latin 1"])
@pytest.mark.parametrize("line", PRINTING)
def test_whatever_a_terminal_lacks_is_spelt(
    kept: Path, tmp_path: Path, system: str, line: str
) -> None:
    folder = shutil.copytree(kept, tmp_path / "folder")
    outcome = INSTALLED.run(folder, *line.split(), variables=SYSTEMS[system])
    assert_no_traceback(outcome)
    assert outcome.code == 0, outcome.err
    if line in {"extract page.html", "search Flut --format json"}:
        record = json.loads(outcome.out.encode("utf-8", "surrogateescape"))
        title = (record if isinstance(record, dict) else record[0])["title"]
        assert title == TITLE or system == "Latin 1"


@pytest.mark.parametrize("system", ["C, plainly", "UTF-8"])
@pytest.mark.parametrize("line", NAMING)
def test_whatever_is_no_utf_8_is_a_line_at_most(
    kept: Path, tmp_path: Path, system: str, line: str
) -> None:
    folder = shutil.copytree(kept, tmp_path / "folder")
    arguments = [part.replace("{}", NOT_UTF_8) for part in line.split()]
    outcome = INSTALLED.run(folder, *arguments, variables=SYSTEMS[system])
    assert_no_traceback(outcome)
    assert outcome.code == 0 or "rror" in outcome.err, outcome.err
    if line.endswith(("--db new.db", "--executor local", "--db {}.db")) and "odd" in line:
        assert outcome.code == 0, outcome.err
