"""One article under several addresses: its AMP, mobile and print versions, its further pages."""

from datetime import datetime

from sqlite_utils import Database

from pipelines.store.articles.articles import find_article
from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text


def is_covered(db: Database, url_id: int) -> bool:
    """Whether a URL that was being fetched was meanwhile read along with another page.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute("SELECT state FROM urls WHERE id = ?", (url_id,)).fetchone()
    return row is not None and row[0] == "done"


def find_main_version(db: Database, meeting_url: str, url_id: int) -> int | None:
    """Id of the article stored under `meeting_url`, the address that its versions all name.

    None when there is no such article, or when it was never read from another URL than `url_id`.

    Raises:
        StoreError: The database cannot be read.
    """
    article_id = find_article(db, meeting_url)
    if article_id is None:
        return None
    with reading(db):
        row = db.conn.execute(
            "SELECT 1 FROM urls WHERE state = 'done' AND id <> ?1 AND url IN ("
            "SELECT url FROM articles WHERE id = ?2 "
            "UNION SELECT url FROM article_urls WHERE article_id = ?2)",
            (url_id, article_id),
        ).fetchone()
    return article_id if row is not None else None


def save_variant(db: Database, article_id: int, url: str, seen_at: datetime | None) -> None:
    """Note that `url` shows the article too; what the article says stays the main version's.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "INSERT INTO article_urls (url, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (url, article_id),
        )
        db.conn.execute(
            "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            (utc_text(seen_at), article_id),
        )
