"""Joining rows that turn out to be one story: an address of one leads to that of the other."""

import sqlite3
from typing import Final

_APART: Final = 1_000_000
"""Added to the numbers of versions that come to a row, until all are numbered anew."""


def join_rows(conn: sqlite3.Connection, kept: int, joined: int) -> None:
    """Give the row `kept` all versions and addresses of `joined`, which is deleted.

    Inside the caller's transaction. The version in `articles` stays that of `kept`; once the page
    that led here is stored, `number_again` puts all of them in order.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    conn.execute(
        "UPDATE revisions SET article_id = ?1, revision = revision + ?3 WHERE article_id = ?2",
        (kept, joined, _APART),
    )
    conn.execute(
        "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, title, text, "
        "content_hash, diff) SELECT ?1, revision + ?3, changed_at, changed_at, title, text, "
        "content_hash, '[]' FROM articles WHERE id = ?2",
        (kept, joined, _APART),
    )
    conn.execute("UPDATE suspect_versions SET article_id = ? WHERE article_id = ?", (kept, joined))
    conn.execute(
        "UPDATE articles SET duplicate_of = NULL WHERE id = ?1 AND duplicate_of = ?2",
        (kept, joined),
    )
    conn.execute("UPDATE articles SET duplicate_of = ?1 WHERE duplicate_of = ?2", (kept, joined))
    conn.execute("UPDATE article_urls SET article_id = ? WHERE article_id = ?", (kept, joined))
    conn.execute(
        "INSERT OR IGNORE INTO article_urls (url, article_id) "
        "SELECT url, ? FROM articles WHERE id = ?",
        (kept, joined),
    )
    conn.execute("DELETE FROM articles WHERE id = ?", (joined,))


def move_row(conn: sqlite3.Connection, article_id: int, old_url: str, new_url: str) -> None:
    """Put a row under the address its story has moved to; the old one stays one of its addresses.

    Nothing happens where another row has that address.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    moved = conn.execute(
        "UPDATE articles SET url = ?1 WHERE id = ?2 "
        "AND NOT EXISTS (SELECT 1 FROM articles WHERE url = ?1)",
        (new_url, article_id),
    ).rowcount
    if moved:
        conn.execute(
            "INSERT INTO article_urls (url, article_id) VALUES (?1, ?2) "
            "ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id",
            (old_url, article_id),
        )
        conn.execute(
            "DELETE FROM article_urls WHERE url = ? AND article_id = ?", (new_url, article_id)
        )
