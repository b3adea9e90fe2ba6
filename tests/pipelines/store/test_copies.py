"""Copies of an article find their original, and what that costs does not grow with their number."""

import random
import sqlite3

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.articles.duplicates import link_duplicate
from pipelines.store.articles.minhash import find_band_keys, find_shingles
from pipelines.store.database.maintenance import check_database, vacuum_database
from scraper.article import Article

_WORDS = [f"{a}{b}" for a in ("har", "fer", "isl", "coun") for b in ("bour", "ry", "and", "cil")]


def _text(seed: int, words: int = 120) -> str:
    return " ".join(random.Random(seed).choices(_WORDS, k=words))


def _original_of(db: Database, article_id: int) -> int | None:
    sql = "SELECT duplicate_of FROM articles WHERE id = ?"
    original: int | None = db.conn.execute(sql, (article_id,)).fetchone()[0]
    return original


def test_every_copy_names_the_one_original(db: Database) -> None:
    save_article(db, Article(url="https://other.example/", text=_text(1)))
    for number in range(6):
        text = _text(2) + f" Edited at desk {number}."
        saved = save_article(db, Article(url=f"https://copy{number}.example/", text=text))
        assert _original_of(db, saved.id) == (2 if number else None)


def test_a_text_hundreds_of_pages_carry_is_looked_at_a_few_times_only(db: Database) -> None:
    notice = _text(3)
    keys = find_band_keys(find_shingles(notice))
    save_article(db, Article(url="https://a.example/first", text=notice))
    rows = [(key, article_id) for key in keys for article_id in range(100, 800)]
    db.conn.executemany("INSERT INTO duplicate_keys VALUES (?, ?)", rows)
    read: list[str] = []
    db.conn.set_trace_callback(read.append)
    assert link_duplicate(db.conn, 5000, keys, notice) == 1
    db.conn.set_trace_callback(None)
    assert len(read) < 3 * len(keys) + 20
    # A key that thousands share does not hide those that the original alone has.
    original = save_article(db, Article(url="https://a.example/rare", text=_text(4)))
    mixed = (keys[0], *find_band_keys(find_shingles(_text(4)))[:2])
    assert link_duplicate(db.conn, 6000, mixed, _text(4)) == original.id


def test_keys_of_a_deleted_article_lead_nowhere_and_are_swept_away(db: Database) -> None:
    gone = save_article(db, Article(url="https://a.example/1", text=_text(5))).id
    kept = save_article(db, Article(url="https://a.example/2", text=_text(6))).id
    save_article(db, Article(url="https://a.example/last", text="Short."))
    db.conn.execute("DELETE FROM articles WHERE id = ?", (gone,))
    copy = save_article(db, Article(url="https://b.example/1", text=_text(5)))
    assert _original_of(db, copy.id) is None
    vacuum_database(db)
    filed = db.conn.execute("SELECT DISTINCT article_id FROM duplicate_keys").fetchall()
    assert sorted(row[0] for row in filed) == [kept, copy.id]
    assert check_database(db) == []


def test_looking_up_keys_walks_one_tree_only(db: Database) -> None:
    plan = db.conn.execute(
        "EXPLAIN QUERY PLAN SELECT article_id FROM duplicate_keys "
        "WHERE band_key IN (1, 2, 3) AND article_id < 9 LIMIT 5"
    ).fetchall()
    assert len(plan) == 1
    assert "USING PRIMARY KEY (band_key=? AND article_id<?)" in plan[0][3]
    with pytest.raises(sqlite3.IntegrityError):
        db.conn.executemany("INSERT INTO duplicate_keys VALUES (?, ?)", [(1, 1), (1, 1)])
