"""How the sources are doing, and how much the database holds."""

import math
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pipelines.store.database.database import Connected, database_path, reading
from pipelines.store.database.times import utc_text
from pipelines.store.frontier.urls import count_urls

# Whole weeks: each span has its share of weekends.
RECENT_DAYS = 7
USUAL_DAYS = 28
# Enough that a changed layout shows on the day it changes, and one odd article does not.
RECENT_ARTICLES = 20
_FEWEST_RECENT = 3  # an average of fewer is the opinion of a page or two
# A first crawl brings what a site has kept for years; two further days say what a day brings.
_FEWEST_DAYS = 3
_COLUMNS = ("id", "name", "url", "kind", "last_success_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What one source gives, lately and usually, and what went wrong with it.

    Attributes:
        articles: All articles of it in the database.
        new_last_day: First seen in the last 24 hours.
        usual_per_day: New articles a day, the median of the 28 days before those: neither a first
            crawl, which brings years, nor a day without any moves it. None without three days.
        last_success_at: When a page of it was last fetched and read.
        newest_article_at: When its newest article was first seen.
        fetches: Requests of the last seven days.
        failures: Those of them that failed.
        failure_share: `failures` / `fetches`; None without fetches.
        stories_last_day: Addresses of articles that were asked in the last 24 hours.
        failed_stories_last_day: Those of them that failed.
        gone_stories_last_day: Those of them at which nothing is (404, 410).
        gone_fetches: Requests of the last week for stories at which nothing is any more.
        gone_fetches_last_day: Those of the last 24 hours.
        fetches_last_day: All requests of the last 24 hours.
        failures_last_day: Those of them that failed.
        confidence: Average over all its articles; None without articles.
        confidence_recent: Average over the newest 20 articles of the last seven days; None with
            fewer than three. Where it is well below `confidence_usual`, the site has changed its
            layout.
        confidence_usual: Average over the 28 days before those.
        waiting: URLs due or leased.
        last_error: The newest failure; None when there is none.
    """

    id: int
    name: str
    url: str | None
    kind: str
    articles: int
    new_last_day: int
    usual_per_day: float | None
    last_success_at: str | None
    newest_article_at: str | None
    fetches: int
    failures: int
    failure_share: float | None
    stories_last_day: int
    failed_stories_last_day: int
    gone_stories_last_day: int
    gone_fetches: int
    gone_fetches_last_day: int
    fetches_last_day: int
    failures_last_day: int
    confidence: float | None
    confidence_recent: float | None
    confidence_usual: float | None
    waiting: int
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTotals:
    """How many of each there are in the database; `urls` by state, `bytes` on the disk."""

    sources: int
    articles: int
    revisions: int
    pages: int
    failures: int
    urls: dict[str, int]
    bytes: int


def source_health(db: Connected, *, now: datetime | None = None) -> list[SourceHealth]:
    """Every source by name, with its health at `now` (the present when None).

    One that was removed, and whose articles were kept, is none: see `removed_sources`.

    Raises:
        StoreError: The database cannot be read.
    """
    moment = now or datetime.now(UTC)
    with reading(db):
        stored = {
            row[0]: row[1:]
            for row in db.conn.execute(
                "SELECT source_id, count(*), avg(confidence) FROM articles "
                "WHERE source_id IS NOT NULL GROUP BY source_id"
            )
        }
        waiting = dict(
            db.conn.execute(
                "SELECT source_id, count(*) FROM urls WHERE state IN ('due', 'leased') "
                "GROUP BY source_id"
            ).fetchall()
        )
        sources = db.conn.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM sources WHERE kind <> 'removed' ORDER BY name"
        )
        rows = [dict(zip(_COLUMNS, values, strict=True)) for values in sources]
        return [
            _health_of(
                db,
                row,
                moment,
                (*stored.get(row["id"], (0, None)), waiting.get(row["id"], 0)),
            )
            for row in rows
        ]


def removed_sources(db: Connected) -> dict[str, int]:
    """How many articles were kept of each source that was removed, by name.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT s.name, (SELECT count(*) FROM articles a WHERE a.source_id = s.id) "
            "FROM sources s WHERE s.kind = 'removed' ORDER BY s.name"
        ).fetchall()
    return dict(rows)


