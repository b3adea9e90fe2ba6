"""Saving articles and loading them back."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

import orjson
import zstandard
from sqlite_utils import Database

from pipelines.store.articles.identity.article_urls import URN_PREFIX
from pipelines.store.articles.identity.same_article import find_by_address
from pipelines.store.articles.rows import (
    IN_COLUMNS,
    ArticleToSave,
    build_rows,
)
from pipelines.store.articles.write import SavedArticle, write_article
from pipelines.store.crawl.failures import save_failure
from pipelines.store.database.database import is_flat, reading, transaction
from pipelines.store.database.times import utc_text
from scraper.article import Article

# Faults of one article, as opposed to faults of the file or the disk.
_FAULTS_OF_AN_ARTICLE = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    ValueError,
)


def save_article(
    db: Database,
    article: Article,
    *,
    source_id: int | None = None,
    page_hash: str | None = None,
    seen_at: datetime | None = None,
    extractor_version: str | None = None,
) -> SavedArticle:
    """Insert or update one article with all its parts, in one transaction.

    It is the same article when its URL is one that an article was stored under before; when that
    is only so of its canonical URL, or of others that led to it, the texts must agree. Of an
    article whose title or text changed the older version goes to `revisions`; when it changed
    although the raw page is the same, extraction changed and not the article, and nothing goes
    there.

    Raises:
        StoreError: The database cannot be written, or not hold this article.

    Example:
        >>> from pipelines.store.database.database import open_database
        >>> db = open_database(":memory:")
        >>> save_article(db, Article(url="https://example.org/a", text="Rain.")).status
        'new'
        >>> save_article(db, Article(url="https://example.org/a", text="Rain.")).status
        'unchanged'
    """
    item = ArticleToSave(
        rows=build_rows(article),
        source_id=source_id,
        page_hash=page_hash,
        seen_at=seen_at,
        extractor_version=extractor_version,
    )
    with transaction(db):
        return write_article(db.conn, item)


def save_articles(db: Database, batch: Iterable[ArticleToSave]) -> list[SavedArticle | None]:
    """Save many articles in one transaction, each wholly or not at all.

    Returns:
        One entry an article, in order; None where the database cannot hold it: it then is a row
        in `failures`, stage ``store``, and the others are saved. In a flat transaction such an
        article raises what SQLite or Python say of it.

    Raises:
        StoreError: The database cannot be written; none of the batch is stored.
    """
    items = list(batch)
    with transaction(db):
        if is_flat():
            return [write_article(db.conn, item) for item in items]
        # At each savepoint the full-text index writes out what it has gathered, which doubles the
        # cost of an article: they are set one by one only when one of the articles is at fault.
        db.conn.execute("SAVEPOINT batch")
        try:
            saved: list[SavedArticle | None] = [write_article(db.conn, item) for item in items]
        except _FAULTS_OF_AN_ARTICLE:
            db.conn.execute("ROLLBACK TO SAVEPOINT batch")
            saved = [_save_or_note(db, item) for item in items]
        db.conn.execute("RELEASE SAVEPOINT batch")
    return saved


def _save_or_note(db: Database, item: ArticleToSave) -> SavedArticle | None:
    """Write one article, or a row in `failures`, inside the caller's transaction."""
    db.conn.execute("SAVEPOINT article")
    saved = None
    try:
        saved = write_article(db.conn, item)
    except _FAULTS_OF_AN_ARTICLE as error:
        db.conn.execute("ROLLBACK TO SAVEPOINT article")
        save_failure(db, item.rows.url, "store", type(error).__name__, str(error))
    db.conn.execute("RELEASE SAVEPOINT article")
    return saved


def touch_article(db: Database, url: str, seen_at: datetime | None = None) -> int | None:
    """Note that the article at `url` was seen again, unchanged; its id, None if there is none."""
    article_id = find_article(db, url)
    if article_id is not None:
        with transaction(db):
            db.conn.execute(
                "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE id = ?",
                (utc_text(seen_at), article_id),
            )
    return article_id


def find_article(db: Database, url: str) -> int | None:
    """The id of the article known under `url` (its own, its canonical or any other), or None."""
    with reading(db):
        return next(iter(find_by_address(db.conn, [url])), None)


def addresses_of(db: Database, url: str) -> list[str]:
    """The address itself, and all others of the article that is known there.

    Raises:
        StoreError: The database cannot be read.
    """
    article_id = find_article(db, url)
    with reading(db):
        rows = db.conn.execute(
            "SELECT url FROM articles WHERE id = ?1 "
            "UNION SELECT url FROM article_urls WHERE article_id = ?1",
            (article_id,),
        ).fetchall()
    return list(dict.fromkeys((url, *(row[0] for row in rows))))


def load_article(db: Database, url_or_id: str | int) -> Article | None:
    """The article as it was extracted, None when there is none under that URL or id.

    Raises:
        StoreError: The database cannot be read.
    """
    article_id = find_article(db, url_or_id) if isinstance(url_or_id, str) else url_or_id
    with reading(db):
        row = db.conn.execute(
            "SELECT a.url, a.title, a.description, a.text, a.markdown, b.record FROM articles a "
            "JOIN article_blocks b ON b.article_id = a.id WHERE a.id = ?",
            (article_id,),
        ).fetchone()
    if row is None:
        return None
    url, *texts, packed = row
    record = orjson.loads(zstandard.decompress(packed))
    record.update(zip(IN_COLUMNS, texts, strict=True))
    record["url"] = None if url.startswith(URN_PREFIX) else url
    return Article.from_dict(record)
