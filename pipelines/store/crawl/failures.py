"""Nothing that fails vanishes: each failure is a row."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text

_LONGEST_MESSAGE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong.

    Attributes:
        stage: Where: ``fetch``, ``discover``, ``extract``, ``store`` …
        error: The kind of error: the name of its class.
        message: What it said.
    """

    url: str
    stage: str
    error: str
    message: str
    failed_at: str
    source: str | None


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


def iter_failures(
    db: Database, *, crawl_id: int | None = None, limit: int = -1
) -> Iterator[Failure]:
    """Failures, the newest first; of one crawl only when `crawl_id` is given."""
    condition = "" if crawl_id is None else "WHERE f.crawl_id = ?"
    with reading(db):
        rows = db.conn.execute(
            "SELECT f.url, f.stage, f.error, f.message, f.failed_at, s.name FROM failures f "
            f"LEFT JOIN sources s ON s.id = f.source_id {condition} ORDER BY f.id DESC LIMIT ?",
            (limit,) if crawl_id is None else (crawl_id, limit),
        ).fetchall()
    for row in rows:
        yield Failure(*row)