def database_totals(db: Connected) -> DatabaseTotals:
    """How much the database holds.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        counts = {
            table: db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("sources", "articles", "revisions", "pages", "failures")
        }
    return DatabaseTotals(**counts, urls=count_urls(db), bytes=_size_on_disk(db))


_Stored = tuple[int, float | None, int]


def _health_of(
    db: Connected, source: dict[str, object], now: datetime, stored: _Stored
) -> SourceHealth:
    source_id = source["id"]
    articles, confidence, waiting = stored
    day, recent = now - timedelta(days=1), now - timedelta(days=RECENT_DAYS)
    new_last_day, _ = _new_between(db, source_id, day, now)
    _, confidence_usual = _new_between(db, source_id, recent - timedelta(days=USUAL_DAYS), recent)
    fetches, failures, fetches_last_day, failures_last_day = db.conn.execute(
        "SELECT count(*), count(error), coalesce(sum(fetched_at >= ?3), 0), "
        "coalesce(sum(fetched_at >= ?3 AND error IS NOT NULL), 0) FROM fetches "
        "WHERE source_id = ?1 AND fetched_at >= ?2",
        (source_id, utc_text(recent), utc_text(day)),
    ).fetchone()
    stories, failed_stories, gone_stories = db.conn.execute(
        "SELECT count(DISTINCT u.id), count(DISTINCT iif(f.error IS NOT NULL, u.id, NULL)), "
        "count(DISTINCT iif(f.status IN (404, 410), u.id, NULL)) "
        "FROM fetches f JOIN urls u ON u.id = f.url_id "
        "WHERE f.source_id = ? AND f.fetched_at >= ? AND u.kind = 'article'",
        (source_id, utc_text(day)),
    ).fetchone()
    gone_fetches, gone_fetches_last_day = db.conn.execute(
        "SELECT count(*), coalesce(sum(f.fetched_at >= ?3), 0) FROM fetches f "
        "JOIN urls u ON u.id = f.url_id WHERE f.source_id = ?1 AND f.fetched_at >= ?2 "
        "AND u.kind = 'article' AND f.status IN (404, 410)",
        (source_id, utc_text(recent), utc_text(day)),
    ).fetchone()
    error = db.conn.execute(
        "SELECT message FROM failures WHERE source_id = ? ORDER BY failed_at DESC LIMIT 1",
        (source_id,),
    ).fetchone()
    return SourceHealth(
        id=int(str(source_id)),
        name=str(source["name"]),
        url=None if source["url"] is None else str(source["url"]),
        kind=str(source["kind"]),
        articles=articles,
        new_last_day=new_last_day,
        usual_per_day=_usual_per_day(db, source_id, day),
        last_success_at=None
        if source["last_success_at"] is None
        else str(source["last_success_at"]),
        newest_article_at=_end_of_articles(db, source_id, "max"),
        fetches=fetches,
        failures=failures,
        stories_last_day=stories,
        failed_stories_last_day=failed_stories,
        gone_stories_last_day=gone_stories,
        gone_fetches=gone_fetches,
        gone_fetches_last_day=gone_fetches_last_day,
        fetches_last_day=fetches_last_day,
        failures_last_day=failures_last_day,
        failure_share=failures / fetches if fetches else None,
        confidence=confidence,
        confidence_recent=_recent_confidence(db, source_id, recent),
        confidence_usual=confidence_usual,
        waiting=waiting,
        last_error=error[0] if error else None,
    )


def _end_of_articles(db: Connected, source_id: object, end: Literal["min", "max"]) -> str | None:
    """When the oldest or newest article was first seen: one step in an index, for a million too."""
    row: tuple[str | None] = db.conn.execute(
        f"SELECT {end}(first_seen_at) FROM articles WHERE source_id = ?", (source_id,)
    ).fetchone()
    return row[0]


def _new_between(
    db: Connected, source_id: object, start: datetime, end: datetime
) -> tuple[int, float | None]:
    """How many articles were first seen in a span, and how sure extraction was of them."""
    row: tuple[int, float | None] = db.conn.execute(
        "SELECT count(*), avg(confidence) FROM articles "
        "WHERE source_id = ? AND first_seen_at >= ? AND first_seen_at < ?",
        (source_id, utc_text(start), utc_text(end)),
    ).fetchone()
    return row


def _recent_confidence(db: Connected, source_id: object, start: datetime) -> float | None:
    """How sure extraction was of the newest articles; None when they are too few to say."""
    count, confidence = db.conn.execute(
        "SELECT count(confidence), avg(confidence) FROM (SELECT confidence FROM articles "
        "WHERE source_id = ? AND first_seen_at >= ? ORDER BY first_seen_at DESC LIMIT ?)",
        (source_id, utc_text(start), RECENT_ARTICLES),
    ).fetchone()
    return confidence if count >= _FEWEST_RECENT else None


def _usual_per_day(db: Connected, source_id: object, until: datetime) -> float | None:
    """The median of new articles a day before `until`; None when there are too few days."""
    first = _end_of_articles(db, source_id, "min")
    if first is None:
        return None
    age = until - datetime.fromisoformat(first)
    days = min(math.ceil(age / timedelta(days=1)), USUAL_DAYS)
    if days < _FEWEST_DAYS:
        return None
    counts = dict(
        db.conn.execute(
            "SELECT CAST(julianday(?2) - julianday(first_seen_at) AS INTEGER) AS days_before, "
            "count(*) FROM articles "
            "WHERE source_id = ?1 AND first_seen_at >= ?3 AND first_seen_at < ?2 GROUP BY 1",
            (source_id, utc_text(until), utc_text(until - timedelta(days=days))),
        ).fetchall()
    )
    return float(statistics.median(counts.get(day, 0) for day in range(days)))


def _size_on_disk(db: Connected) -> int:
    path = database_path(db)
    if path == ":memory:":
        count, size = (
            db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        return int(count * size)
    files = (Path(path + suffix) for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
