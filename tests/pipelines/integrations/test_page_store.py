"""Pages that came from elsewhere, a few in one transaction."""

from pathlib import Path

import pytest

from pipelines.errors import StoreError
from pipelines.integrations.page_store import store_pages
from pipelines.store.articles.articles import load_article
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.pages.raw_pages import count_pages, iter_pages
from scraper.page import Page
from tests.pipelines.ingest.archives import news_page


def page(number: int, *, url: str | None = None, status: int = 200) -> Page:
    body = news_page(number).encode()
    return Page(url=url or f"https://news.example/{number}", body=body, status=status)


def test_each_page_has_its_outcome_and_what_is_no_article_its_row(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    source_id = save_source(db, "press", kind="archive")
    pages = [
        page(1),
        Page(url="https://news.example/about", body=b"<p>About us"),
        page(2, status=404),
        Page(url="https://news.example/nothing", body=b""),
        page(3),
    ]
    stored = store_pages(db, pages, source_id=source_id, keep_pages=True)
    assert [one.outcome for one in stored] == ["new", "no_article", "status", "error", "new"]
    assert [one.record["title"] for one in stored if one.record] == [
        "Flood report 1",
        "Flood report 3",
    ]
    failed = db.execute("SELECT url, stage FROM failures ORDER BY id").fetchall()
    assert failed == [(pages[1].url, "extract"), (pages[2].url, "fetch"), (pages[3].url, "extract")]
    assert all(one.message for one in stored if one.record is None)
    assert count_pages(db) == 2  # those with an article
    (page_hash,) = db.execute(
        "SELECT page_hash FROM articles WHERE source_id = ? AND url = ?", (source_id, pages[0].url)
    ).fetchone()
    kept = {stored.hash: stored.page.body for stored in iter_pages(db)}
    assert kept[page_hash] == pages[0].body


def test_a_page_that_comes_again_is_one_article(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    assert [one.outcome for one in store_pages(db, [page(1), page(1)])] == ["new", "unchanged"]
    (again,) = store_pages(db, [page(2, url="https://news.example/1")])
    assert again.outcome == "changed"
    article = load_article(db, "https://news.example/1")
    assert article is not None
    assert article.title == "Flood report 2"


def test_a_database_that_cannot_be_written_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").close()
    db = open_database(tmp_path / "a.db", read_only=True)
    with pytest.raises(StoreError):
        store_pages(db, [page(1), Page(url="https://news.example/about", body=b"<p>About us")])
    db.close()
    db = open_database(tmp_path / "a.db")
    for table in ("articles", "failures"):
        assert db.table(table).count == 0
