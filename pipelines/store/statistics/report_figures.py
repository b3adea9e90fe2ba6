"""The figures behind `winnow report`: how much, from where, how fresh, how sure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipelines.store.database.database import Connected, reading
from pipelines.store.database.times import utc_text

_TOP = 15  # rows of each list of the report; the rest is in the database


@dataclass(frozen=True, slots=True)
class Count:
    """A name and how often it occurs."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """A source and how long ago it was last reached; None when never."""

    source: str
    articles: int
    hours_since_success: float | None


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """All figures that a report shows.

    Attributes:
        days: ISO dates without gaps, oldest first, up to now; up to the newest dated article when
            all of those are older, as after reading an archive.
        per_day: Source name to articles for each of `days`, the source with most first. An article
            counts on the day it was published; without that, on the day it was first seen.
        confidence: Articles by tenth: the first counts 0 to 0.1, the last 0.9 to 1.
    """

    made_at: datetime
    articles: int
    sources: int
    revisions: int
    faqs: int
    first_seen_at: str | None
    days: tuple[str, ...]
    per_day: Mapping[str, tuple[int, ...]]
    freshness: tuple[Freshness, ...]
    failures: tuple[Count, ...]
    languages: tuple[Count, ...]
    confidence: tuple[int, ...]
    tags: tuple[Count, ...]
    authors: tuple[Count, ...]


def load_report(db: Connected, *, days: int = 30, now: datetime | None = None) -> ReportFigures:
    """The figures of the last `days` days, and of the database as a whole.

    Raises:
        StoreError: The database cannot be read.

    Example:
        >>> from pipelines.store.database.database import open_database
        >>> load_report(open_database(":memory:")).articles
        0
    """
    now = now or datetime.now(UTC)
    since = utc_text(now - timedelta(days=days))
    with reading(db):
        articles, first_seen_at = _one(db, "SELECT count(*), min(first_seen_at) FROM articles")
        dates, per_day = _articles_per_day(db, now, days)
        return ReportFigures(
            made_at=now,
            articles=articles,
            sources=_one(db, "SELECT count(*) FROM sources")[0],
            revisions=_one(db, "SELECT count(*) FROM revisions")[0],
            faqs=_one(db, "SELECT count(*) FROM faqs")[0],
            first_seen_at=first_seen_at,
            days=dates,
            per_day=per_day,
            freshness=_freshness(db, now),
            failures=_counts(
                db,
                "SELECT stage || ': ' || error, count(*) AS n FROM failures WHERE failed_at >= ? "
                "GROUP BY 1 ORDER BY n DESC LIMIT ?",
                (since, _TOP),
            ),
            languages=_counts(
                db,
                "SELECT coalesce(language, 'unknown'), count(*) AS n FROM articles "
                "GROUP BY 1 ORDER BY n DESC LIMIT ?",
                (_TOP,),
            ),
            confidence=_confidence(db),
            tags=_counts(
                db,
                "SELECT t.name, count(*) AS n FROM article_tags l JOIN tags t ON t.id = l.tag_id "
                "GROUP BY t.id ORDER BY n DESC, t.name LIMIT ?",
                (_TOP,),
            ),
            authors=_counts(
                db,
                "SELECT a.name, count(*) AS n FROM article_authors l "
                "JOIN authors a ON a.id = l.author_id "
                "GROUP BY a.id ORDER BY n DESC, a.name LIMIT ?",
                (_TOP,),
            ),
        )


def _one(db: Connected, sql: str) -> tuple[int, str | None]:
    row = db.conn.execute(sql).fetchone()
    return row if len(row) > 1 else (row[0], None)


def _counts(db: Connected, sql: str, parameters: tuple[str | int, ...]) -> tuple[Count, ...]:
    return tuple(Count(str(name), count) for name, count in db.conn.execute(sql, parameters))


def _articles_per_day(
    db: Connected, now: datetime, days: int
) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """The days up to now; or to the newest dated article, if that is older and they hold more."""
    dates, counts = _count_days(db, now.date(), days)
    newest = db.conn.execute(
        "SELECT max(published_at) FROM articles WHERE published_at < ?", (_day_after(now.date()),)
    ).fetchone()[0]
    if newest and newest < dates[0]:
        with suppress(ValueError):  # a year alone is no day
            then = _count_days(db, date.fromisoformat(newest[:10]), days)
            if _total(then[1]) > _total(counts):
                return then
    return dates, counts


def _count_days(
    db: Connected, last: date, days: int
) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    dates = tuple((last - timedelta(days=back)).isoformat() for back in reversed(range(days)))
    place = {day: number for number, day in enumerate(dates)}
    # Two halves, so that each goes by the index of its own column.
    rows = db.conn.execute(
        "SELECT coalesce(s.name, 'no source'), day, sum(n) FROM ("
        "SELECT source_id, substr(published_at, 1, 10) AS day, count(*) AS n FROM articles "
        "WHERE published_at >= :first AND published_at < :beyond GROUP BY 1, 2 "
        "UNION ALL SELECT source_id, substr(first_seen_at, 1, 10), count(*) FROM articles "
        "WHERE published_at IS NULL AND first_seen_at >= :first AND first_seen_at < :beyond "
        "GROUP BY 1, 2) LEFT JOIN sources s ON s.id = source_id GROUP BY 1, 2",
        {"first": dates[0], "beyond": _day_after(last)},
    )
    counts: dict[str, list[int]] = {}
    for source, day, count in rows:
        if day in place:
            counts.setdefault(source, [0] * days)[place[day]] = count
    busiest_first = sorted(counts, key=lambda source: -sum(counts[source]))
    return dates, {source: tuple(counts[source]) for source in busiest_first}


def _day_after(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def _total(counts: Mapping[str, tuple[int, ...]]) -> int:
    return sum(map(sum, counts.values()))


def _freshness(db: Connected, now: datetime) -> tuple[Freshness, ...]:
    rows = db.conn.execute(
        "SELECT s.name, (SELECT count(*) FROM articles a WHERE a.source_id = s.id), "
        "s.last_success_at FROM sources s ORDER BY s.last_success_at IS NOT NULL, 3"
    )
    return tuple(
        Freshness(name, articles, None if seen is None else _hours_between(seen, now))
        for name, articles, seen in rows
    )


def _hours_between(earlier: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(earlier)).total_seconds() / 3600


def _confidence(db: Connected) -> tuple[int, ...]:
    tenths = [0] * 10
    rows = db.conn.execute(
        "SELECT min(9, CAST(confidence * 10 AS INTEGER)), count(*) FROM articles GROUP BY 1"
    )
    for tenth, count in rows:
        tenths[max(0, tenth)] = count
    return tuple(tenths)
