"""Databases as each version of the schema left them, with rows in every table.

`versions/N.db.zst` is a file of schema N. When a step is added to the migrations, run

    python -m tests.pipelines.store.old_versions

once, before people have files of the new version: it writes the file for the new version and
touches none that is there.
"""

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import zstandard
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import APPLICATION_ID
from pipelines.store.migrations import SCHEMA_VERSION
from pipelines.store.migrations.migrate import migrate, migrations
from scraper.article import Article, FaqEntry
from scraper.blocks import Figure, Heading, ListBlock, ListItem, Paragraph, Quote, Table

VERSIONS = Path(__file__).parent / "versions"
_TIME = "2026-03-04T08:30:00.000Z"
_LONG = " ".join(f"{n} boats left the harbour of Alder Bay on day {n}," for n in range(20))

ARTICLE = Article(
    url="https://harbour.example/news/ferry",
    title="Ferry line returns",
    description="Two boats a day.",
    authors=("Mira Olsdotter", "Tom Akintola"),
    tags=("ferry", "council"),
    language="en",
    published_at="2026-03-04T08:30:00Z",
    text=f"The council of Malmö voted again.\n{_LONG}",
    markdown="The council voted on [Tuesday](https://harbour.example/tuesday).",
    blocks=(
        Heading(2, "What changes"),
        Paragraph("Much."),
        ListBlock(True, (ListItem("Morning"), ListItem("Evening"))),
        Quote("We waited long enough."),
        Table((("line", "fare"), ("north", "4")), "Fares"),
        Figure("https://harbour.example/i/1.jpg", "A boat", "The old boat"),
    ),
    faq=(FaqEntry("When does it start?", "In May.", "html"),),
    confidence=0.9,
)
COPY = Article(url="https://copy.example/ferry", title="Ferry", text=ARTICLE.text + " Copied.")
JAPANESE = Article(url="https://harbour.example/3", title="東京で洪水", text="昨夜、大雨でした。")

_OF_ALL = {"source_id": 1, "crawl_id": 1, "url_id": 1}
_ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "sources",
        {"name": "harbour", "url": "https://harbour.example/", "kind": "site", "added_at": _TIME},
    ),
    ("crawls", {"started_at": _TIME, "fetched": 3}),
    (
        "urls",
        {
            "url": "https://harbour.example/news/ferry",
            "source_id": 1,
            "host": "harbour.example",
            "kind": "article",
            "depth": 1,
            "priority": 0,
            "state": "due",
            "attempts": 0,
            "added_at": _TIME,
        },
    ),
    ("hosts", {"host": "harbour.example", "failures_in_a_row": 2, "backoff_until": _TIME}),
    ("fetches", {**_OF_ALL, "fetched_at": _TIME, "status": 200, "bytes": 900, "elapsed_ms": 12}),
    (
        "pages",
        {
            "hash": "page of the article",
            "url": "https://harbour.example/old",
            "status": 200,
            "encoding": "zstd",
            "headers": "{}",
            "size_bytes": 4,
            "fetched_at": _TIME,
            "body": zstandard.compress(b"rain"),
        },
    ),
    (
        "failures",
        {
            **_OF_ALL,
            "url": "https://harbour.example/x",
            "stage": "fetch",
            "error": "FetchTimeoutError",
            "message": "20 s",
            "failed_at": _TIME,
        },
    ),
    ("sites", {"site": "harbour.example", "articles_count": 4, "updated_at": _TIME}),
    (
        "site_blocks",
        {
            "site": "harbour.example",
            "fingerprint": -7,
            "articles_count": 4,
            "last_seen_at": _TIME,
        },
    ),
    ("exports", {"name": "nightly", "change_id": 1, "rows": 1, "exported_at": _TIME}),
)
_ROWS_OF_VISITS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "robots",
        {
            "origin": "https://harbour.example",
            "body": "User-agent: *\nDisallow: /boats/\n",
            "fetched_at": _TIME,
        },
    ),
    ("article_pages", {"article_id": 1, "position": 2, "page_hash": "page of the article"}),
)
_ROWS_OF_JUDGEMENT: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "suspect_versions",
        {
            "url_id": 1,
            "source_id": 1,
            "article_id": 1,
            "url": "https://harbour.example/news/ferry",
            "host": "harbour.example",
            "reason": "wall",
            "message": "the page asks for consent",
            "text": "Before you go on",
            "content_hash": "a wall",
            "visits": 2,
            "first_seen_at": _TIME,
            "last_seen_at": _TIME,
            "outcome": "open",
        },
    ),
    (
        "comments",
        {
            "article_id": 1,
            "position": 0,
            "depth": 0,
            "author": "Pell",
            "published_at": _TIME,
            "text": "At last.",
        },
    ),
    (
        "entries",
        {
            "article_id": 1,
            "position": 0,
            "published_at": _TIME,
            "heading": "Noon",
            "author": "Pell",
            "text": "The boat is in.",
        },
    ),
    (
        "fetch_days",
        {
            "source_id": 1,
            "day": "2026-01-04",
            "status": 200,
            "requests": 7,
            "failed": 0,
            "bytes": 6300,
            "elapsed_ms": 84,
        },
    ),
)
_ROW_OF_LINKS = {
    "article_id": 1,
    "position": 0,
    "url": "https://harbour.example/tuesday",
    "text": "Much",
    "rel": "nofollow",
    "block_kind": "paragraph",
    "text_offset": 17,
}
_ROW_OF_INGESTS = {
    "name": "a.warc",
    "version": "1",
    "source_id": 1,
    "next_offset": 90,
    "next_record": 2,
    "pages": 3,
    "articles": 1,
    "skipped": 1,
    "failed": 1,
    "reasons": "{}",
    "started_at": _TIME,
    "updated_at": _TIME,
}


