"""Step 5: robots.txt outlives a crawl, and so do the further raw pages of an article."""

from sqlite_utils import Database


def remember_visits(db: Database) -> None:
    """`robots`, `article_pages`, and the few URLs articles are found on within reach."""
    db.execute(
        "CREATE TABLE robots (origin TEXT NOT NULL, body TEXT NOT NULL, "
        "fetched_at TEXT NOT NULL, PRIMARY KEY (origin)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX idx_robots_fetched_at ON robots (fetched_at)")
    db.execute(
        "CREATE TABLE article_pages ("
        "article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE, "
        "position INTEGER NOT NULL, page_hash TEXT NOT NULL, "
        "PRIMARY KEY (article_id, position)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX idx_article_pages_page_hash ON article_pages (page_hash)")
    # One in a thousand URLs is none of an article, and each crawl begins with those.
    db.execute("CREATE INDEX idx_urls_lists ON urls (source_id, kind) WHERE kind <> 'article'")
