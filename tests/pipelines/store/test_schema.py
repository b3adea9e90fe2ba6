"""The schema people rely on: described, indexed, and reached from every earlier version."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from pipelines.store.articles.articles import load_article, save_article
from pipelines.store.articles.revisions import load_revisions
from pipelines.store.database.database import APPLICATION_ID, open_database, open_to_read
from pipelines.store.database.maintenance import check_database
from pipelines.store.migrations import SCHEMA_VERSION
from pipelines.store.migrations.migrate import migrate, migrations
from pipelines.store.schema.schema import INTERNAL, TABLES, schema_markdown
from pipelines.store.search.search import search_articles
from scraper.article import Article
from tests.pipelines.store.old_versions import ARTICLE, COPY, VERSIONS, read_version

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


def test_there_is_a_file_of_every_version() -> None:
    names = sorted(path.name for path in VERSIONS.iterdir())
    assert names == sorted(f"{n}.db.zst" for n in range(1, SCHEMA_VERSION + 1))


def test_an_old_file_is_brought_up_before_it_is_asked(tmp_path: Path) -> None:
    read_version(1, tmp_path / "old.db")
    with closing(open_to_read(tmp_path / "old.db")) as reader:
        assert reader.conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert sorted(hit.id for hit in search_articles(reader, "malmo")) == [1, 2]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_file_of_any_version_is_brought_up_with_all_its_data(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "old.db"
    read_version(version, path)
    old = sqlite3.connect(path)
    assert old.execute("PRAGMA user_version").fetchone() == (version,)
    before = _contents(old)
    # Every table of that time has rows, or nothing would be shown of it.
    assert [table for table, (_, rows) in before.items() if not rows] == []
    old.close()
    db = open_database(path)
    assert db.conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    after = _contents(db.conn)
    for table, (columns, rows) in before.items():
        kept = [after[table][0].index(column) for column in columns]
        assert sorted(tuple(row[i] for i in kept) for row in after[table][1]) == rows, table
    assert check_database(db) == []
    assert load_article(db, "https://harbour.example/amp") == ARTICLE
    assert [revision.title for revision in load_revisions(db, 1)] == ["Ferry line", ARTICLE.title]
    assert sorted(hit.id for hit in search_articles(db, "malmo")) == [1, 2]
    assert [hit.id for hit in search_articles(db, "東京で")] == [3]
    assert load_article(db, 2) == COPY
    assert db.conn.execute("SELECT duplicate_of FROM articles WHERE id = 2").fetchone() == (1,)
    assert db.conn.execute("SELECT source_id FROM pages").fetchone() == (1,)
    again = Article(url="https://third.example/ferry", text=ARTICLE.text)
    saved = save_article(db, again)
    assert saved.id == 4
    assert db.conn.execute("SELECT duplicate_of FROM articles WHERE id = 4").fetchone() == (1,)


def _contents(conn: sqlite3.Connection) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    """Columns and rows of every table of ours."""
    found = {}
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    for (table,) in conn.execute(sql).fetchall():
        if table not in INTERNAL and not table.startswith(("articles_fts", "sqlite_")):
            cursor = conn.execute(f"SELECT * FROM {table}")  # noqa: S608 - own names
            columns = [column[0] for column in cursor.description]
            found[table] = (columns, sorted(cursor.fetchall()))
    return found


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
        patch.setattr("pipelines.store.migrations.migrate.migrations", broken)
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, application_id=APPLICATION_ID)
    assert db.table_names() == []
    db.close()
    assert open_database(path).table("articles").exists()
