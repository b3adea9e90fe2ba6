"""Where articles come from: the sources of sources.toml, and archives that were read in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text

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
        return [SourceRow(**row) for row in db.table("sources").rows_where(order_by="name")]


def record_success(db: Database, source_id: int, at: datetime | None = None) -> None:
    """Note that a page of the source was fetched and read (`at` defaults to now)."""
    with transaction(db):
        db.conn.execute(
            "UPDATE sources SET last_success_at = max(coalesce(last_success_at, ''), ?) "
            "WHERE id = ?",
            (utc_text(at), source_id),
        )
