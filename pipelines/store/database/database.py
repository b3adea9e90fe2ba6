"""Opening the database, and the transactions everything else is written in.

sqlite-utils is loaded by what opens a database to write. It loads numpy and, where that is
installed, pandas, for types of column nobody here has: longer than `winnow search` takes for all
its work. What only asks opens with `open_to_read`, which does without.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from pipelines.errors import StoreError
from pipelines.store.migrations import SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x57494E4E
"""`PRAGMA application_id` of our files, "WINN" in ASCII; `file` and we know them by it."""

# A crawl holds the lock for moments; what keeps it for longer than this is another program's long
# write, and the error says so.
_BUSY_TIMEOUT_MS = 30_000
_SQLITE_HEADER = b"SQLite format 3\x00"
_flat: ContextVar[bool] = ContextVar("winnow_flat_transaction", default=False)


class Connected(Protocol):
    """An open database for those who only ask: a `ReadOnlyDatabase`, or one of sqlite-utils."""

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection to it."""


@dataclass(frozen=True, slots=True)
class ReadOnlyDatabase:
    """A database that can be asked and not written to."""

    conn: sqlite3.Connection

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()


def open_to_read(path: str | Path) -> ReadOnlyDatabase:
    """The database file at `path`, for questions only; one of an older schema is migrated first.

    Raises:
        StoreError: As `open_database` does; a file that is not there is not made.
    """
    location = str(path)
    _check_file(Path(path), create=False)
    try:
        # Not in SQLite's mode "ro": that leaves the empty files of the write-ahead log behind.
        database = ReadOnlyDatabase(_connect(location, read_only=False))
        try:
            _set_pragmas(database, read_only=True)
            _check_ours(database, location)
            version = _schema_version(database)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        raise store_error(error, location) from error
    if version < SCHEMA_VERSION:
        database.close()
        open_database(path, create=False).close()
        return open_to_read(path)
    return database


def open_database(path: str | Path, *, create: bool = True, read_only: bool = False) -> Database:
    """The database at `path`, brought to today's schema, ready to read and write.

    One connection is for one thread at a time; other processes may read and write beside it
    (write-ahead log). Nothing is committed implicitly: writes go through `transaction`.

    Args:
        path: The file; ``:memory:`` for a database that lives as long as the connection.
        create: Whether to make the file, and its folder, when there is none.
        read_only: Whether every write must fail; needs a file with today's schema.

    Raises:
        StoreError: There is no such file (and `create` is False), it is no SQLite database, not
            one of ours, written by a newer version, damaged, or may not be written to.

    Example:
        >>> db = open_database(":memory:")
        >>> db["articles"].count
        0
    """
    from sqlite_utils import Database  # noqa: PLC0415 - see the module's docstring

    from pipelines.store.migrations.migrate import migrate  # noqa: PLC0415 - as above

    location = str(path)
    if location != ":memory:":
        _check_file(Path(path), create=create and not read_only)
    try:
        connection = _connect(location, read_only=read_only)
    except sqlite3.Error as error:
        raise store_error(error, location) from error
    try:
        db = Database(connection)
        _set_pragmas(db, read_only=read_only)
        _check_ours(db, location)
        if read_only:
            _check_current(db, location)
        else:
            # A restored backup is not in this mode. `enable_wal` does the same in a context that
            # speaks up when Ctrl-C comes and the connection is closed before it ends.
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            migrate(db, application_id=APPLICATION_ID)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(error, location) from error
    except BaseException:
        connection.close()
        raise
    return db


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """A context whose writes are all stored or none; inside of another one, a savepoint of it.

    The outermost one takes the write lock at once (BEGIN IMMEDIATE): a transaction that starts by
    reading and then writes could fail where waiting would have done.

    Raises:
        StoreError: The disk is full, the file is damaged, locked for too long or not writable.
    """
    try:
        if db.conn.in_transaction:
            if is_flat():
                yield
                return
            with db.atomic():
                yield
            return
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            db.rollback()
            raise
        try:
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    except sqlite3.Error as error:
        raise store_error(error, database_path(db)) from error


@contextmanager
def flat_transaction(db: Database) -> Iterator[None]:
    """A transaction in which those inside open no savepoints: whatever raises undoes all of it.

    At each savepoint the full-text index writes out what it has gathered, which doubles the cost of
    an article. Whoever needs to know which of many writes is at fault does them again in an
    ordinary transaction.

    Raises:
        StoreError: As `transaction` does.
    """
    with transaction(db):
        token = _flat.set(True)
        try:
            yield
        finally:
            _flat.reset(token)


def is_flat() -> bool:
    """Whether the transaction that is open is undone as a whole when anything inside raises."""
    return _flat.get()


