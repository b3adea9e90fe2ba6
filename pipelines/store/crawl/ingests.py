"""How far each archive and file has been read, so that reading goes on and nothing comes twice."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlite_utils import Database

from pipelines.store.database.database import transaction
from pipelines.store.database.times import utc_text


@dataclass(frozen=True, slots=True)
class Ingest:
    """One row of `ingests`.

    Attributes:
        name: Path or URL of the file.
        version: Changes when the file does; its row then begins anew.
        next_offset: Byte of the file to go on at.
        next_record: Records to pass over there.
        is_finished: Whether all of it has been read.
    """

    id: int
    name: str
    version: str
    next_offset: int
    next_record: int
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestAdvance:
    """What one step forward through a file brought.

    Attributes:
        articles: New and changed ones.
        skipped: What was not wanted, or is no page; `reasons` counts it by a word each.
        failed: What was damaged or could not be read.
    """

    next_offset: int
    next_record: int
    pages: int = 0
    articles: int = 0
    skipped: int = 0
    failed: int = 0
    reasons: Mapping[str, int] | None = None


def start_ingest(
    db: Database, name: str, version: str, *, source_id: int | None = None, anew: bool = False
) -> Ingest:
    """Where to go on in a file: at its beginning when it is new, has changed, or `anew` says so.

    Raises:
        StoreError: The database cannot be written.
    """
    now = utc_text()
    with transaction(db):
        db.conn.execute(
            "INSERT INTO ingests (name, version, source_id, next_offset, next_record, pages, "
            "articles, skipped, failed, reasons, started_at, updated_at) "
            "VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 0, '{}', ?4, ?4) ON CONFLICT (name) DO UPDATE SET "
            "version = ?2, source_id = ?3, next_offset = 0, next_record = 0, pages = 0, "
            "articles = 0, skipped = 0, failed = 0, reasons = '{}', started_at = ?4, "
            "updated_at = ?4, finished_at = NULL WHERE version <> ?2 OR ?5",
            (name, version, source_id, now, anew),
        )
        row = db.conn.execute(
            "SELECT id, name, version, next_offset, next_record, finished_at IS NOT NULL "
            "FROM ingests WHERE name = ?",
            (name,),
        ).fetchone()
    ingest_id, name, version, offset, record, is_finished = row
    return Ingest(ingest_id, name, version, offset, record, bool(is_finished))


def advance_ingest(db: Database, ingest_id: int, step: IngestAdvance) -> None:
    """Note a step forward; to be called in the transaction that stores what it brought.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        (text,) = db.conn.execute(
            "SELECT reasons FROM ingests WHERE id = ?", (ingest_id,)
        ).fetchone()
        reasons: dict[str, int] = orjson.loads(text)
        for reason, count in (step.reasons or {}).items():
            reasons[reason] = reasons.get(reason, 0) + count
        db.conn.execute(
            "UPDATE ingests SET next_offset = ?, next_record = ?, pages = pages + ?, "
            "articles = articles + ?, skipped = skipped + ?, failed = failed + ?, reasons = ?, "
            "updated_at = ? WHERE id = ?",
            (
                step.next_offset,
                step.next_record,
                step.pages,
                step.articles,
                step.skipped,
                step.failed,
                orjson.dumps(reasons, option=orjson.OPT_SORT_KEYS).decode(),
                utc_text(),
                ingest_id,
            ),
        )


def finish_ingest(db: Database, ingest_id: int) -> None:
    """Note that all of a file has been read.

    Raises:
        StoreError: The database cannot be written.
    """
    now = utc_text()
    with transaction(db):
        db.conn.execute(
            "UPDATE ingests SET finished_at = ?, updated_at = ? WHERE id = ?", (now, now, ingest_id)
        )
