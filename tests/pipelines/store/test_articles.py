"""Saving articles: what is new, what changed, what is the same article, what comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.store.articles.articles import (
    find_article,
    load_article,
    save_article,
    save_articles,
    touch_article,
)
from pipelines.store.articles.content_hash import hash_content, is_counter
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.database.maintenance import check_database
from scraper import extract_article
from scraper.article import Article, Comment, FaqEntry, LiveEntry
from scraper.blocks import Block, Heading, ListBlock, ListItem, Paragraph, Quote, Table

MakeArticle = Callable[..., Article]
DAY = datetime(2026, 3, 4, 12, tzinfo=UTC)


def _rows(db: Database, table: str) -> list[tuple[object, ...]]:
    return db.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()  # noqa: S608 - own names


def test_a_whole_article_comes_back_as_it_was(db: Database, make_article: MakeArticle) -> None:
    article = make_article()
    saved = save_article(db, article)
    assert load_article(db, saved.id) == article
    assert load_article(db, "https://harbour.example/news/ferry") == article
    assert load_article(db, "https://harbour.example/other") is None
    assert load_article(db, 999) is None


def test_parts_are_rows_people_can_query(db: Database, make_article: MakeArticle) -> None:
    save_article(db, make_article())
    assert _rows(db, "headings") == [
        (1, 0, 2, "What changes", None),
        (1, 1, 3, "Times", 0),
        (1, 2, 2, "What it costs", None),
    ]
    assert _rows(db, "list_items") == [
        (1, 0, 0, 0, 1, "Morning"),
        (1, 0, 1, 0, 1, "Evening"),
        (1, 1, 0, 1, 0, "seven"),
        (1, 1, 1, 1, 0, "nine"),
    ]
    assert _rows(db, "faqs") == [(1, 0, "When does it start?", "In May.", "html")]
    assert _rows(db, "quotes") == [(1, 0, "We waited long enough.")]
    assert _rows(db, "tables") == [(1, 0, "Fares", 2, 2, '[["line","fare"],["north","4"]]')]
    assert _rows(db, "images") == [
        (1, 0, "https://harbour.example/i/1.jpg", "A boat", "The old boat")
    ]
    assert _rows(db, "links") == [
        (1, 0, "https://harbour.example/tuesday", "Tuesday", "nofollow", "paragraph", 21)
    ]
    overview = next(iter(db["article_overview"].rows))
    assert overview["authors"] == "Mira Olsdotter; Tom Akintola"
    assert overview["tags"] == "ferry; council"
    assert overview["published_at"] == "2026-03-04T08:30:00Z"
    assert (overview["headings"], overview["list_items"], overview["faqs"]) == (3, 4, 1)


def test_saving_twice_adds_nothing_twice(db: Database, make_article: MakeArticle) -> None:
    save_article(db, make_article(), seen_at=DAY)
    before = {table.name: table.count for table in db.tables}
    again = save_article(db, make_article(), seen_at=DAY + timedelta(days=1))
    assert (again.status, again.revision) == ("unchanged", 1)
    assert {table.name: table.count for table in db.tables} == before
    row = next(iter(db.table("articles").rows))
    assert row["first_seen_at"] == "2026-03-04T12:00:00.000Z"
    assert row["last_seen_at"] == "2026-03-05T12:00:00.000Z"


def test_a_change_keeps_the_older_version(db: Database, make_article: MakeArticle) -> None:
    first = save_article(db, make_article(), seen_at=DAY)
    later = make_article(text="The council voted on Wednesday.", blocks=(), tags=("ferry",))
    second = save_article(db, later, seen_at=DAY + timedelta(hours=1))
    assert (second.id, second.status, second.revision) == (first.id, "changed", 2)
    assert load_article(db, first.id) == later
    (revision,) = db.table("revisions").rows
    assert revision["text"] == make_article().text
    assert revision["revision"] == 1
    assert (revision["seen_at"], revision["replaced_at"]) == (
        "2026-03-04T12:00:00.000Z",
        "2026-03-04T13:00:00.000Z",
    )
    assert db.table("headings").count == 0
    assert [r["tag_id"] for r in db.table("article_tags").rows] == [1]
    assert check_database(db) == []


def test_details_are_updated_without_a_revision(db: Database, make_article: MakeArticle) -> None:
    save_article(db, make_article())
    more = make_article(tags=("ferry", "council", "boats"), confidence=0.5)
    assert save_article(db, more).status == "unchanged"
    assert load_article(db, 1) == more
    assert db.table("revisions").count == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Rain.\n12 shares", "Rain.\n1,204 Shares"),
        ("Rain.\nUpdated 5 minutes ago", "Rain.\nupdated 2 hours ago"),
        ("Rain.\n3 min read\n0 comments", "Rain."),
        ("Rain.  Sun.", "Rain.\nSun. "),
        ("Regen.\n12 Kommentare", "Regen.\n31 Kommentare"),
        ("ﬁne\u00a0rain", "fine rain"),
    ],
)
def test_counters_and_white_space_are_no_change(db: Database, before: str, after: str) -> None:
    save_article(db, Article(url="https://a.example/1", text=before))
    assert save_article(db, Article(url="https://a.example/1", text=after)).status == "unchanged"
    assert db.table("revisions").count == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3 goals", "4 goals"),
        ("He sold 12 shares of the firm.", "He sold 15 shares of the firm."),
        ("It rained.", "It did not rain."),
        ("2024", "2025"),
    ],
)
def test_numbers_that_mean_something_are_a_change(before: str, after: str) -> None:
    assert hash_content(None, before) != hash_content(None, after)
    assert not is_counter(before)


def test_the_same_page_read_by_another_extractor_is_no_edit(db: Database) -> None:
    article = Article(url="https://a.example/1", text="Rain. Subscribe now!")
    save_article(db, article, page_hash="p1", extractor_version="1")
    better = replace(article, text="Rain.")
    saved = save_article(db, better, page_hash="p1", extractor_version="2")
    assert (saved.status, saved.revision) == ("changed", 1)
    assert load_article(db, saved.id) == better
    assert db.table("revisions").count == 0
    assert next(iter(db.table("articles").rows))["extractor_version"] == "2"


def test_an_older_capture_does_not_replace_a_newer_one(db: Database) -> None:
    url = "https://a.example/1"
    save_article(db, Article(url=url, text="New."), seen_at=DAY, page_hash="p2")
    old = save_article(
        db, Article(url=url, text="Old."), seen_at=DAY - timedelta(days=9), page_hash="p1"
    )
    assert old.status == "unchanged"
    row = next(iter(db.table("articles").rows))
    assert (row["text"], row["first_seen_at"]) == ("New.", "2026-02-23T12:00:00.000Z")


def test_the_canonical_url_makes_one_article_of_several_urls(db: Database) -> None:
    canonical = "https://www.a.example/rain"
    urls = ["https://www.a.example/rain?from=front", "https://amp.a.example/rain", canonical]
    saved = [
        save_article(db, Article(url=url, canonical_url=canonical, text="Rain.")) for url in urls
    ]
    assert {one.id for one in saved} == {1}
    assert db.table("articles").count == 1
    assert [find_article(db, url) for url in urls] == [1, 1, 1]


def test_a_canonical_url_learned_later_joins_the_same_row(db: Database) -> None:
    save_article(db, Article(url="https://a.example/1?x", text="Rain."))
    save_article(
        db,
        Article(url="https://a.example/1?x", canonical_url="https://a.example/1", text="Rain."),
    )
    assert save_article(db, Article(url="https://a.example/1", text="Rain.")).id == 1
    assert db.table("articles").count == 1


def test_two_rows_that_turn_out_to_be_one_are_linked(db: Database) -> None:
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    save_article(db, Article(url="https://a.example/2", text="Rain."))
    both = Article(url="https://a.example/2", canonical_url="https://a.example/1", text="Rain.")
    assert save_article(db, both).id == 1
    assert [row["duplicate_of"] for row in db.table("articles").rows] == [None, 1]
    swapped = Article(url="https://a.example/1", canonical_url="https://a.example/2", text="Rain.")
    save_article(db, swapped)
    assert [row["duplicate_of"] for row in db.table("articles").rows].count(None) == 1


def test_every_page_naming_the_front_page_stays_an_article(db: Database) -> None:
    for number in range(5):
        article = Article(
            url=f"https://a.example/{number}", canonical_url="https://a.example/", text="Rain."
        )
        save_article(db, article)
    assert db.table("articles").count == 5


def test_redirects_are_remembered_as_aliases(db: Database) -> None:
    rows = build_rows(Article(url="https://a.example/new", text="Rain."))
    save_articles(db, [ArticleToSave(rows=rows, aliases=("https://a.example/old",))])
    assert find_article(db, "https://a.example/old") == 1
    assert touch_article(db, "https://a.example/old", DAY + timedelta(days=900)) == 1
    assert next(iter(db.table("articles").rows))["last_seen_at"].startswith("2028")
    assert touch_article(db, "https://a.example/none") is None


def test_an_article_without_any_url_is_kept_once(db: Database) -> None:
    article = Article(title="Rain", text="It rained.")
    assert save_article(db, article).status == "new"
    assert save_article(db, article).status == "unchanged"
    assert load_article(db, 1) == article


def test_text_no_database_can_hold_is_cleaned_not_lost(db: Database) -> None:
    broken = Article(
        url="https://a.example/1", title="A\ud800B", text="null\x00byte", tags=("\x00",)
    )
    saved = save_article(db, broken)
    loaded = load_article(db, saved.id)
    assert loaded is not None
    assert (loaded.title, loaded.text) == ("A\ufffdB", "null\ufffdbyte")


def test_one_bad_article_costs_the_batch_nothing_else(db: Database) -> None:
    good = [build_rows(Article(url=f"https://a.example/{n}", text="Rain.")) for n in range(3)]
    batch = [
        ArticleToSave(rows=good[0]),
        ArticleToSave(rows=good[1], source_id=77),  # no such source: the database refuses it
        ArticleToSave(rows=good[2]),
    ]
    saved = save_articles(db, batch)
    assert [one.status if one else None for one in saved] == ["new", None, "new"]
    assert db.table("articles").count == 2
    (failure,) = db.table("failures").rows
    assert (failure["stage"], failure["url"]) == ("store", "https://a.example/1")
    assert check_database(db) == []


def test_the_first_source_keeps_the_article(db: Database) -> None:
    one, two = save_source(db, "one"), save_source(db, "two")
    article = Article(url="https://a.example/1", text="Rain.")
    save_article(db, article)
    save_article(db, article, source_id=one)
    save_article(db, replace(article, text="Sun."), source_id=two)
    assert [row["source_id"] for row in db.table("articles").rows] == [one]


def test_every_change_gets_the_next_change_id(db: Database) -> None:
    def ids() -> list[int]:
        return [row["change_id"] for row in db.table("articles").rows_where(order_by="id")]

    for number in range(3):
        save_article(db, Article(url=f"https://a.example/{number}", text="Rain."))
    assert ids() == [1, 2, 3]
    save_article(db, Article(url="https://a.example/0", text="Sun."))
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    assert ids() == [4, 2, 3]


_SHARED = open_database(":memory:")
_TEXT = st.text(max_size=40)
_BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, _TEXT),
    st.builds(Heading, st.integers(1, 6), _TEXT),
    st.builds(Quote, _TEXT),
    st.builds(Table, st.lists(st.lists(_TEXT, max_size=3).map(tuple), max_size=3).map(tuple)),
    st.builds(
        ListBlock, st.booleans(), st.lists(st.builds(ListItem, _TEXT), max_size=3).map(tuple)
    ),
)
_ARTICLES = st.builds(
    Article,
    url=st.none() | st.just("https://a.example/1"),
    canonical_url=st.none() | _TEXT,
    title=st.none() | _TEXT,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    tags=st.lists(_TEXT, max_size=3).map(tuple),
    published_at=st.none() | _TEXT | st.datetimes(timezones=st.timezones()).map(str),
    text=st.text(),
    markdown=_TEXT,
    blocks=st.lists(_BLOCKS, max_size=5).map(tuple),
    faq=st.lists(st.builds(FaqEntry, _TEXT, _TEXT, st.just("html")), max_size=2).map(tuple),
    confidence=st.floats(0, 1),
)


@given(article=_ARTICLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_saved_is_new_once_and_comes_back(article: Article) -> None:
    db = _SHARED
    db.conn.execute("DELETE FROM articles")
    saved = save_article(db, article)
    assert saved.status == "new"
    assert save_article(db, article).status == "unchanged"
    loaded = load_article(db, saved.id)
    if "\x00" in str(article.to_dict()) or "\\x00" in repr(article):
        assert loaded is not None  # what cannot be stored was replaced
    elif article.url is None and article.canonical_url is not None:
        assert loaded == replace(article, url=article.canonical_url)
    else:
        assert loaded == article


def test_the_links_of_a_text_are_rows_and_its_pictures_are_none(db: Database) -> None:
    page = b"""<article><h1>Ferry line returns</h1>
    <p>The council voted <a href="/minutes">in May</a> to bring the ferry back. Two boats a day will
    run between the harbour and the island, as they did until the storm took the old landing stage.
    <figure><img src="/i/boat.jpg" width=640 height=480><figcaption>The old boat</figcaption>
    </figure><ul><li>Tickets cost four crowns, and children travel free of charge until ten.
    <li>The <a href="https://island.example/" rel="sponsored nofollow">island's inn</a> opens again
    in June, with eight rooms and a view of the harbour.</ul>
    <p>Work on the new landing stage begins next week and will take until the end of winter."""
    article = extract_article(page, url="https://harbour.example/news/ferry")
    save_article(db, article)
    assert _rows(db, "links") == [
        (1, 0, "https://harbour.example/minutes", "in May", None, "paragraph", 18),
        (1, 1, "https://island.example/", "island's inn", "sponsored nofollow", "list", 243),
    ]
    assert article.text[243:].startswith("island's inn")
    assert [row["url"] for row in db.table("images").rows] == ["https://harbour.example/i/boat.jpg"]


def test_numbers_of_articles_that_are_gone_are_never_given_again(db: Database) -> None:
    first = save_article(db, Article(url="https://example.org/a", text="Rain."))
    changes = db.execute("SELECT max(change_id) FROM articles").fetchone()[0]
    db.execute("DELETE FROM articles")
    second = save_article(db, Article(url="https://example.org/b", text="Sun."))
    assert second.id > first.id
    assert db.execute("SELECT max(change_id) FROM articles").fetchone()[0] > changes


def test_comments_and_entries_are_rows_that_can_be_exported(
    db: Database, make_article: MakeArticle
) -> None:
    comments = (
        Comment("We waited.", "Marta Oak", "2031-05-04T11:15:00+02:00", 0),
        Comment("So did we.", None, None, 1),
    )
    entries = (LiveEntry("It is open.", "Open again", "Tom Reeve", "2031-05-04T09:15:00+00:00"),)
    article = make_article(comments=comments, entries=entries)
    saved = save_article(db, article)
    assert _rows(db, "comments") == [
        (saved.id, 0, 0, "Marta Oak", "2031-05-04T09:15:00Z", "We waited."),
        (saved.id, 1, 1, None, None, "So did we."),
    ]
    assert _rows(db, "entries") == [
        (saved.id, 0, "2031-05-04T09:15:00Z", "Open again", "Tom Reeve", "It is open.")
    ]
    fewer = make_article(comments=comments[:1], entries=())
    assert save_article(db, fewer).status == "unchanged"
    assert [len(_rows(db, name)) for name in ("comments", "entries")] == [1, 0]
