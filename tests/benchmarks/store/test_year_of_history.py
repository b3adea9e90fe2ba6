"""How large the history of requests grows: a year of five hundred sources, kept as a crawl does.

    pytest tests/benchmarks/store/test_year_of_history.py -s

Four crawls a day of ten requests each; one in fifty fails. Every tenth source is filled, and what
comes of it is told for all of them.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from pipelines.retention import forget_old_history
from pipelines.settings import SourceDefaults
from pipelines.store.crawl.crawls import start_crawl
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.database.times import utc_text
from pipelines.store.frontier.urls import NewUrl, add_urls

_SOURCES: Final = 50
_SCALE: Final = 10
_REQUESTS_A_DAY: Final = 40
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MEGABYTE: Final = 1_000_000


def test_history_grows_for_weeks_and_then_stays_as_it_is(tmp_path: Path) -> None:
    db = open_database(tmp_path / "year.db")
    sources = {save_source(db, f"s{n}"): SourceDefaults() for n in range(_SOURCES)}
    for source_id in sources:
        host = f"https://s{source_id}.example"
        add_urls(db, source_id, [NewUrl(url=f"{host}/{n}") for n in range(_REQUESTS_A_DAY)])
    crawl_id = start_crawl(db)
    sizes = []
    for day in range(365):
        now = _START + timedelta(days=day)
        _add_day(db, crawl_id, now)
        forget_old_history(db, sources, now)
        if day % 30 == 29:
            sizes.append(_used_bytes(db) * _SCALE)
    db.close()
    print()
    for month, size in enumerate(sizes, 1):
        print(f"after {month:2} months {size / _MEGABYTE:8.0f} MB for {_SOURCES * _SCALE} sources")
    assert sizes[-1] < 1.35 * sizes[2]


def _add_day(db: Database, crawl_id: int, day: datetime) -> None:
    urls = db.conn.execute("SELECT id, source_id FROM urls").fetchall()
    rows = [
        (
            url_id,
            crawl_id,
            source_id,
            utc_text(day + timedelta(minutes=36 * (url_id % _REQUESTS_A_DAY))),
            500 if url_id % 50 == 0 else (304 if url_id % 2 else 200),
            18_000,
            240,
            "HTTP 500" if url_id % 50 == 0 else None,
        )
        for url_id, source_id in urls
    ]
    db.conn.executemany(
        "INSERT INTO fetches (url_id, crawl_id, source_id, fetched_at, status, bytes, elapsed_ms, "
        "error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    failures = [(row[3], row[2], f"https://x.example/{row[0]}") for row in rows if row[7]]
    db.conn.executemany(
        "INSERT INTO failures (failed_at, source_id, url, stage, error, message) "
        "VALUES (?, ?, ?, 'fetch', 'StatusError', 'HTTP 500')",
        failures,
    )
    db.conn.commit()


def _used_bytes(db: Database) -> int:
    pages, free, size = (
        int(db.conn.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
