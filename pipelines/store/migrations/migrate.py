"""The schema as numbered steps: each runs once, in order, in one transaction with its record.

A step that has been released is never edited: what it made is in people's files. A change to the
schema is a new step at the end, plus its words in `schema`.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from pipelines.store.migrations import SCHEMA_VERSION
from pipelines.store.migrations.m0001_tables import create_first_schema
from pipelines.store.migrations.m0002_ingests import create_ingests
from pipelines.store.migrations.m0003_duplicate_keys import slim_duplicate_keys
from pipelines.store.migrations.m0004_page_sources import add_page_sources
from pipelines.store.migrations.m0005_visits import remember_visits
from pipelines.store.migrations.m0006_links import add_places_of_links
from pipelines.store.migrations.m0007_judgement import remember_judgement

migrations = Migrations("winnow")

migrations(name="0001_first_schema")(create_first_schema)
migrations(name="0002_ingests")(create_ingests)
migrations(name="0003_duplicate_keys")(slim_duplicate_keys)
migrations(name="0004_page_sources")(add_page_sources)
migrations(name="0005_visits")(remember_visits)
migrations(name="0006_links")(add_places_of_links)
migrations(name="0007_judgement")(remember_judgement)


def migrate(db: Database, *, application_id: int, stop_before: str | None = None) -> None:
    """Run the steps that are missing; two processes that open a new file at once do it once.

    Args:
        db: An open connection.
        application_id: What to mark a new file with.
        stop_before: Name of the first step not to run, for tests of later ones.

    Raises:
        sqlite3.Error: A step failed; the file is as it was.
    """
    version = db.conn.execute("PRAGMA user_version").fetchone()[0]
    if version >= SCHEMA_VERSION:
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db, stop_before=stop_before)
        db.conn.execute(f"PRAGMA application_id = {application_id:d}")
        db.conn.execute(f"PRAGMA user_version = {len(migrations.applied(db)):d}")
    except BaseException:
        db.rollback()
        raise
    db.conn.execute("COMMIT")
