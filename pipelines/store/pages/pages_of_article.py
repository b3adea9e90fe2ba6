"""The raw pages of an article that is spread over several, so that they can be joined again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.store.database.database import reading
from pipelines.store.pages.packing import unpack_page
from scraper.page import Page

if TYPE_CHECKING:
    from sqlite_utils import Database


def save_later_pages(conn: sqlite3.Connection, article_id: int, page_hashes: Sequence[str]) -> None:
    """Note which raw pages the article goes on, in order, in place of what was noted before."""
    conn.execute("DELETE FROM article_pages WHERE article_id = ?", (article_id,))
    conn.executemany(
        "INSERT INTO article_pages (article_id, position, page_hash) VALUES (?, ?, ?)",
        [(article_id, 2 + n, page) for n, page in enumerate(page_hashes)],
    )


def has_later_pages(conn: sqlite3.Connection, article_id: int, page_hashes: Sequence[str]) -> bool:
    """Whether these, in this order, are the raw pages that the stored article goes on."""
    rows = conn.execute(
        "SELECT page_hash FROM article_pages WHERE article_id = ? ORDER BY position", (article_id,)
    )
    return [row[0] for row in rows] == list(page_hashes)


def find_joined_article(db: Database, url: str) -> str | None:
    """The URL of the article that is spread over pages, of which `url` is a later one; else None.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT a.url FROM article_urls u JOIN articles a ON a.id = u.article_id "
            "WHERE u.url = ?1 AND a.url <> ?1 "
            "AND EXISTS (SELECT 1 FROM article_pages p WHERE p.article_id = a.id)",
            (url,),
        ).fetchone()
    return None if row is None else str(row[0])


def load_later_pages(
    conn: sqlite3.Connection, article_ids: Sequence[int]
) -> dict[int, tuple[Page, ...] | None]:
    """The further pages of those articles that have any; None for one that lacks a page."""
    found: dict[int, tuple[Page, ...] | None] = {}
    marks = ", ".join("?" * len(article_ids))
    rows = conn.execute(
        "SELECT ap.article_id, p.url, p.status, p.headers, p.fetched_at, p.body "
        "FROM article_pages ap LEFT JOIN pages p ON p.hash = ap.page_hash "
        f"WHERE ap.article_id IN ({marks}) ORDER BY ap.article_id, ap.position",
        tuple(article_ids),
    )
    for article_id, *page in rows:
        before = found.get(article_id, ())
        if before is None or page[-1] is None:
            found[article_id] = None
        else:
            found[article_id] = (*before, unpack_page(*page))
    return found
