"""A filter typed by a person, kept to what a filter is: an expression that only reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import ExportError
from pipelines.store.database.database import Connected

_CLOSING = {"'": "'", '"': '"', "`": "`", "[": "]"}
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_HARMFUL_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
)


def check_expression(text: str) -> None:
    """Refuse what is more than one expression: it must not close a bracket it did not open.

    What is inside the brackets is then up to SQLite's own parser, and to `only_reading`.

    Raises:
        ExportError: Empty, unbalanced brackets or quotes, or a semicolon.

    Example:
        >>> check_expression("title LIKE 'a;b' AND (word_count > 100)")
    """
    depth = index = 0
    if not text.strip():
        raise ExportError("the filter is empty; leave it out to get all rows")
    while index < len(text):
        character = text[index]
        if character in _CLOSING:
            index = text.find(_CLOSING[character], index + 1)
            if index < 0:
                raise ExportError(f"the filter {text!r} has a quote that is not closed")
        elif text.startswith(("--", "/*"), index):
            raise ExportError(f"the filter {text!r} has a comment; leave it out")
        elif character in {";", "\x00"}:
            raise ExportError(f"the filter {text!r} has more than one statement; one is enough")
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth < 0:
                break
        index += 1
    if depth:
        raise ExportError(f"the filter {text!r} has brackets that do not match")


@contextmanager
def only_reading(db: Connected) -> Iterator[None]:
    """A context in which this connection can do nothing but read."""
    # SQLite declares these to itself when they are first used, which counts as writing its schema.
    for function in ("json_each", "json_tree"):
        db.conn.execute(f"SELECT 1 FROM {function}('[]')").fetchall()
    db.conn.set_authorizer(_authorize)
    try:
        yield
    finally:
        db.conn.set_authorizer(None)


def _authorize(
    action: int,
    _first: str | None,
    second: str | None,
    _database: str | None,
    _trigger: str | None,
) -> int:
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _HARMFUL_FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
