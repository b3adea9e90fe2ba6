"""Keeping the database well: check, vacuum, backup, and what takes how much space."""

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from pipelines.errors import StoreError
from pipelines.store.database.database import database_path, reading, store_error
from pipelines.store.migrations import SCHEMA_VERSION

_INDEXES = ("articles_fts", "articles_fts_cjk")


@dataclass(frozen=True, slots=True)
class TableSize:
    """One table: its rows, and the bytes of it and its indexes.

    Attributes:
        rows: None for a full-text index, whose rows are those of articles.
    """

    name: str
    rows: int | None
    data_bytes: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class DatabaseStats:
    """What takes how much space, the largest first.

    Attributes:
        total_bytes: Of the file; the sizes of `tables` and `free_bytes` make it up, and above 1 GiB
            one page that SQLite keeps for locks.
        free_bytes: Pages that hold nothing; `vacuum` gives them back.
    """

    schema_version: int
    total_bytes: int
    free_bytes: int
    tables: tuple[TableSize, ...]


def check_database(db: Database) -> list[str]:
    """What is wrong with the file, one line each; empty when it is sound.

    Looks at every page, every index, every reference and the full-text indexes.

    Raises:
        StoreError: It cannot even be read.
    """
    with reading(db):
        found = [row[0] for row in db.conn.execute("PRAGMA integrity_check(100)")]
        problems = [] if found == ["ok"] else found
        for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check"):
            problems.append(f"{table} row {rowid} refers to a row of {parent} that is not there")
    problems += [
        f"{table}: {line}" for table in _INDEXES if (line := _check_index(db, table)) is not None
    ]
    return problems


def rebuild_search(db: Database) -> None:
    """Make the full-text indexes anew from the articles.

    Raises:
        StoreError: The database cannot be written.
    """
    with reading(db):
        db.table("articles").rebuild_fts()
        # Only part of the articles belongs in this one: a plain rebuild would put in all of them.
        db.conn.execute("INSERT INTO articles_fts_cjk(articles_fts_cjk) VALUES ('delete-all')")
        db.conn.execute(
            "INSERT INTO articles_fts_cjk (rowid, title, description, text) "
            "SELECT id, title, description, text FROM articles WHERE has_cjk = 1"
        )


def vacuum_database(db: Database) -> int:
    """Rewrite the file without gaps and refresh what the query planner knows; bytes saved.

    Needs as much free space as the file is large, and nobody else writing.

    Raises:
        StoreError: The disk is full, or another program is using the file.
    """
    before = _file_bytes(db)
    with reading(db):
        for table in _INDEXES:
            db.conn.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")
        db.conn.execute(
            "DELETE FROM duplicate_keys WHERE article_id NOT IN (SELECT id FROM articles)"
        )
        db.analyze()
        db.vacuum()
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return before - _file_bytes(db)


def backup_database(db: Database, destination: str | Path) -> int:
    """Copy the database as it is at one moment, also while others write to it; bytes of the copy.

    The copy appears under its name when it is complete.

    Raises:
        StoreError: The destination is the database itself, or cannot be written.
    """
    target = Path(destination)
    if target.exists() and target.samefile(database_path(db)):
        raise StoreError(f"backup {target}: this is the database itself; name another file")
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = sqlite3.connect(partial)
        try:
            with reading(db):
                # A copy made in steps begins again whenever another process writes: a busy crawl
                # would never let it end. Held open, a read transaction keeps one moment in view.
                db.conn.execute("BEGIN")
                try:
                    db.conn.execute("SELECT 1 FROM sqlite_master").fetchall()
                    db.conn.backup(copy, pages=-1)
                finally:
                    db.rollback()
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            copy.close()
        partial.replace(target)
    except sqlite3.Error as error:
        raise store_error(error, str(target)) from error
    except OSError as error:
        raise StoreError(f"backup {target}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # the folder may not even be there
            partial.unlink(missing_ok=True)
    return target.stat().st_size


def database_stats(db: Database) -> DatabaseStats:
    """The size of every table and its indexes.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        page_count, free_pages, page_size = (
            db.conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        owners = dict(
            db.conn.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type IN ('table', 'index')"
            ).fetchall()
        )
        data: dict[str, int] = {}
        indexes: dict[str, int] = {}
        for name, size in db.conn.execute(
            "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
        ).fetchall():
            owner = _index_of(owners.get(name, name))
            kind = indexes if name != owners.get(name, name) else data
            kind[owner] = kind.get(owner, 0) + size
        tables = [
            TableSize(name, _count(db, name), data.get(name, 0), indexes.get(name, 0))
            for name in sorted(data.keys() | indexes.keys())
        ]
    tables.sort(key=lambda table: -(table.data_bytes + table.index_bytes))
    return DatabaseStats(
        SCHEMA_VERSION, page_count * page_size, free_pages * page_size, tuple(tables)
    )


def _check_index(db: Database, table: str) -> str | None:
    try:
        # With rank 1 the index is compared with the articles as well; the second index covers only
        # part of them, so it is checked on its own.
        rank = 1 if table == "articles_fts" else 0
        db.conn.execute(
            f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', ?)", (rank,)
        )
    except sqlite3.DatabaseError as error:
        if "readonly" in str(error) or "read-only" in str(error):
            return None
        return (
            f"the index does not fit the articles; make it anew with `winnow db reindex` ({error})"
        )
    return None


def _index_of(table: str) -> str:
    """The full-text index a shadow table belongs to, else the table itself."""
    for index in sorted(_INDEXES, key=len, reverse=True):
        if table.startswith(index + "_"):
            return index
    return table


def _count(db: Database, table: str) -> int | None:
    if table in _INDEXES or table.startswith("sqlite_"):
        return None
    return db.table(table).count


def _file_bytes(db: Database) -> int:
    count, size = (
        db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return int(count * size)
