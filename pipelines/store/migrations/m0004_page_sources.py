"""Step 4: which source a raw page was fetched for, so that each source can keep its own as long."""

from sqlite_utils import Database


def add_page_sources(db: Database) -> None:
    """`pages.source_id`, filled in from the articles and the frontier as far as they tell."""
    db.execute(
        "ALTER TABLE pages ADD COLUMN source_id INTEGER REFERENCES sources(id) ON DELETE SET NULL"
    )
    db.execute(
        "UPDATE pages SET source_id = coalesce("
        "(SELECT a.source_id FROM articles a WHERE a.page_hash = pages.hash LIMIT 1), "
        "(SELECT u.source_id FROM urls u WHERE u.url = pages.url))"
    )
    db.execute("CREATE INDEX idx_pages_source_id_fetched_at ON pages (source_id, fetched_at)")
