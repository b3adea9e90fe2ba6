"""Search: any text is a query, accents and scripts are no obstacle, the best hit comes first."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.database.maintenance import check_database, rebuild_search
from pipelines.store.search.search import SearchFilters, search_articles
from pipelines.store.search.search_query import parse_query, word_expression
from scraper.article import Article

ARTICLES = (
    Article(
        url="https://a.example/1",
        title="Flood warning for the harbour",
        text="The storm surge came at night. Café owners carried sandbags.",
        authors=("Mira Olsdotter",),
        tags=("Weather",),
        language="en",
        published_at="2026-03-04T09:00:00Z",
    ),
    Article(
        url="https://a.example/2",
        title="A quiet week",
        text="No flood this time. The surge of the storm stayed out at sea. " + "Calm. " * 80,
        language="pt-BR",
        published_at="2026-04-01",
    ),
    Article(url="https://a.example/3", title="東京で洪水", text="昨夜、東京では大雨が降りました。"),
    Article(url="https://a.example/4", title="서울 날씨", text="오늘 서울은 맑겠습니다."),
)


@pytest.fixture
def news(db: Database) -> Database:
    source = save_source(db, "harbour")
    for number, article in enumerate(ARTICLES):
        save_article(db, article, source_id=source if number == 0 else None)
    return db


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("flood", [1, 2]),
        ("FLOOD", [1, 2]),
        ("cafe", [1]),
        ("Café", [1]),
        ('"storm surge"', [1]),
        ("storm surge", [1, 2]),
        ("storm -sandbags", [2]),
        ('storm -"storm surge"', [2]),
        ("sand*", [1]),
        ("sand", []),
        ("sandbags OR calm", [1, 2]),
        ("harbour AND flood", [1]),
        ("東京", [3]),
        ("東京では", [3]),
        ("東京 大雨が", [3]),
        ("大雨が -東京", []),
        ("서울은", [4]),
        ("날씨", [4]),
        ("", []),
        ("   ", []),
        ("-flood", []),
        ("***", []),
        ('"', []),
        ("!!! ☃", []),
    ],
)
def test_queries_find_what_they_say(news: Database, query: str, ids: list[int]) -> None:
    assert sorted(hit.id for hit in search_articles(news, query)) == ids


def test_a_word_in_the_title_weighs_more(news: Database) -> None:
    hits = search_articles(news, "flood")
    assert [hit.id for hit in hits] == [1, 2]
    assert hits[0].score > hits[1].score


def test_the_snippet_shows_what_was_found(news: Database) -> None:
    (hit,) = search_articles(news, "sandbags")
    assert "Café owners carried sandbags" in hit.snippet
    assert ("sandbags", True) in hit.snippet_runs
    assert "".join(text for text, _ in hit.snippet_runs) == hit.snippet
    (short,) = search_articles(news, "날씨")
    assert short.source is None


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (SearchFilters(source="harbour"), [1]),
        (SearchFilters(source="none"), []),
        (SearchFilters(since=date(2026, 3, 5)), [2]),
        (SearchFilters(until=date(2026, 3, 4)), [1]),
        (SearchFilters(since=date(2026, 3, 4), until=date(2026, 4, 1)), [1, 2]),
        (SearchFilters(author="olsdotter"), [1]),
        (SearchFilters(tag="weather"), [1]),
        (SearchFilters(language="pt"), [2]),
        (SearchFilters(language="EN"), [1]),
        (SearchFilters(tag="x' OR '1'='1"), []),
    ],
)
def test_filters(news: Database, filters: SearchFilters, ids: list[int]) -> None:
    assert sorted(hit.id for hit in search_articles(news, "flood", filters=filters)) == ids


def test_limit_and_offset_walk_the_hits(news: Database) -> None:
    one, two = (search_articles(news, "flood", limit=1, offset=n)[0].id for n in (0, 1))
    assert {one, two} == {1, 2}


def test_the_index_follows_changes(news: Database) -> None:
    save_article(news, Article(url="https://a.example/3", text="Now in English: hail."))
    assert search_articles(news, "東京") == []
    assert [hit.id for hit in search_articles(news, "hail")] == [3]
    save_article(news, Article(url="https://a.example/1", text="新しい記事です。"))
    assert [hit.id for hit in search_articles(news, "新しい")] == [1]
    assert search_articles(news, "sandbags") == []
    news.table("articles").delete(4)
    assert search_articles(news, "서울은") == []
    assert check_database(news) == []


def test_the_indexes_can_be_made_anew(news: Database) -> None:
    news.conn.execute("INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")
    assert search_articles(news, "flood") == []
    assert "winnow db reindex" in check_database(news)[0]
    rebuild_search(news)
    assert check_database(news) == []
    assert len(search_articles(news, "flood")) == 2
    assert [hit.id for hit in search_articles(news, "東京では")] == [3]


def test_common_words_match_but_leave_the_order_to_the_rare(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.search.search_ranking.COMMON_ROWS", 20)
    for number in range(60):
        text = f"the council met {'about the ferry ' * (number % 3 == 0)}on day {number}"
        title = "The council" if number in {11, 40} else "Meeting"
        if number == 30:
            title, text = "Ferry", "the council decided"
        save_article(db, Article(url=f"https://c.example/{number}", title=title, text=text))
    ferry = search_articles(db, "the ferry", limit=100)
    assert len(ferry) == 20
    assert ferry[0].title == "Ferry"
    assert all(one.score >= two.score for one, two in pairwise(ferry))
    assert len(search_articles(db, "council ferry -decided", limit=100)) == 19
    common = search_articles(db, "the council", limit=5)
    assert [hit.id for hit in common] == [41, 12, 60, 59, 58]
    assert ("council", True) in common[0].snippet_runs
    assert [hit.id for hit in search_articles(db, "the council", limit=3, offset=3)] == [59, 58, 57]
    first_day = SearchFilters(since=date(2000, 1, 1))
    assert [h.id for h in search_articles(db, "council", limit=2, filters=first_day)] == [60, 59]


_SHARED = open_database(":memory:")
for _article in ARTICLES:
    save_article(_SHARED, _article)

_QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["flood", '"', "*", "-", "OR", "AND", "NOT", "NEAR(", ")", "title:", "^", "東京", "東",
             "{", "+", "'", "\x00", "flood*", "\\", "%", "surge", "café"]
        ),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip


@given(query=_QUERIES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_query_fails(query: str) -> None:
    for hit in search_articles(_SHARED, query):
        assert 1 <= hit.id <= 4


@given(words=st.lists(st.sampled_from(["flood", "storm", "calm"]), min_size=1, max_size=200))
@settings(max_examples=20, deadline=None)
def test_long_queries_stay_within_what_the_index_accepts(words: list[str]) -> None:
    expression = word_expression(parse_query(" ".join(words * 20)))
    assert expression is not None
    assert expression.count('"') <= 128