@contextmanager
def reading(db: Connected) -> Iterator[None]:
    """A context for reads, in which an error of SQLite becomes a StoreError.

    Raises:
        StoreError: The file is damaged, locked for too long, or not readable.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error, database_path(db)) from error


def database_path(db: Connected) -> str:
    """The file of an open database; ``:memory:`` when it has none."""
    row = db.conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    return (row and row[0]) or ":memory:"


def store_error(error: sqlite3.Error, location: str) -> StoreError:
    """What SQLite reports, as one line that says what to do about it."""
    name = getattr(error, "sqlite_errorname", None) or ""
    advice = (
        (
            "SQLITE_FULL",
            "the disk is full; free some space and run the command again, "
            "nothing already stored is lost",
        ),
        (
            "SQLITE_CORRUPT",
            "the file is damaged; restore a backup, or save what is left with "
            "`sqlite3 FILE .recover`",
        ),
        ("SQLITE_NOTADB", "this is not a SQLite database, or it is damaged; name another file"),
        (
            "SQLITE_READONLY",
            "it may only be read; check the permissions of the file and its folder",
        ),
        ("SQLITE_CANTOPEN", "it cannot be opened; check that the folder exists and may be written"),
        (
            "SQLITE_BUSY",
            "another program has kept it locked for "
            f"{_BUSY_TIMEOUT_MS // 1000} seconds; try again when that one is done",
        ),
        ("SQLITE_IOERR", "the disk reports an error; check its health and free space"),
    )
    for prefix, words in advice:
        if name.startswith(prefix):
            return StoreError(f"database {location}: {words} ({error})")
    return StoreError(f"database {location}: {error}")


def _check_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"database {path}: this is a folder; name a file in it")
        if path.exists():
            with path.open("rb") as file:
                header = file.read(len(_SQLITE_HEADER))
            # An empty file is what SQLite makes first; a database is born in it.
            if header and header != _SQLITE_HEADER:
                raise StoreError(
                    f"database {path}: this is not a SQLite database; name another file"
                )
            if not header and not create:
                raise StoreError(f"database {path}: there is nothing in it; a crawl fills it")
        elif create:
            path.parent.mkdir(parents=True, exist_ok=True)
        else:
            raise StoreError(f"database {path}: there is no such file; a crawl makes one")
    except OSError as error:
        raise StoreError(f"database {path}: {error.strerror or error}") from error


def _connect(location: str, *, read_only: bool) -> sqlite3.Connection:
    # isolation_level None: the driver opens no transaction behind our back.
    # check_same_thread False: a crawl hands its connection to the one thread that writes.
    name, uri = location, False
    if read_only and location != ":memory:":
        name, uri = f"file:{quote(str(Path(location).absolute()))}?mode=ro", True
    return sqlite3.connect(
        name,
        uri=uri,
        timeout=_BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )


def _set_pragmas(db: Connected, *, read_only: bool) -> None:
    pragma = db.conn.execute
    pragma("PRAGMA foreign_keys = ON")
    # 16 MiB hold the upper levels of every index; with four times as much, articles are added to a
    # million others no sooner.
    pragma("PRAGMA cache_size = -16384")
    pragma("PRAGMA temp_store = MEMORY")
    if read_only:
        pragma("PRAGMA query_only = ON")
        return
    # In WAL mode NORMAL loses at most the last transactions when the power fails, never the file.
    pragma("PRAGMA synchronous = NORMAL")
    pragma("PRAGMA journal_size_limit = 67108864")  # the log shrinks again after a large write
    pragma("PRAGMA secure_delete = OFF")  # news is no secret; overwriting freed pages costs writes


def _check_ours(db: Connected, location: str) -> None:
    application_id = db.conn.execute("PRAGMA application_id").fetchone()[0]
    version = _schema_version(db)
    if application_id != APPLICATION_ID:
        # Another process may be giving birth to the file this very moment: it is empty until then.
        is_empty = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if application_id or version or not is_empty:
            raise StoreError(
                f"database {location}: this SQLite database was not made by winnow; "
                "name another file, so that nothing in it is touched"
            )
    elif version > SCHEMA_VERSION:
        raise StoreError(
            f"database {location}: it was written by a newer winnow (schema {version}, this one "
            f"knows {SCHEMA_VERSION}); upgrade winnow"
        )


def _check_current(db: Connected, location: str) -> None:
    version = _schema_version(db)
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"database {location}: its schema is {version}, this winnow reads {SCHEMA_VERSION}; "
            "any command that writes brings it up to date"
        )


def _schema_version(db: Connected) -> int:
    version: int = db.conn.execute("PRAGMA user_version").fetchone()[0]
    return version
