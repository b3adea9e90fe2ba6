"""What recurs across a site's articles: per site, in how many articles each block was seen.

Extraction names blocks by fingerprints of 16 hexadecimal digits (`scraper.sites.learned`); here
they are kept as the 64-bit integers they stand for, and counted. Sites are named as
`scraper.urls.web_urls.site_of` does; rows of older versions, which named hosts, stay as they are.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import utc_text
from scraper.sites.learned import KnownBlocks


def add_site_blocks(db: Database, site: str, fingerprints: Iterable[str]) -> None:
    """Count the blocks of one more article of a site, each once however often it is in it.

    Call it once an article (when saving says ``new``): an article counted at every crawl would make
    its own paragraphs look like boilerplate. With every hundredth article all counts of the site
    are halved: what the site has given up is forgotten slowly, what was seen once is forgotten, and
    no site takes more rows than its last articles have blocks.

    Raises:
        StoreError: The database cannot be written.
    """
    now = utc_text()
    with transaction(db):
        db.conn.execute(
            "INSERT INTO sites (site, articles_count, updated_at) VALUES (?, 1, ?) "
            "ON CONFLICT (site) DO UPDATE SET articles_count = articles_count + 1, "
            "updated_at = excluded.updated_at",
            (site, now),
        )
        db.conn.executemany(
            "INSERT INTO site_blocks (site, fingerprint, articles_count, last_seen_at) "
            "VALUES (?, ?, 1, ?) ON CONFLICT (site, fingerprint) DO UPDATE SET "
            "articles_count = articles_count + 1, last_seen_at = excluded.last_seen_at",
            [(site, _signed(fingerprint), now) for fingerprint in sorted(set(fingerprints))],
        )
        halved = db.conn.execute(
            "UPDATE sites SET articles_count = articles_count / 2 "
            "WHERE site = ? AND articles_count >= ?",
            (site, _MOST_ARTICLES),
        )
        if halved.rowcount:
            db.conn.execute(
                "UPDATE site_blocks SET articles_count = articles_count / 2 WHERE site = ?", (site,)
            )
            db.conn.execute(
                "DELETE FROM site_blocks WHERE site = ? AND articles_count = 0", (site,)
            )


def load_known_blocks(db: Database, site: str, *, at_least: int | None = None) -> KnownBlocks:
    """The blocks seen in at least so many articles of a site; empty for one that is not known.

    Left out, `at_least` is a quarter of the articles and three or more: nothing rarer matters.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute("SELECT articles_count FROM sites WHERE site = ?", (site,)).fetchone()
        least = max(3, row[0] // 4 if row else 0) if at_least is None else at_least
        blocks = db.conn.execute(
            "SELECT fingerprint, articles_count FROM site_blocks "
            "WHERE site = ? AND articles_count >= ?",
            (site, least),
        ).fetchall()
    counts = {f"{fingerprint & _MASK:016x}": count for fingerprint, count in blocks}
    return KnownBlocks(pages=row[0] if row else 0, counts=counts)


def prune_site_blocks(db: Database, before: datetime, *, fewer_than: int = 2) -> int:
    """Forget blocks in fewer articles than that, last seen before a moment; how many that were.

    Most paragraphs are in one article only: they need not be kept for long to know that.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "DELETE FROM site_blocks WHERE articles_count < ? AND last_seen_at < ?",
            (fewer_than, utc_text(before)),
        ).rowcount


_MASK = (1 << 64) - 1
_MOST_ARTICLES = 100


def _signed(fingerprint: str) -> int:
    """16 hexadecimal digits as the signed integer SQLite holds."""
    number = int(fingerprint, 16)
    return number - (1 << 64) if number >> 63 else number
