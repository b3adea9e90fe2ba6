"""Opening a database: whatever is at the path, one clear line or a database that works."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.errors import StoreError
from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import (
    APPLICATION_ID,
    open_database,
    open_to_read,
    transaction,
)
from pipelines.store.database.maintenance import check_database
from pipelines.store.migrations import SCHEMA_VERSION
from pipelines.store.search.search import search_articles
from scraper.article import Article


def test_a_new_database_is_marked_as_ours_and_survives_reopening(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "articles.db"
    db = open_database(path)
    assert db.journal_mode == "wal"
    assert db.conn.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert db.conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    db.close()
    assert open_database(path, create=False).table("articles").count == 1


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert open_database(path).table("articles").exists()


def _text_file(path: Path) -> None:
    path.write_text("name;price\nboat;4\n")


def _someone_elses(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE boats (name TEXT)")
    connection.execute("INSERT INTO boats VALUES ('Svala')")
    connection.commit()
    connection.close()


def _newer(path: Path) -> None:
    db = open_database(path)
    db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()


@pytest.mark.parametrize("open_it", [open_database, open_to_read])
@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (_text_file, "not a SQLite database"),
        (_someone_elses, "not made by winnow"),
        (_newer, "upgrade winnow"),
        (Path.mkdir, "this is a folder"),
    ],
)
def test_what_is_not_ours_is_refused_in_one_line_and_left_alone(
    tmp_path: Path,
    prepare: Callable[[Path], None],
    words: str,
    open_it: Callable[[Path], object],
) -> None:
    path = tmp_path / "other.db"
    prepare(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=words) as caught:
        open_it(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert not path.is_file() or path.read_bytes() == before


def test_a_missing_file_is_not_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        open_database(tmp_path / "none.db", create=False)
    with pytest.raises(StoreError, match="no such file"):
        open_database(tmp_path / "none.db", read_only=True)
    with pytest.raises(StoreError, match="no such file"):
        open_to_read(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_path_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        open_database(tmp_path / "file" / "articles.db")


def test_a_damaged_file_says_what_to_do(tmp_path: Path, db: Database) -> None:
    for number in range(40):
        save_article(db, Article(url=f"https://a.example/{number}", text="Rain. " * 200))
    path = Path(db.conn.execute("PRAGMA database_list").fetchone()[2])
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    damaged = bytearray(path.read_bytes())
    damaged[4096 : len(damaged) - 4096] = bytes(len(damaged) - 8192)
    copy = tmp_path / "damaged.db"
    copy.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"damaged|not a SQLite database"):
        save_article(open_database(copy), Article(url="https://a.example/x", text="Sun."))


def test_a_full_disk_is_one_line_and_loses_nothing_stored(db: Database) -> None:
    save_article(db, Article(url="https://a.example/first", text="Stored."))
    pages = db.conn.execute("PRAGMA page_count").fetchone()[0]
    db.conn.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall()
    with pytest.raises(StoreError, match="the disk is full"):
        save_article(db, Article(url="https://a.example/second", text="Too much. " * 9000))
    assert not db.conn.in_transaction
    db.conn.execute("PRAGMA max_page_count = 1000000").fetchall()
    assert check_database(db) == []
    assert [row["url"] for row in db.table("articles").rows] == ["https://a.example/first"]
    assert save_article(db, Article(url="https://a.example/third", text="Fits.")).status == "new"


def test_read_only_reads_and_never_writes(tmp_path: Path, db: Database) -> None:
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    path = tmp_path / "articles.db"
    reader = open_database(path, read_only=True)
    assert reader.table("articles").count == 1
    with pytest.raises(StoreError, match="may only be read"):
        save_article(reader, Article(url="https://a.example/2", text="Sun."))


def test_who_only_asks_changes_nothing_and_leaves_nothing_behind(
    tmp_path: Path, db: Database
) -> None:
    save_article(db, Article(url="https://a.example/1", text="Rain."))
    db.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    reader = open_to_read(tmp_path / "articles.db")
    assert [hit.id for hit in search_articles(reader, "rain")] == [1]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.conn.execute("DELETE FROM articles")
    reader.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_writer_that_never_ends_is_one_line(tmp_path: Path, db: Database) -> None:
    other = open_database(tmp_path / "articles.db")
    other.conn.execute("PRAGMA busy_timeout = 50").fetchall()
    with transaction(db), pytest.raises(StoreError, match="locked"):
        save_article(other, Article(url="https://a.example/2", text="Sun."))


def test_a_transaction_inside_another_is_undone_alone(db: Database) -> None:
    with transaction(db):
        save_article(db, Article(url="https://a.example/kept", text="Rain."))
        with pytest.raises(RuntimeError), transaction(db):
            save_article(db, Article(url="https://a.example/undone", text="Sun."))
            raise RuntimeError
    assert [row["url"] for row in db.table("articles").rows] == ["https://a.example/kept"]


def _open(path: str, failed: Event) -> None:
    try:
        open_database(path).close()
    except StoreError:
        failed.set()


def test_processes_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    path = str(tmp_path / "shared.db")
    fork = multiprocessing.get_context("fork")  # no time lost with importing again
    failed = fork.Event()
    children = [fork.Process(target=_open, args=(path, failed)) for _ in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 6
    assert not failed.is_set()
    assert check_database(open_database(path)) == []
