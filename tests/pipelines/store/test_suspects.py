"""What is not believed is kept beside the articles, counted, and shown; merged rows are found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.articles.content_hash import hash_content
from pipelines.store.articles.identity.alternating import find_alternating
from pipelines.store.articles.identity.story_likeness import StoryText
from pipelines.store.articles.suspects import (
    SuspectVersion,
    find_open_suspect,
    find_same_text,
    load_suspects,
    save_suspect,
    settle_suspect,
    withdraw_article,
)
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.pipelines.command_line import run_winnow
from tests.pipelines.loopback_site import story_title

_URL = "https://alder.example/news/ferry-sails-again-today"
_NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_WALL = "We let readers in one after the other. Keep this window open and have some patience."


def _text(number: int) -> str:
    return "\n".join(
        f"{story_title(number * 7 + k)} was told in the {number * 31 + k}th winter of the bay."
        for k in range(6)
    )


def _suspect(url: str = _URL, text: str = _WALL) -> SuspectVersion:
    return SuspectVersion(
        url=url,
        reason="unlike",
        message="it has nothing in common with the version before",
        story=StoryText("Please wait", text),
        content_hash=hash_content("Please wait", text),
    )


def test_a_version_met_again_is_one_row_and_another_text_another(db: Database) -> None:
    assert save_suspect(db, _suspect(), _NOON) == 1
    assert save_suspect(db, _suspect(), _NOON + timedelta(hours=1)) == 2
    assert save_suspect(db, _suspect(text=_text(3)), _NOON + timedelta(hours=2)) == 1
    found = load_suspects(db, url=_URL)
    assert [(s.visits, s.outcome) for s in found] == [(2, "dismissed"), (1, "open")]
    waiting = find_open_suspect(db, _URL)
    assert waiting is not None
    assert waiting.first_seen_at == _NOON + timedelta(hours=2)
    settle_suspect(db, _URL, "believed", _NOON)
    assert find_open_suspect(db, _URL) is None


def test_the_same_text_is_found_at_other_stories_addresses_only(db: Database) -> None:
    other = "https://alder.example/news/council-closes-the-old-bridge"
    save_suspect(db, _suspect(other), _NOON)
    save_suspect(db, _suspect(_URL.replace("/news/", "/archive/")), _NOON)
    save_suspect(db, _suspect("https://birch.example/news/mayor-opens-the-market"), _NOON)
    saved = save_article(
        db,
        Article(url="https://alder.example/news/17", title="Please wait", text=_WALL),
        seen_at=_NOON,
    )
    story = StoryText("Please wait", _WALL)
    urls, ids = find_same_text(db, _URL, story, _NOON - timedelta(days=1))
    assert set(urls) == {other, "https://alder.example/news/17"}
    assert ids == [saved.id]
    assert find_same_text(db, _URL, story, _NOON + timedelta(days=1)) == ([], [])


def test_an_article_that_is_taken_back_stays_readable(db: Database) -> None:
    saved = save_article(db, Article(url=_URL, title="Please wait", text=_WALL), seen_at=_NOON)
    copy = save_article(db, Article(url=_URL + "-2", text=_WALL), seen_at=_NOON)
    db.conn.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (saved.id, copy.id))
    db.conn.commit()
    assert withdraw_article(db, saved.id, "same_text", "many gave the same text", _NOON) == _URL
    assert db.table("articles").count == 1
    assert [s.text for s in load_suspects(db, url=_URL)] == [_WALL]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert withdraw_article(db, saved.id, "same_text", "", _NOON) is None


def test_rows_that_hold_several_stories_in_turn_are_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    db = open_database(path)
    edited = "https://alder.example/news/an-honest-story-that-was-edited"
    for day, number in enumerate((1, 2, 1, 2)):
        at = _NOON + timedelta(days=day)
        save_article(db, Article(url=_URL, title=f"Story {number}", text=_text(number)), seen_at=at)
        extra = "\nThe bay froze over." * day
        save_article(db, Article(url=edited, title="Honest", text=_text(5) + extra), seen_at=at)
    assert [article.url for article in find_alternating(db)] == [_URL]
    db.close()
    check = run_winnow(tmp_path, "db", "check", "--db", str(path))
    assert check.code == 1
    assert len(check.errors) == 1
    assert "holds several stories in turn" in check.err
    assert f"winnow retry {_URL}" in check.err


def test_diff_shows_what_was_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    db = open_database(path)
    saved = save_article(db, Article(url=_URL, title="Ferry", text=_text(1)), seen_at=_NOON)
    save_suspect(db, _suspect(), _NOON)
    save_suspect(db, _suspect(), _NOON + timedelta(hours=1))
    db.close()
    shown = run_winnow(tmp_path, "diff", _URL, "--db", str(path))
    assert shown.code == 0
    assert "2 times to 2026-03-04 13:00, not believed: it has nothing in common" in shown.out
    assert "? Please wait" in shown.out
    by_id = run_winnow(tmp_path, "diff", str(saved.id), "--db", str(path))
    assert "one version only" in by_id.err
