"""Raw pages, compressed and each content once, so that extraction can be run again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.store.database.database import Connected, reading, transaction
from pipelines.store.database.times import utc_text
from pipelines.store.pages.packing import PackedPage, pack_page, unpack_page
from pipelines.store.pages.pages_of_article import load_later_pages
from scraper.listing import Listing
from scraper.page import Page

if TYPE_CHECKING:
    from sqlite_utils import Database

# Others may write between one batch of deletions and the next.
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page with what the database knows about it.

    Attributes:
        hash: Its key in `pages`.
        page: As it was fetched; its URL is that of the article where there is one.
        article_id: The article read from it; None when none was.
        source_id: The source of that article.
        is_later: Whether it is a further page of an article that begins on another one.
        later: Where its article goes on; None when not all of these pages were kept.
        listing: What a feed or sitemap said of its story.
    """

    hash: str
    page: Page
    article_id: int | None
    source_id: int | None
    is_later: bool = False
    later: tuple[Page, ...] | None = ()
    listing: Listing | None = None


def save_page(db: Database, page: Page | PackedPage, *, source_id: int | None = None) -> str:
    """Keep a page, fetched for a source, unless its content is there already; its hash either way.

    Raises:
        StoreError: The database cannot be written.
    """
    packed = page if isinstance(page, PackedPage) else pack_page(page)
    with transaction(db):
        db.conn.execute(
            "INSERT INTO pages (hash, url, status, content_type, encoding, headers, size_bytes, "
            "fetched_at, body, source_id) VALUES (?, ?, ?, ?, 'zstd', ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (
                packed.hash,
                packed.url,
                packed.status,
                packed.content_type,
                packed.headers,
                packed.size_bytes,
                packed.fetched_at,
                packed.body,
                source_id,
            ),
        )
    return packed.hash


def iter_pages(db: Connected, *, source_id: int | None = None) -> Iterator[StoredPage]:
    """Every kept page, once for each article read from it; of one source when `source_id` is given.

    Pages are read in small batches, so that the caller may write while it goes through them.

    Raises:
        StoreError: The database cannot be read.
    """
    condition = "" if source_id is None else "AND a.source_id = :source"
    last = 0
    while True:
        with reading(db):
            rowids = db.conn.execute(
                "SELECT rowid FROM pages WHERE rowid > ? ORDER BY rowid LIMIT 64", (last,)
            ).fetchall()
            if not rowids:
                return
            rows = db.conn.execute(
                "SELECT p.hash, a.id, a.source_id, coalesce(a.url, p.url), p.status, p.headers, "
                "p.fetched_at, p.body, EXISTS (SELECT 1 FROM article_pages ap "
                "WHERE ap.page_hash = p.hash), "
                "(SELECT u.listing FROM urls u WHERE u.url = coalesce(a.url, p.url)) "
                "FROM pages p LEFT JOIN articles a ON a.page_hash = p.hash "
                f"WHERE p.rowid > :last AND p.rowid <= :end {condition} ORDER BY p.rowid, a.id",
                {"last": last, "end": rowids[-1][0], "source": source_id},
            ).fetchall()
            later = load_later_pages(db.conn, [row[1] for row in rows if row[1] is not None])
        last = rowids[-1][0]
        for page_hash, article_id, source, *rest, is_part, listing in rows:
            yield StoredPage(
                page_hash,
                unpack_page(*rest),
                article_id,
                source,
                is_later=bool(is_part) and article_id is None,
                later=later.get(article_id, ()),
                listing=Listing.from_json(listing),
            )


def count_pages(db: Database) -> int:
    """How many pages are kept."""
    with reading(db):
        return db.table("pages").count


def prune_pages(db: Database, before: datetime, *, source_id: int | None = None) -> int:
    """Forget pages fetched before a moment, and return how many.

    With `source_id`, only pages fetched for this source; one that articles of another source were
    read from as well is kept. What was read from them stays: they can be read again no more.

    Raises:
        StoreError: The database cannot be written.
    """
    condition = ""
    if source_id is not None:
        condition = (
            "AND source_id = :source AND NOT EXISTS (SELECT 1 FROM articles a "
            "WHERE a.page_hash = pages.hash AND a.source_id IS NOT :source) "
            "AND NOT EXISTS (SELECT 1 FROM article_pages ap JOIN articles a ON a.id = ap.article_id"
            " WHERE ap.page_hash = pages.hash AND a.source_id IS NOT :source)"
        )
    values = {"before": utc_text(before), "source": source_id, "most": _MOST_AT_ONCE}
    forgotten = 0
    while True:
        with transaction(db):
            count = db.conn.execute(
                "DELETE FROM pages WHERE rowid IN (SELECT rowid FROM pages "
                f"WHERE fetched_at < :before {condition} LIMIT :most)",
                values,
            ).rowcount
        forgotten += count
        if count < _MOST_AT_ONCE:
            return forgotten
