"""Finding the article that another one copies, over the whole database.

Every article is filed under a few keys (`pipelines.duplicates`); looking up the keys of a new one
costs the same whether the database holds a thousand articles or a million, and however many of them
are copies of one text. Nothing is deleted: the copy keeps its row and names its original in
`duplicate_of`.
"""

import sqlite3
from collections.abc import Sequence
from functools import cache

from pipelines.duplicates import compare_shingles, find_shingles

# Copies of one agency report can be many; the original is among those that share the most keys.
_MAX_COMPARED = 8
# Of those filed under one key so many are looked at, the oldest: a notice that a thousand pages
# carry instead of their text must not make the next one slow.
_MAX_PER_KEY = 32


def link_duplicate(
    conn: sqlite3.Connection, article_id: int, keys: Sequence[int], text: str
) -> int | None:
    """File an article and note which older article it copies, inside the caller's transaction.

    Args:
        conn: The connection whose transaction this is part of.
        article_id: Its row in `articles`.
        keys: From `find_band_keys` of its text; nothing happens without any.
        text: Its main content.

    Returns:
        The id of the original, never itself a copy; None when the article is nobody's copy.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    if not keys:
        return None
    original = _find_original(conn, article_id, keys, text)
    if original is not None:
        conn.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (original, article_id))
    # Keys of an earlier version stay: they cost a comparison at most, and find copies of it.
    conn.executemany(
        "INSERT OR IGNORE INTO duplicate_keys (band_key, article_id) VALUES (?, ?)",
        [(key, article_id) for key in sorted(keys)],  # in the order of the tree
    )
    return original


def _find_original(
    conn: sqlite3.Connection, article_id: int, keys: Sequence[int], text: str
) -> int | None:
    candidates = conn.execute(
        f"SELECT a.id, a.duplicate_of, a.text FROM (SELECT article_id, count(*) AS shared FROM "
        f"({_filed_under(len(keys))}) GROUP BY article_id "
        "ORDER BY shared DESC, article_id LIMIT ?) AS found "
        "JOIN articles a ON a.id = found.article_id",
        (*(value for key in keys for value in (key, article_id)), _MAX_COMPARED),
    ).fetchall()
    if not candidates:
        return None  # as most are nobody's copy, the shingles are made for the others only
    own = find_shingles(text)
    for other_id, original, other_text in candidates:
        if compare_shingles(own, find_shingles(other_text)).is_duplicate:
            return int(original if original is not None else other_id)
    return None


@cache
def _filed_under(count: int) -> str:
    """Everything filed under any of `count` keys; the parameters are a key and an id for each."""
    one = (
        "SELECT * FROM (SELECT article_id FROM duplicate_keys WHERE band_key = ? "
        f"AND article_id < ? ORDER BY article_id LIMIT {_MAX_PER_KEY})"
    )
    return " UNION ALL ".join([one] * count)
