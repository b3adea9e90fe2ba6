"""Step 6: what a page says about its links, and where in the text they stand."""

from sqlite_utils import Database


def add_places_of_links(db: Database) -> None:
    """`links.rel`, `links.block_kind` and `links.text_offset`.

    Rows of articles that were read before have none of these until the page is read again: they
    were made from the Markdown, which held addresses of pictures and few links.
    """
    db.execute("ALTER TABLE links ADD COLUMN rel TEXT")
    db.execute("ALTER TABLE links ADD COLUMN block_kind TEXT")
    db.execute("ALTER TABLE links ADD COLUMN text_offset INTEGER")
