"""Where articles come from: the sources of sources.toml, and archives that were read in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text

_KEPT_SHARE: Final = 0.98  # of what was counted before, so that the last fifty or so decide
_FEW_WRONG: Final = 10.0
_RIGHT_TO_WRONG: Final = 0.1

SourceKind = Literal["site", "archive", "demo"]
"""What a source is made as; one that was taken out, and whose articles stay, is ``removed``."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of `sources`; `last_success_at` is None until a page of it was fetched."""

    id: int
    name: str
    url: str | None
    kind: str
    added_at: str
    last_success_at: str | None


_SOURCE_COLUMNS: Final = ", ".join(SourceRow.__dataclass_fields__)


def save_source(
    db: Database, name: str, url: str | None = None, *, kind: SourceKind = "site"
) -> int:
    """The id of the source called `name`; it is added when new, else its URL and kind are updated.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        row = db.conn.execute(
            "INSERT INTO sources (name, url, kind, added_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET url = coalesce(excluded.url, url), "
            "kind = excluded.kind RETURNING id",
            (name, url, kind, utc_text()),
        ).fetchone()
    return int(row[0])


def load_sources(db: Database) -> list[SourceRow]:
    """All sources by name.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(f"SELECT {_SOURCE_COLUMNS} FROM sources ORDER BY name").fetchall()
    return [SourceRow(*row) for row in rows]


def record_success(db: Database, source_id: int, at: datetime | None = None) -> None:
    """Note that a page of the source was fetched and read (`at` defaults to now)."""
    with transaction(db):
        db.conn.execute(
            "UPDATE sources SET last_success_at = max(coalesce(last_success_at, ''), ?) "
            "WHERE id = ?",
            (utc_text(at), source_id),
        )


def note_settings(db: Database, source_id: int, fingerprint: str) -> bool:
    """Keep which settings a source's lists were read with; whether they were others before.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        row = db.conn.execute("SELECT settings FROM sources WHERE id = ?", (source_id,)).fetchone()
        before = None if row is None else row[0]
        if before == fingerprint:
            return False
        db.conn.execute("UPDATE sources SET settings = ? WHERE id = ?", (fingerprint, source_id))
    return before is not None


def note_change_date(db: Database, source_id: int, *, was_right: bool) -> None:
    """Count whether a story that a list called changed was found changed; the latest count most.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE sources SET dates_right = ?1 * dates_right + ?2, "
            "dates_wrong = ?1 * dates_wrong + ?3 WHERE id = ?4",
            (_KEPT_SHARE, int(was_right), int(not was_right), source_id),
        )


def believes_change_dates(db: Database, source_id: int) -> bool:
    """Whether what a source's lists call changed has often enough been so.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT dates_wrong >= ? AND dates_right < ? * dates_wrong FROM sources WHERE id = ?",
            (_FEW_WRONG, _RIGHT_TO_WRONG, source_id),
        ).fetchone()
    return not (row and row[0])
