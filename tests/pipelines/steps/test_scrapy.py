"""The item pipeline inside a real Scrapy crawl of a site on loopback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.store.database import open_database
from tests.pipelines.loopback_site import Answer, serve, story_title

pytest.importorskip("scrapy", reason="the extra scrapy is not installed")

_EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "scrapy_spider.py"


def run_example(folder: Path, url: str, db: str) -> "subprocess.CompletedProcess[str]":
    # The example waits a second between requests, as it should; this site is ours.
    code = _EXAMPLE.read_text().replace('"DOWNLOAD_DELAY": 1.0', '"DOWNLOAD_DELAY": 0')
    (folder / "spider.py").write_text(code)
    return subprocess.run(
        [sys.executable, "spider.py", url, "--db", db],
        cwd=folder, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_example_stores_articles_and_says_what_was_none(tmp_path: Path) -> None:
    with serve() as site:
        paths = site.add_articles(4)
        site.add_index([*paths, "/about"])
        site.pages["/about"] = Answer(b"<html><body><p>About us</p></body></html>")
        done = run_example(tmp_path, f"{site.url}/", "articles.db")
        assert done.returncode == 0, done.stderr
        db = open_database(tmp_path / "articles.db", create=False)
        rows = db.execute(
            "SELECT a.title, s.name, a.page_hash IS NOT NULL FROM articles a "
            "JOIN sources s ON s.id = a.source_id ORDER BY a.url"
        ).fetchall()
        assert sorted(rows) == sorted((story_title(i), "news", 1) for i in range(4))
        failures = db.execute("SELECT url, stage, error FROM failures").fetchall()
        assert failures == [(f"{site.url}/about", "extract", "NoArticle")]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
        records = [json.loads(line) for line in (tmp_path / "articles.jsonl").open()]
        assert {record["title"] for record in records} == {story_title(i) for i in range(4)}
        assert all(record["blocks"] for record in records)


def test_a_database_that_cannot_be_opened_is_one_clear_word(tmp_path: Path) -> None:
    (tmp_path / "articles.db").write_text("This is no database. " * 50)
    with serve() as site:
        site.add_index(site.add_articles(1))
        done = run_example(tmp_path, f"{site.url}/", "articles.db")
        assert "articles.db" in done.stderr
        assert "Traceback" not in done.stderr.split("Disabled")[0]
    assert (tmp_path / "articles.db").read_text().startswith("This is no database")
