"""Step 3: the keys of copies in one tree instead of two.

The second one served nothing but deletion, and was half of what filing an article cost. A key whose
article is gone leads nowhere; `vacuum_database` sweeps such keys away.
"""

from sqlite_utils import Database


def slim_duplicate_keys(db: Database) -> None:
    """`duplicate_keys` without its reference and the index that needed."""
    db.execute(
        "CREATE TABLE duplicate_keys_new (band_key INTEGER NOT NULL, article_id INTEGER NOT NULL, "
        "PRIMARY KEY (band_key, article_id)) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO duplicate_keys_new (band_key, article_id) "
        "SELECT band_key, article_id FROM duplicate_keys ORDER BY band_key, article_id"
    )
    db.execute("DROP TABLE duplicate_keys")
    db.execute("ALTER TABLE duplicate_keys_new RENAME TO duplicate_keys")
