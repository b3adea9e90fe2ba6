"""Finding the article that another one copies, over the whole database.

Every article is filed under a few keys (`pipelines.duplicates`); looking up the keys of a new one
costs the same whether the database holds a thousand articles or a million. Nothing is deleted: the
copy keeps its row and names its original in `duplicate_of`.
"""

import sqlite3
from collections.abc import Sequence

from pipelines.duplicates import compare_shingles, find_shingles

# Copies of one agency report can be many; the original is among those that share the most keys.
_MAX_COMPARED = 8


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
        [(key, article_id) for key in keys],
    )
    return original


def _find_original(
    conn: sqlite3.Connection, article_id: int, keys: Sequence[int], text: str
) -> int | None:
    marks = ", ".join("?" * len(keys))
    candidates = conn.execute(
        f"SELECT a.id, a.duplicate_of, a.text FROM (SELECT article_id, count(*) AS shared "
        f"FROM duplicate_keys WHERE band_key IN ({marks}) AND article_id < ? "
        "GROUP BY article_id ORDER BY shared DESC, article_id LIMIT ?) AS found "
        "JOIN articles a ON a.id = found.article_id",
        (*keys, article_id, _MAX_COMPARED),
    )
    own = find_shingles(text)
    for other_id, original, other_text in candidates:
        if compare_shingles(own, find_shingles(other_text)).is_duplicate:
            return int(original if original is not None else other_id)
    return None
