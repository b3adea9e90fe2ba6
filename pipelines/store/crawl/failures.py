"""Nothing that fails vanishes: each failure is a row."""

from datetime import datetime

from sqlite_utils import Database

from pipelines.store.database.database import transaction
from pipelines.store.database.times import utc_text

_LONGEST_MESSAGE_CHARS = 2000


def save_failure(
    db: Database,
    url: str,
    stage: str,
    error: str,
    message: str,
    *,
    crawl_id: int | None = None,
) -> int:
    """Add a failure and return its id; which frontier URL and source it belongs to is looked up.

    Args:
        db: An open database.
        url: Of the page; the name of a file where there is no URL.
        stage: Where it went wrong: ``fetch``, ``discover``, ``extract``, ``store`` …
        error: The kind of error: the name of its class.
        message: What it said.
        crawl_id: During which crawl; None for none.

    Raises:
        StoreError: The database cannot be written.
    """
    clean_url, clean_message = (
        text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        for text in (url, message)
    )
    with transaction(db):
        known = db.conn.execute(
            "SELECT id, source_id FROM urls WHERE url = ?", (clean_url,)
        ).fetchone()
        cursor = db.conn.execute(
            "INSERT INTO failures (url_id, source_id, crawl_id, url, stage, error, message, "
            "failed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(known or (None, None)),
                crawl_id,
                clean_url,
                stage,
                error,
                clean_message[:_LONGEST_MESSAGE_CHARS],
                utc_text(),
            ),
        )
        return int(cursor.lastrowid or 0)


def prune_failures(db: Database, before: datetime, *, source_id: int) -> int:
    """Forget failures of a source from before a moment, and return how many that were.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "DELETE FROM failures WHERE source_id = ? AND failed_at < ?",
            (source_id, utc_text(before)),
        ).rowcount
