"""Letting time pass for a database: everything it remembers becomes so much older."""

from datetime import timedelta

from sqlite_utils import Database

_OF_THE_PAGE = frozenset({"published_at", "modified_at"})


def let_pass(db: Database, **span: float) -> None:
    """Make each moment in the database as much older as `timedelta` is told."""
    seconds = -timedelta(**span).total_seconds()
    for table in db.table_names():
        for column in db.table(table).columns_dict:
            is_moment = column.endswith(("_at", "_until")) or column == "lastmod"
            if is_moment and column not in _OF_THE_PAGE and not table.startswith("_"):
                older = "strftime('%Y-%m-%dT%H:%M:%fZ', " + f"[{column}], '{seconds:+.0f} seconds')"
                db.execute(f"UPDATE [{table}] SET [{column}] = {older}")  # noqa: S608 - our own names
    db.conn.commit()
