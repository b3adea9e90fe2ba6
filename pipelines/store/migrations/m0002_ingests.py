"""Step 2: how far each archive has been read."""

from sqlite_utils import Database


def create_ingests(db: Database) -> None:
    """The table `ingests`."""
    db.execute(
        """
        CREATE TABLE ingests (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            version TEXT NOT NULL,
            source_id INTEGER REFERENCES sources(id),
            next_offset INTEGER NOT NULL,
            next_record INTEGER NOT NULL,
            pages INTEGER NOT NULL,
            articles INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            reasons TEXT NOT NULL,
            started_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            finished_at TEXT
        )
        """
    )
    db.execute("CREATE INDEX idx_ingests_source_id ON ingests (source_id)")
