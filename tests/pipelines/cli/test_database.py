"""Looking after the database, and what changed in it, from the command line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.pages.raw_pages import count_pages, save_page
from scraper.article import Article
from scraper.page import Page
from tests.pipelines.command_line import run_winnow

_NOW = datetime.now(UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "articles.db"
    db = open_database(path)
    for name in ("short", "ever"):
        source_id = save_source(db, name)
        for days in (1, 20, 40):
            page = Page(
                url=f"https://{name}.example/{days}",
                body=f"{name} {days}".encode(),
                fetched_at=_NOW - timedelta(days=days),
            )
            save_page(db, page, source_id=source_id)
    for text in ("The mayor spoke for an hour.\nIt rained.", "The mayor spoke for two hours."):
        save_article(db, Article(url="https://ever.example/1", title="Mayor", text=text))
    db.close()
    (tmp_path / "data" / "sources.toml").write_text(
        '[[source]]\nname = "short"\nurl = "https://short.example/"\nkeep_pages_days = 7\n'
        '[[source]]\nname = "ever"\nurl = "https://ever.example/"\n'
    )
    return path


def _pages(path: Path) -> int:
    db = open_database(path)
    try:
        return count_pages(db)
    finally:
        db.close()


def test_old_pages_go_as_each_source_says_or_as_asked(tmp_path: Path, database: Path) -> None:
    outcome = run_winnow(tmp_path, "db", "prune")
    assert outcome.code == 0
    assert "2 pages forgotten" in outcome.err
    assert _pages(database) == 4
    assert run_winnow(tmp_path, "db", "prune", "--days", "30").code == 0
    assert _pages(database) == 3
    assert run_winnow(tmp_path, "db", "prune", "--days", "0").code == 2


@pytest.mark.usefixtures("database")
def test_a_difference_is_shown_word_by_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run_winnow(tmp_path, "diff", "https://ever.example/1").out
    assert "~ The mayor spoke for [-an hour-][+two hours+].\n" in plain
    assert "- It rained." in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = run_winnow(tmp_path, "diff", "https://ever.example/1").out
    red, green = "\x1b[9;31m[-an hour-]", "\x1b[32m[+two hours+]"
    assert red in coloured
    assert green in coloured
