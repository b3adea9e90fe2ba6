"""What a command loads before it does anything: the less, the sooner it answers."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.store.database.database import open_database

HEAVY = {
    "ada_url", "asyncio", "bs4", "croniter", "feedparser", "httpx", "jinja2", "lxml", "numpy",
    "orjson", "protego", "py3langid", "pyarrow", "sqlite3", "sqlite_utils", "tomlkit",
    "trafilatura", "zstandard",
}  # fmt: skip
PROGRAM = """
import sys
from pipelines.cli.app import run
code = run({arguments!r})
print("\\nloaded", *{{name.partition(".")[0] for name in sys.modules}})
sys.exit(code)
"""


def loaded_by(folder: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=list(arguments))],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.rpartition("\nloaded ")[2].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["schema", "articles"], ["export", "--help"]]
)
def test_what_needs_no_database_loads_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    assert loaded_by(tmp_path, *arguments) & HEAVY == set()


@pytest.mark.parametrize("arguments", [["search", "rain"], ["status"], ["export", "csv"]])
def test_what_only_asks_the_database_loads_nothing_that_writes_to_it(
    tmp_path: Path, arguments: list[str]
) -> None:
    """sqlite-utils would bring numpy, and pandas where that is installed."""
    open_database(tmp_path / "data/articles.db").close()
    loaded = loaded_by(tmp_path, *arguments)
    assert "sqlite3" in loaded
    writers = {"sqlite_utils", "numpy", "pandas"}
    readers_of_pages = {"httpx", "lxml", "trafilatura", "jinja2", "asyncio"}
    assert loaded & (writers | readers_of_pages) == set()


def test_the_face_of_the_library_loads_on_demand() -> None:
    program = (
        "import sys, scraper; from scraper.errors import FetchError; "
        "assert 'lxml' not in sys.modules, sys.modules; "
        "scraper.extract_article; assert 'lxml' in sys.modules; assert 'httpx' not in sys.modules; "
        "assert all(hasattr(scraper, name) for name in scraper.__all__); "
        "assert set(scraper.__all__) <= set(dir(scraper)); "
        "assert not hasattr(scraper, 'nothing')"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
