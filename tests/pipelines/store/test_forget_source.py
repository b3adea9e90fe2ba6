"""A source that is taken out leaves nothing behind, and takes nothing of others with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article, save_articles
from pipelines.store.articles.content_hash import hash_content
from pipelines.store.articles.forget_source import find_holdings, forget_source
from pipelines.store.articles.identity.story_likeness import StoryText
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.articles.suspects import SuspectVersion, save_suspect
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.sources import load_sources, save_source
from pipelines.store.database.maintenance import check_database
from pipelines.store.export.export_cursors import load_cursor, save_cursor
from pipelines.store.frontier.leases import lease_urls
from pipelines.store.frontier.urls import NewUrl, add_urls
from pipelines.store.pages.raw_pages import save_page
from pipelines.store.search.search import search_articles
from pipelines.store.statistics.source_status import removed_sources, source_health
from scraper.article import Article
from scraper.page import Page
from tests.pipelines.store.conftest import MakeArticle

_NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def _url(name: str, number: int) -> str:
    return f"https://{name}.example/news/{number}"


def _text(name: str, number: int) -> str:
    return "\n".join(
        f"In the {number * 17 + k}th year of {name} somebody counted {number + k * k} gulls."
        for k in range(8)
    )


def _fill(db: Database, name: str, make: MakeArticle) -> int:
    """A source with three articles of two versions, raw pages, failures, suspects and requests."""
    source_id = save_source(db, name, f"https://{name}.example/")
    add_urls(db, source_id, [NewUrl(url=_url(name, n)) for n in range(4)])
    add_urls(db, source_id, [NewUrl(url=f"https://{name}.example/", kind="page")])
    for n in range(3):
        for version in range(2):
            at = _NOW + timedelta(hours=version)
            pages = [
                save_page(db, Page(url=_url(name, n), body=body.encode()), source_id=source_id)
                for body in (f"{name} {n} {version}", f"{name} {n} {version} goes on")
            ]
            article = make(
                url=_url(name, n),
                text=f"{_text(name, n)}\nVersion {version}.",
                authors=(f"Author of {name}", "Somebody"),
                tags=(name, "gulls"),
            )
            save_articles(
                db,
                [
                    ArticleToSave(
                        rows=build_rows(article),
                        source_id=source_id,
                        page_hash=pages[0],
                        later_page_hashes=(pages[1],),
                        aliases=(f"{_url(name, n)}/print",),
                        seen_at=at,
                    )
                ],
            )
    (url, *_) = lease_urls(db, "somebody")
    record_fetch(db, FetchRecord(url_id=url.id, source_id=source_id))
    db.table("fetch_days").insert(
        {"source_id": source_id, "day": "2025-03-04", "status": 200, "requests": 1, "failed": 0,
         "bytes": 9, "elapsed_ms": 1}
    )  # fmt: skip
    save_failure(db, _url(name, 3), "fetch", "StatusError", "HTTP 500")
    for number, article_id in ((3, None), (0, _article_id(db, _url(name, 0)))):
        page = save_page(db, Page(url=_url(name, number), body=b"wall " + name.encode()),
                         source_id=source_id)  # fmt: skip
        story = StoryText("Wait", f"Please wait at the gate of {name}.")
        save_suspect(
            db,
            SuspectVersion(
                url=_url(name, number), reason="wall", message="a wall", story=story,
                content_hash=hash_content(story.title, story.text), page_hash=page,
                source_id=source_id, article_id=article_id, url_id=url.id,
            ),
        )  # fmt: skip
    return source_id


def _article_id(db: Database, url: str) -> int:
    row = db.conn.execute("SELECT id FROM articles WHERE url = ?", (url,)).fetchone()
    return int(row[0])


def _references(db: Database) -> Iterator[tuple[str, str, str]]:
    """Every column of the schema that holds the number of a source, an article or a URL."""
    kinds = {"source_id": "sources", "article_id": "articles", "url_id": "urls",
             "duplicate_of": "articles", "crawl_id": "crawls"}  # fmt: skip
    for table in db.tables:
        if not table.name.startswith(("articles_fts", "sqlite_")):
            for column in table.columns:
                if column.name in kinds:
                    yield table.name, column.name, kinds[column.name]


def _dangling(db: Database) -> list[str]:
    ids = {name: {row["id"] for row in db.table(name).rows} for name in ("sources", "articles",
           "urls", "crawls")}  # fmt: skip
    return [
        f"{table}.{column}"
        for table, column, target in _references(db)
        if {row[column] for row in db.table(table).rows} - ids[target] - {None}
    ]


def _snapshot(db: Database, source_id: int) -> dict[str, int]:
    """How many rows of each table are of a source."""
    return {
        table: db.table(table).count_where("source_id = ?", [source_id])
        for table, column, _ in _references(db)
        if column == "source_id"
    }


def _is_sound(db: Database) -> bool:
    return check_database(db) == [] and _dangling(db) == []


def test_with_its_articles_nothing_of_it_is_left(db: Database, make_article: MakeArticle) -> None:
    gone, stays = (_fill(db, name, make_article) for name in ("pier", "hill"))
    before = _snapshot(db, stays)
    holdings = find_holdings(db, "pier")
    assert holdings is not None
    assert (holdings.urls, holdings.articles, holdings.shared) == (5, 3, 0)
    assert (holdings.revisions, holdings.suspects) == (3, 2)
    forget_source(db, gone, with_articles=True)
    assert find_holdings(db, "pier") is None
    assert [source.name for source in load_sources(db)] == ["hill"]
    assert _is_sound(db)
    assert set(_snapshot(db, gone).values()) == {0}
    assert _snapshot(db, stays) == before
    for table, column in (("authors", "name"), ("tags", "name"), ("pages", "url"),
                          ("articles", "text"), ("suspect_versions", "url")):  # fmt: skip
        assert db.table(table).count_where(f"{column} LIKE '%pier%'") == 0, table
    assert search_articles(db, "pier") == []
    assert len(search_articles(db, "hill")) == 3


def test_its_articles_stay_under_its_name_unless_told(
    db: Database, make_article: MakeArticle
) -> None:
    gone, _ = (_fill(db, name, make_article) for name in ("pier", "hill"))
    forget_source(db, gone, with_articles=False)
    assert _is_sound(db)
    left = _snapshot(db, gone)
    assert left["articles"] == 3
    assert (left["urls"], left["failures"], left["suspect_versions"]) == (0, 0, 1)
    assert [hit.source for hit in search_articles(db, "pier")] == ["pier"] * 3
    assert [source.name for source in source_health(db)] == ["hill"]
    assert removed_sources(db) == {"pier": 3}
    forget_source(db, gone, with_articles=True)
    assert removed_sources(db) == {}
    assert find_holdings(db, "pier") is None


def test_a_source_that_is_added_again_has_its_articles_again(
    db: Database, make_article: MakeArticle
) -> None:
    gone = _fill(db, "pier", make_article)
    forget_source(db, gone, with_articles=False)
    assert save_source(db, "pier", "https://pier.example/") == gone
    assert [source.articles for source in source_health(db)] == [3]


def test_what_another_source_has_too_stays_with_it(db: Database, make_article: MakeArticle) -> None:
    gone, stays = (_fill(db, name, make_article) for name in ("pier", "hill"))
    add_urls(db, stays, [NewUrl(url=f"{_url('pier', 0)}/print")])
    kept = _article_id(db, _url("pier", 0))
    holdings = find_holdings(db, "pier")
    assert holdings is not None
    assert (holdings.articles, holdings.shared) == (2, 1)
    forget_source(db, gone, with_articles=True)
    assert _is_sound(db)
    assert [hit.source for hit in search_articles(db, "pier")] == ["hill"]
    pages = db.conn.execute("SELECT source_id FROM pages WHERE url = ?", (_url("pier", 0),))
    assert {row[0] for row in pages} == {stays}
    assert _article_id(db, _url("pier", 0)) == kept


def test_of_copies_the_oldest_that_is_left_is_the_original(db: Database) -> None:
    ids = [
        save_article(
            db,
            Article(url=f"https://{name}.example/flood", text=_text("the bay", 1)),
            source_id=save_source(db, name),
        ).id
        for name in ("agency", "pier", "hill", "quay")
    ]
    copies = "SELECT duplicate_of FROM articles ORDER BY id"
    assert [row[0] for row in db.conn.execute(copies)] == [None, ids[0], ids[0], ids[0]]
    source_id = save_source(db, "agency")
    forget_source(db, source_id, with_articles=True)
    assert [row[0] for row in db.conn.execute(copies)] == [None, ids[1], ids[1]]
    again = save_article(db, Article(url="https://a.example/flood", text=_text("the bay", 1)))
    original = db.conn.execute("SELECT duplicate_of FROM articles WHERE id = ?", (again.id,))
    assert original.fetchone() == (ids[1],)


def test_an_export_gives_out_what_comes_after_a_removal(
    db: Database, make_article: MakeArticle
) -> None:
    _fill(db, "hill", make_article)
    gone = _fill(db, "pier", make_article)
    (newest,) = db.conn.execute("SELECT max(change_id) FROM articles").fetchone()
    save_cursor(db, "weekly", newest, 6)
    forget_source(db, gone, with_articles=True)
    save_article(db, Article(url="https://hill.example/new", text="Snow on the hill."))
    cursor = load_cursor(db, "weekly")
    assert cursor is not None
    later = db.conn.execute("SELECT url FROM articles WHERE change_id > ?", (cursor.change_id,))
    assert later.fetchall() == [("https://hill.example/new",)]


@pytest.mark.parametrize("with_articles", [False, True])
def test_a_source_without_anything_goes_whole(db: Database, with_articles: bool) -> None:
    source_id = save_source(db, "empty", "https://empty.example/")
    forget_source(db, source_id, with_articles=with_articles)
    assert load_sources(db) == []
    assert _is_sound(db)
