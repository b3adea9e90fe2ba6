"""The schema people rely on: described, indexed, and reached from every earlier version."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from pipelines.store.articles import load_article, save_article
from pipelines.store.database import APPLICATION_ID, open_database
from pipelines.store.maintenance import check_database
from pipelines.store.migrations import SCHEMA_VERSION, migrate, migrations
from pipelines.store.schema import INTERNAL, TABLES, schema_markdown
from scraper.article import Article

_SHADOWS = ("_data", "_idx", "_docsize", "_config")


def _visible_names(db: Database) -> set[str]:
    names = set(db.table_names()) | set(db.view_names())
    shadows = {index + end for index in ("articles_fts", "articles_fts_cjk") for end in _SHADOWS}
    return {n for n in names - INTERNAL - shadows if not n.startswith("sqlite_")}


def test_every_table_and_column_is_described_and_nothing_else_is(db: Database) -> None:
    described = {table.name: [column.name for column in table.columns] for table in TABLES}
    actual = {name: [c.name for c in db[name].columns] for name in _visible_names(db)}
    assert described == actual


def test_every_description_says_something() -> None:
    for table in TABLES:
        assert table.description.endswith("."), table.name
        for column in table.columns:
            assert column.description.endswith("."), f"{table.name}.{column.name}"
            assert len(column.description) > 3, f"{table.name}.{column.name}"
    assert "### articles (table)" in schema_markdown()


def test_every_foreign_key_has_an_index_that_begins_with_it(db: Database) -> None:
    missing = []
    for table in db.tables:
        covered = {index.columns[0] for index in table.indexes} | set(table.pks[:1])
        missing += [
            f"{table.name}.{key.column}"
            for key in table.foreign_keys
            if key.column not in covered and key.column != "duplicate_of"
        ]
    assert missing == []
    plan = db.conn.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM articles WHERE duplicate_of = 1"
    ).fetchall()
    assert "idx_articles_duplicate_of" in plan[0][3]


def test_the_version_is_the_number_of_steps(db: Database) -> None:
    assert len(migrations.applied(db)) == SCHEMA_VERSION
    assert migrations.pending(db) == []


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_database_of_any_earlier_version_is_brought_up_with_its_data(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "old.db"
    old = Database(sqlite3.connect(path, isolation_level=None))
    names = [migration.name for migration in migrations.pending(old)]
    later = names[version] if version < SCHEMA_VERSION else None
    migrate(old, application_id=APPLICATION_ID, stop_before=later)
    article = Article(url="https://a.example/1", title="Rain", text="It rained.")
    save_article(old, article)
    old.close()
    db = open_database(path)
    assert db.conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert load_article(db, "https://a.example/1") == article
    assert check_database(db) == []


def test_a_step_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migrations("winnow")

    @broken(name="0001_broken")
    def _break(db: Database) -> None:
        db.execute("CREATE TABLE half (id INTEGER)")
        raise sqlite3.OperationalError("power failed")

    path = tmp_path / "articles.db"
    db = Database(sqlite3.connect(path, isolation_level=None))
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.migrations.migrations", broken)
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, application_id=APPLICATION_ID)
    assert db.table_names() == []
    db.close()
    assert open_database(path).table("articles").exists()
