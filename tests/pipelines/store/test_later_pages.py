"""Raw pages of an article that is spread over several: kept together, told apart from others."""

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.crawl.sources import save_source
from pipelines.store.pages.pages_of_article import find_joined_article
from pipelines.store.pages.raw_pages import count_pages, iter_pages, prune_pages, save_page
from scraper.article import Article
from scraper.page import Page

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
URLS = [f"https://a.example/rain?page={n}" for n in (1, 2, 3)]


def _save(db: Database, source_id: int, bodies: list[bytes], text: str = "It rained.") -> str:
    pages = [
        save_page(db, Page(url=url, body=body, fetched_at=NOW), source_id=source_id)
        for url, body in zip(URLS, bodies, strict=False)
    ]
    item = ArticleToSave(
        rows=build_rows(Article(url=URLS[0], text=text)),
        source_id=source_id,
        page_hash=pages[0],
        later_page_hashes=tuple(pages[1:]),
        later_urls=tuple(URLS[1 : len(pages)]),
        aliases=tuple(URLS[1 : len(pages)]),
        seen_at=NOW,
    )
    saved = save_articles(db, [item])[0]
    assert saved is not None
    return saved.status


def test_they_come_with_the_first_one_in_order(db: Database) -> None:
    _save(db, save_source(db, "a"), [b"one", b"two", b"three"])
    save_page(db, Page(url="https://a.example/alone", body=b"alone", fetched_at=NOW))
    stored = list(iter_pages(db))
    assert [(s.page.body, s.is_later) for s in stored] == [
        (b"one", False),
        (b"two", True),
        (b"three", True),
        (b"alone", False),
    ]
    assert stored[0].later is not None
    assert [(page.url, page.body) for page in stored[0].later] == [
        (URLS[1], b"two"),
        (URLS[2], b"three"),
    ]
    assert find_joined_article(db, URLS[1]) == URLS[0]
    assert find_joined_article(db, URLS[0]) is None


def test_the_same_pages_read_anew_are_no_revision_and_another_last_page_is_one(
    db: Database,
) -> None:
    source_id = save_source(db, "a")
    assert _save(db, source_id, [b"one", b"two"]) == "new"
    assert _save(db, source_id, [b"one", b"two"], "It rained, says the new extractor.") == "changed"
    assert db.table("revisions").count == 0
    assert _save(db, source_id, [b"one", b"changed"], "It rained and stopped.") == "changed"
    assert db.table("revisions").count == 1


def test_a_page_that_is_missing_is_told(db: Database) -> None:
    _save(db, save_source(db, "a"), [b"one", b"two", b"three"])
    db.execute("DELETE FROM pages WHERE url = ?", [URLS[1]])
    db.conn.commit()
    first = next(iter(iter_pages(db)))
    assert first.later is None


def test_a_page_that_an_article_of_another_source_goes_on_is_kept(db: Database) -> None:
    one, two = save_source(db, "one"), save_source(db, "two")
    shared = Page(url=URLS[1], body=b"two", fetched_at=NOW - timedelta(days=9))
    save_page(db, shared, source_id=one)
    _save(db, two, [b"one", b"two"])
    assert prune_pages(db, NOW - timedelta(days=1), source_id=one) == 0
    assert count_pages(db) == 2
    db.execute("DELETE FROM articles")
    db.conn.commit()
    assert db.table("article_pages").count == 0
    assert prune_pages(db, NOW - timedelta(days=1), source_id=one) == 1
