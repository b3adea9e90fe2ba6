"""Numbering the versions of an article anew, after some were taken from it or given to it."""

import sqlite3
from typing import Final

from pipelines.store.articles.revisions import diff_version, encode_changes

_OUT_OF_THE_WAY: Final = -1_000_000
"""Numbers no version has, while those of an article are given anew."""


def number_again(conn: sqlite3.Connection, article_id: int) -> int:
    """Number the versions of a row from 1, each with what the one after it changed.

    Inside the caller's transaction; of versions in a row that are alike one stays.

    Returns:
        The number of the version in `articles`.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    versions = conn.execute(
        "SELECT revision, seen_at, title, text, content_hash FROM revisions WHERE article_id = ? "
        "ORDER BY seen_at, abs(revision)",
        (article_id,),
    ).fetchall()
    newest = conn.execute(
        "SELECT changed_at, title, text, content_hash FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    kept: list[tuple[int, str, str | None, str, str]] = []
    for version in versions:
        if kept and kept[-1][4] == version[4]:  # the same text, which another story's parted
            _drop(conn, article_id, version[0])
        else:
            kept.append(version)
    if kept and kept[-1][4] == newest[3]:
        number, changed_at, *_ = kept.pop()
        _drop(conn, article_id, number)
        newest = (changed_at, *newest[1:])
    # Numbers are unique within an article: first out of the way, then each to its own.
    conn.executemany(
        "UPDATE revisions SET revision = ? WHERE article_id = ? AND revision = ?",
        [(_OUT_OF_THE_WAY - place, article_id, version[0]) for place, version in enumerate(kept)],
    )
    following = [*(version[1:4] for version in kept), newest[:3]][1:]
    for number, (version, after) in enumerate(zip(kept, following, strict=True), 1):
        changes = diff_version((version[2], version[3]), (after[1], after[2]))
        conn.execute(
            "UPDATE revisions SET revision = ?, replaced_at = ?, diff = ? "
            "WHERE article_id = ? AND revision = ?",
            (number, after[0], encode_changes(changes), article_id, _OUT_OF_THE_WAY + 1 - number),
        )
    conn.execute(
        "UPDATE articles SET revision = ?, changed_at = ?, first_seen_at = min(first_seen_at, ?) "
        "WHERE id = ?",
        (len(kept) + 1, newest[0], kept[0][1] if kept else newest[0], article_id),
    )
    return len(kept) + 1


def _drop(conn: sqlite3.Connection, article_id: int, number: int) -> None:
    conn.execute(
        "DELETE FROM revisions WHERE article_id = ? AND revision = ?", (article_id, number)
    )
