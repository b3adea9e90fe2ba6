"""How far each named export has got, so that the next one gives what came since."""

import sqlite3
from dataclasses import dataclass

from pipelines.store.database.database import Connected, database_path, reading, store_error
from pipelines.store.database.times import utc_text


@dataclass(frozen=True, slots=True)
class ExportCursor:
    """One row of `exports`: everything up to `change_id` was given out."""

    name: str
    change_id: int
    rows: int
    exported_at: str


def load_cursor(db: Connected, name: str) -> ExportCursor | None:
    """How far the export of that name has got; None when it never ran.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT name, change_id, rows, exported_at FROM exports WHERE name = ?", (name,)
        ).fetchone()
    return None if row is None else ExportCursor(*row)


def save_cursor(db: Connected, name: str, change_id: int, rows: int) -> None:
    """Note that everything up to `change_id` was given out under that name.

    Raises:
        StoreError: The database cannot be written.
    """
    try:
        db.conn.execute(
            "INSERT INTO exports (name, change_id, rows, exported_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET change_id = excluded.change_id, "
            "rows = excluded.rows, exported_at = excluded.exported_at",
            (name, change_id, rows, utc_text()),
        )
    except sqlite3.Error as error:
        raise store_error(error, database_path(db)) from error
