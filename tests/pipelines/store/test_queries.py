"""The questions and views the database comes with answer what they say they do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.sources import save_source
from pipelines.store.frontier.urls import NewUrl, add_urls
from pipelines.store.statistics.canned_queries import QUERIES
from scraper.article import Article, FaqEntry
from scraper.blocks import Heading

_TEXT = " ".join(f"On day {n} boat {n} left for the island of Norr." for n in range(12))


@pytest.fixture
def news(db: Database) -> Database:
    source = save_source(db, "harbour", "https://a.example/")
    ferry = Article(
        url="https://a.example/1",
        site_name="Harbour Courier",
        title="Ferry returns",
        authors=("Mira Olsdotter", "Tom Akintola"),
        tags=("Ferry", "council"),
        published_at="2026-03-04",
        language="en",
        text=_TEXT,
        blocks=(Heading(2, "What changes"), Heading(3, "Times")),
        faq=(FaqEntry("When does it start?", "In May.", "html"),),
    )
    copy = Article(
        url="https://b.example/9", site_name="Copyist", title="Ferry", text=f"{_TEXT} Copied."
    )
    save_article(db, Article(url=ferry.url, title="Ferry?", text="Soon."), source_id=source)
    save_article(db, ferry, source_id=source)
    save_article(db, copy)
    save_failure(db, "https://a.example/2", "fetch", "FetchTimeoutError", "20 s")
    return db


# What each is asked with, and its first row as far as it does not depend on the clock.
_ANSWERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "faq_of_a_topic": ({"topic": "ferry"}, {"question": "When does it start?"}),
    "articles_per_day": ({}, {"day": "2026-03-04", "source": "harbour", "articles": 1}),
    "most_revised": ({}, {"title": "Ferry returns", "earlier_versions": 1}),
    "who_writes_about": (
        {"author": "mira", "topic": "FERR"},
        {"author": "Mira Olsdotter", "articles": 1},
    ),
    "headings_of_a_tag": (
        {"tag": "ferry"},
        {"title": "Ferry returns", "level": 2, "heading": "What changes"},
    ),
    "duplicates_across_sites": (
        {},
        {"original": "Ferry returns", "first_at": "Harbour Courier", "copied_at": "Copyist"},
    ),
    "latest_failures": ({}, {"stage": "fetch", "error": "FetchTimeoutError"}),
}


@pytest.mark.parametrize("name", list(QUERIES))
def test_a_question_is_answered(news: Database, name: str) -> None:
    values, expected = _ANSWERS[name]
    rows = list(news.query(QUERIES[name].sql, values))
    assert expected.items() <= rows[0].items()


@pytest.mark.parametrize("name", [name for name, (values, _) in _ANSWERS.items() if values])
def test_a_question_about_nothing_has_no_answer(news: Database, name: str) -> None:
    values = dict.fromkeys(_ANSWERS[name][0], "a word nobody wrote")
    assert list(news.query(QUERIES[name].sql, values)) == []


def test_the_overview_of_an_article_has_what_other_tables_say_of_it(news: Database) -> None:
    row, copy = news.query("SELECT * FROM article_overview ORDER BY id")
    assert (row["authors"], row["tags"]) == ("Mira Olsdotter; Tom Akintola", "Ferry; council")
    assert (row["source"], row["headings"], row["faqs"], row["revision"]) == ("harbour", 2, 1, 2)
    assert (copy["duplicate_of"], copy["source"], copy["authors"]) == (row["id"], None, None)


def test_the_overview_of_questions_names_the_article(news: Database) -> None:
    (row,) = news.query("SELECT * FROM faq_overview")
    assert (row["question"], row["answer"], row["found_in"]) == (
        "When does it start?",
        "In May.",
        "html",
    )
    assert (row["title"], row["source"], row["url"]) == (
        "Ferry returns",
        "harbour",
        "https://a.example/1",
    )


def test_the_health_of_a_source_counts_the_last_week(news: Database) -> None:
    now = datetime.now(UTC)
    save_source(news, "asleep")
    add_urls(news, 1, [NewUrl(url="https://a.example/1")])
    for days, error in ((1, None), (2, "timeout"), (3, "timeout"), (30, "long ago")):
        seen = now - timedelta(days=days)
        record_fetch(news, FetchRecord(url_id=1, fetched_at=seen, error=error))
    awake, asleep = news.query("SELECT * FROM source_health ORDER BY id")
    assert (awake["articles"], awake["fetches_7_days"], awake["failures_7_days"]) == (1, 3, 2)
    assert awake["failure_share_7_days"] == pytest.approx(0.667)
    assert (asleep["articles"], asleep["failure_share_7_days"]) == (0, None)
