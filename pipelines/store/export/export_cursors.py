"""How far each named export has got, so that the next one gives what came since."""

from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text


@dataclass(frozen=True, slots=True)
class ExportCursor:
    """One row of `exports`: everything up to `change_id` was given out."""

    name: str
    change_id: int
    rows: int
    exported_at: str


def load_cursor(db: Database, name: str) -> ExportCursor | None:
    """How far the export of that name has got; None when it never ran.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT name, change_id, rows, exported_at FROM exports WHERE name = ?", (name,)
        ).fetchone()
    return None if row is None else ExportCursor(*row)


def save_cursor(db: Database, name: str, change_id: int, rows: int) -> None:
    """Note that everything up to `change_id` was given out under that name.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.table("exports").upsert(
            {"name": name, "change_id": change_id, "rows": rows, "exported_at": utc_text()},
            pk="name",
        )
