"""The same page is the same record, or none for the same reason, whoever brings it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.crawl.parse.parse_page import ParseJob, parse_page
from pipelines.ingest.filter.filters import Filters
from pipelines.ingest.items import START, CapturedPage
from pipelines.ingest.read_pages import PageBatch, read_pages
from pipelines.integrations.page_store import store_pages
from pipelines.page.read_page import ReadKind
from pipelines.reextract import ReextractOptions, reextract
from pipelines.store.articles.articles import load_article, save_articles
from pipelines.store.articles.rows import ArticleRows, ArticleToSave
from pipelines.store.database.database import open_database
from pipelines.store.pages.raw_pages import save_page
from scraper.page import Page
from tests.pipelines.ingest.archives import WEATHER, news_page

_HTML = {"content-type": "text/html; charset=utf-8"}
_TEXT = {"content-type": "text/plain; charset=utf-8"}
_PROSE = "\n\n".join(["A flood in town", "By Mira Olsdotter, 4 March 2031", *WEATHER])


def _page(name: str, body: str, headers: Mapping[str, str] = _HTML) -> Page:
    return Page(url=f"https://news.example/{name}", body=body.encode(), headers=headers)


PAGES: dict[str, tuple[Page, ReadKind]] = {
    "article": (_page("article", news_page(1)), "article"),
    "text": (_page("text", _PROSE, _TEXT), "article"),
    "no article": (_page("about", "<p>Share this"), "no_article"),
    "empty": (_page("empty", ""), "not_a_page"),
    "PDF": (_page("report", f"%PDF-1.7\n1 0 obj\n{_PROSE}"), "not_a_page"),
    # A fault of ours, made by what no server sends and a damaged row of `pages` may hold.
    "fault": (_page("fault", news_page(2), {"content-type": 5}), "error"),  # type: ignore[dict-item]
}
of_every_page = pytest.mark.parametrize(
    ("page", "kind"), [pytest.param(*case, id=name) for name, case in PAGES.items()]
)


@dataclass(frozen=True)
class Judged:
    """What somebody makes of a page, in the words of `read_page`."""

    kind: ReadKind
    record: dict[str, Any] | None = None
    error: str = ""
    message: str = ""


def _stored(rows: ArticleRows | None) -> dict[str, Any] | None:
    if rows is None:
        return None
    db = open_database(":memory:")
    save_articles(db, [ArticleToSave(rows=rows)])
    return _load(db, rows.url)


def _load(db: Database, url: str) -> dict[str, Any] | None:
    article = load_article(db, url)
    return article.to_dict() if article is not None else None


def by_crawl(page: Page) -> Judged:
    parsed = parse_page(ParseJob(page=page, kind="article"))
    if parsed.stage is not None:
        assert parsed.stage == "extract"
        kind: ReadKind = "not_a_page" if parsed.error == "ExtractionError" else "error"
        return Judged(kind, None, parsed.error, parsed.message)
    assert parsed.kind == ("page" if parsed.rows is None else "article")
    return Judged("no_article" if parsed.rows is None else "article", _stored(parsed.rows))


def by_ingest(page: Page) -> Judged:
    captured = CapturedPage(page, page.headers is _TEXT, START)
    (read,) = read_pages(PageBatch((captured,), Filters(is_news_only=False)))
    kinds: dict[str | None, ReadKind] = {"no article": "no_article", "not a page": "not_a_page"}
    kind = "error" if read.error else kinds.get(read.unwanted, "article")
    return Judged(kind, _stored(read.rows), read.error or "", read.message)


def by_page_store(page: Page) -> Judged:
    db = open_database(":memory:")
    (stored,) = store_pages(db, [page])
    failures = db.execute("SELECT error, message FROM failures ORDER BY id DESC").fetchall()
    if stored.record is not None:
        assert (stored.outcome, failures) == ("new", [])
        return Judged("article", stored.record)
    ((error, message),) = failures
    assert message == stored.message
    kinds: dict[str, ReadKind] = {"NoArticle": "no_article", "ExtractionError": "not_a_page"}
    assert stored.outcome == ("no_article" if error == "NoArticle" else "error")
    return Judged(kinds.get(error, "error"), None, error, message)


def by_reextract(page: Page) -> Judged:
    db = open_database(":memory:")
    save_page(db, page)
    report = asyncio.run(reextract(db, ReextractOptions()))
    failures = db.execute("SELECT error, message FROM failures ORDER BY id DESC").fetchall()
    assert report.failed == len(failures)
    if failures:
        kind: ReadKind = "not_a_page" if failures[0][0] == "ExtractionError" else "error"
        return Judged(kind, None, *failures[0])
    record = _load(db, page.url)
    return Judged("no_article" if record is None else "article", record)


@of_every_page
def test_crawl_ingest_scrapy_and_reextract_agree(page: Page, kind: ReadKind) -> None:
    judged = [by_crawl(page), by_ingest(page), by_page_store(page), by_reextract(page)]
    assert [each.kind for each in judged] == [kind] * len(judged)
    records = [each.record for each in judged]
    assert records == records[:1] * len(judged)
    assert (records[0] is not None) == (kind == "article")
    # A crawl says of a page without an article what is said there, when it writes it down.
    messages = {each.message for each in judged if each.message}
    assert len(messages) == (kind != "article"), messages


@of_every_page
def test_datatrove_agrees(page: Page, kind: ReadKind) -> None:
    pytest.importorskip("datatrove", reason="the extra datatrove is not installed")
    from pipelines.integrations.for_datatrove import WinnowExtractor

    expected = by_page_store(page)
    keys = tuple(expected.record or ())
    url: Any = 5 if kind == "error" else page.url  # its documents have no headers to be at fault
    record, reason = WinnowExtractor(metadata=keys).read(page.body.decode(), url)
    words = {"article": "", "error": "clean_error"}
    assert reason == words.get(kind, "no_article")
    assert record == expected.record
