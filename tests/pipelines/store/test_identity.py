"""Which pages are one article: what names another site as its own address is one of its own."""

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import (
    find_article,
    load_article,
    save_article,
    save_articles,
)
from pipelines.store.articles.identity.article_urls import is_credible_canonical
from pipelines.store.articles.rows import ArticleToSave, build_rows
from scraper.article import Article


@pytest.mark.parametrize(
    ("canonical", "url", "believed"),
    [
        ("https://a.example/", "https://a.example/news/1", False),
        ("https://a.example", "https://a.example/?utm=1", False),
        ("https://a.example/", "https://www.a.example/", True),
        ("https://other.example/1", "https://a.example/1", False),
        ("https://a.example/1", "https://www.a.example/1", True),
        ("https://news.a.example/1", "https://amp.a.example/1", True),
        ("https://www.sz.de/1", "https://amp.sz.de/1", True),
        ("https://bbb.co.uk/1", "https://aaa.co.uk/1", False),
        ("https://bbb.gouv.fr/1", "https://aaa.gouv.fr/1", False),
        ("https://bar.github.io/1", "https://foo.github.io/1", False),
        ("https://github.io/1", "https://foo.github.io/1", False),
        ("https://bar.substack.com/p/1", "https://foo.substack.com/p/1", False),
        ("https://foo.github.io/1", "https://foo.github.io/1?x", True),
        ("http://127.0.0.1:81/1", "http://127.0.0.2:81/1", False),
        ("http://127.0.0.1:81/1", "http://127.0.0.1:82/1", False),
        ("http://127.0.0.1:81/1", "http://127.0.0.1:81/1?x", True),
        ("https://[broken/1", "https://a.example/1", False),
        ("https://a.example/1", "file:///saved/1.html", False),
        ("urn:isbn:1", "https://a.example/1", False),
    ],
)
def test_only_a_credible_canonical_url_is_believed(
    canonical: str, url: str, believed: bool
) -> None:
    assert is_credible_canonical(canonical, url) is believed


@pytest.mark.parametrize(
    "host", ["{}.github.io", "{}.blogspot.com", "{}.substack.com", "{}.gouv.fr", "{}.co.uk"]
)
def test_blogs_under_one_suffix_stay_articles_of_their_own(db: Database, host: str) -> None:
    original, copy = (f"https://{host.format(name)}/2031/rain" for name in ("foo", "bar"))
    # Whoever copies a blog's template often leaves its address in it.
    save_article(db, Article(url=copy, canonical_url=original, title="Snow", text="It snowed."))
    save_article(db, Article(url=original, canonical_url=original, title="Rain", text="It rained."))
    assert db.table("articles").count == 2
    ids = [find_article(db, url) for url in (copy, original)]
    loaded = [load_article(db, number) for number in ids if number]
    assert [(a.url, a.title) for a in loaded if a] == [(copy, "Snow"), (original, "Rain")]
    assert db.table("revisions").count == 0


def test_a_row_of_an_older_version_that_claims_two_blogs_gives_one_back(db: Database) -> None:
    original, copy = (f"https://{name}.github.io/2031/rain" for name in ("foo", "bar"))
    save_article(db, Article(url=copy, title="Snow", text="It snowed."))
    db.execute("UPDATE articles SET canonical_url = ?", (original,))
    db.conn.commit()
    for number in range(2):
        rain = Article(url=original, canonical_url=original, title="Rain", text="It rained.")
        snow = Article(url=copy, canonical_url=original, title="Snow", text="It snowed.")
        saved = [save_article(db, article) for article in (rain, snow)]
        assert [one.id for one in saved] == [2, 1], number
    assert db.table("revisions").count == 0


def test_an_article_that_moved_to_another_site_is_known_by_its_canonical_url(db: Database) -> None:
    old, new = "https://old.example/rain", "https://new.example/rain"
    save_article(db, Article(url=old, text="It rained."))
    moved = Article(url=f"{new}?from=old", canonical_url=new, text="It rained.")
    save_articles(db, [ArticleToSave(rows=build_rows(moved), aliases=(old,))])
    assert save_article(db, Article(url=new, text="It rained.")).id == 1
    assert db.table("articles").count == 1


def test_hosts_of_one_publisher_are_one_article(db: Database) -> None:
    canonical = "https://www.sz.de/rain"
    for url in ("https://amp.sz.de/rain", "https://m.sz.de/rain", canonical):
        save_article(db, Article(url=url, canonical_url=canonical, text="Rain."))
    assert [row["canonical_url"] for row in db.table("articles").rows] == [canonical]