def write_version(version: int, path: Path) -> None:
    """A database of that version of the schema at `path`, with rows in every table."""
    db = Database(sqlite3.connect(path, isolation_level=None))
    names = [migration.name for migration in migrations.pending(db)]
    later = names[version] if version < len(names) else None
    migrate(db, application_id=APPLICATION_ID, stop_before=later)
    for table, row in _ROWS:
        db.table(table).insert(row)
    if version > 1:
        db.table("ingests").insert(_ROW_OF_INGESTS)
    if version > 3:
        db.table("pages").update("page of the article", {"source_id": 1})
    first = Article(url=ARTICLE.url, title="Ferry line", text="The council voted.")
    save_article(db, first, source_id=1)
    save_article(db, ARTICLE, source_id=1, page_hash="page of the article")
    save_article(db, COPY)
    save_article(db, JAPANESE)
    if version > 5:
        db.table("links").insert(_ROW_OF_LINKS)
    if version > 6:
        for table, row in _ROWS_OF_JUDGEMENT:
            db.table(table).insert(row)
    if version > 4:
        for table, row in _ROWS_OF_VISITS:
            db.table(table).insert(row)
    db.table("article_urls").insert({"url": "https://harbour.example/amp", "article_id": 1})
    db.conn.execute("PRAGMA journal_mode = DELETE").fetchall()
    db.close()


def read_version(version: int, path: Path) -> None:
    """Put the database of that version at `path`."""
    path.write_bytes(zstandard.decompress((VERSIONS / f"{version}.db.zst").read_bytes()))


if __name__ == "__main__":
    VERSIONS.mkdir(exist_ok=True)
    for number in range(1, SCHEMA_VERSION + 1):
        target = VERSIONS / f"{number}.db.zst"
        if not target.exists():
            with tempfile.TemporaryDirectory() as folder:
                write_version(number, Path(folder) / "a.db")
                target.write_bytes(zstandard.compress((Path(folder) / "a.db").read_bytes(), 19))
            print(f"wrote {target}")
