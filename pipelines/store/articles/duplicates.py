"""Finding the article that another one copies, over the whole database.

Every article is filed under a few keys (`pipelines.store.articles.minhash`); looking up the keys of
a new one costs the same whether the database holds a thousand articles or a million, and however
many of them are copies of one text. Nothing is deleted: the copy keeps its row and names its
original in `duplicate_of`.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.store.articles.minhash import compare_shingles, find_shingles

# Articles that one is compared with. Copies of one agency report can be many; the original is among
# those that share the most keys.
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
    filed = _find_filed(conn, article_id, keys)
    if not filed:
        return None  # as most are nobody's copy, the shingles are made for the others only
    shared = Counter(filed)
    for other_id in sorted(shared, key=lambda other: (-shared[other], other))[:_MAX_COMPARED]:
        row = conn.execute(
            "SELECT duplicate_of, text FROM articles WHERE id = ?", (other_id,)
        ).fetchone()
        if row is None:
            continue  # a key may outlive its article
        if row[1] != text:  # most copies are word for word: those need no shingles either
            likeness = compare_shingles(_shingles_of(text), _shingles_of(row[1]))
            if not likeness.is_duplicate:
                continue
        return int(row[0] if row[0] is not None else other_id)
    return None


# What one article was compared with, the next one often is: the same report comes from many sites
# in the same hour. A few megabytes.
@lru_cache(maxsize=256)
def _shingles_of(text: str) -> NDArray[np.uint64]:
    return find_shingles(text)


def _find_filed(conn: sqlite3.Connection, article_id: int, keys: Sequence[int]) -> list[int]:
    """The older articles filed under the keys, once for each key they share."""
    marks, most = ", ".join("?" * len(keys)), len(keys) * _MAX_PER_KEY
    found = conn.execute(
        f"SELECT article_id FROM duplicate_keys WHERE band_key IN ({marks}) AND article_id < ? "
        "LIMIT ?",
        (*keys, article_id, most),
    ).fetchall()
    if len(found) == most:  # the first keys may have used up the limit of all
        found = [
            row
            for key in keys
            for row in conn.execute(
                "SELECT article_id FROM duplicate_keys WHERE band_key = ? AND article_id < ? "
                "ORDER BY article_id LIMIT ?",
                (key, article_id, _MAX_PER_KEY),
            )
        ]
    return [row[0] for row in found]
