"""Today's extractor over stored pages: what is counted, written and left as it is."""

import asyncio

from pipelines.reextract import ReextractOptions, ReextractReport, reextract
from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from pipelines.store.pages.raw_pages import save_page
from scraper.article import Article
from scraper.page import Page
from tests.pipelines.loopback_site import story, story_title

# Seconds of work for any machine, and never more than a test may take.
_LONG_PAGE = b"<p>" + b"<b>a <i>b</i></b> " * 150_000


def page(number: int, body: bytes | None = None) -> Page:
    return Page(url=f"https://news.example/{number}", body=body or story(number))


def test_each_page_is_counted_as_what_became_of_it() -> None:
    db = open_database(":memory:")
    changed, lost = page(1), page(2, b"<p>Share this")
    for known in (changed, lost):
        old = Article(url=known.url, title="As it was", text="As it was read before.")
        save_article(db, old, page_hash=save_page(db, known))
    for other in (page(3), page(4, b"%PDF-1.7"), page(5, b"<p>Log in")):
        save_page(db, other)
    dry = asyncio.run(reextract(db, ReextractOptions(dry_run=True)))
    assert (db.table("failures").count, db.table("articles").count) == (0, 2)
    report = asyncio.run(reextract(db, ReextractOptions()))
    assert report == dry
    assert report == ReextractReport(
        pages=5, changed=1, new=1, lost=1, failed=1, fields=report.fields
    )
    assert report.fields["title"] == report.fields["text"] == 1
    titles = {title for (title,) in db.execute("SELECT title FROM articles")}
    assert titles == {story_title(1), "As it was", story_title(3)}
    ((url, *failure, message),) = db.execute("SELECT url, stage, error, message FROM failures")
    assert (url, *failure) == ("https://news.example/4", "extract", "ExtractionError")
    assert "a PDF" in message


def test_why_a_page_cost_its_reader_is_told() -> None:
    db = open_database(":memory:")
    save_page(db, page(1, _LONG_PAGE))
    report = asyncio.run(reextract(db, ReextractOptions(page_timeout_seconds=0.4)))
    assert (report.pages, report.failed) == (1, 1)
    assert db.execute("SELECT stage, error, message FROM failures").fetchall() == [
        ("extract", "WorkerLostError", "reading the page took longer than 0.4 seconds")
    ]
