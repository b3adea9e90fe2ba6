"""Signs that a source fell silent or changed: what it lists, what it lacks, what is in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pipelines.store.database.database import Connected, reading
from pipelines.store.database.times import utc_text
from pipelines.store.statistics.source_status import RECENT_ARTICLES, RECENT_DAYS, USUAL_DAYS

FieldName = Literal["author", "date of publication", "heading"]

_FIELDS: Final[dict[FieldName, str]] = {
    "author": "EXISTS (SELECT 1 FROM article_authors p WHERE p.article_id = a.id)",
    "date of publication": "a.published_at IS NOT NULL",
    "heading": "EXISTS (SELECT 1 FROM headings p WHERE p.article_id = a.id)",
}
_UNREAD_FOR: Final = timedelta(days=3)  # after that it is no news that they cannot be read
_MOST_USUAL_ARTICLES: Final = 200  # the latest: of a year's there are too many to look at each time


@dataclass(frozen=True, slots=True)
class SilentList:
    """A feed, sitemap or page that gave stories and now gives none.

    Attributes:
        why: What went wrong; None when it is in order and has nothing in it.
    """

    url: str
    kind: str
    why: str | None


@dataclass(frozen=True, slots=True)
class FieldShare:
    """In how many of a source's articles a field is: lately, and usually."""

    name: FieldName
    recent: float
    usual: float


@dataclass(frozen=True, slots=True)
class UnreadStories:
    """The newest stories of a source where none of them could be read, though asked again.

    Attributes:
        count: How many there are.
        asked: How many times the one that was asked most was.
        why: What went wrong with it.
    """

    count: int
    asked: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSigns:
    """What is odd about one source.

    Attributes:
        added_at: When it was first used.
        silent_lists: Lists that gave stories and now give none.
        unread: The newest stories; None when one of them was read, or they were asked but once.
        suspects: Addresses of which the latest version is not believed, met lately.
        visited: Articles met lately, those not believed included.
        suspects_last_day: Those of the last 24 hours alone.
        visited_last_day: The same of those met.
        recent_articles: How many of the last week the figures below are of, 20 at most.
        fields: Shares of fields; none without enough articles of both spans.
        recent_words: Average length of the newest articles; None without enough of them.
        usual_words: The same of those before.
    """

    added_at: str
    silent_lists: tuple[SilentList, ...]
    unread: UnreadStories | None
    suspects: int
    visited: int
    suspects_last_day: int
    visited_last_day: int
    recent_articles: int
    fields: tuple[FieldShare, ...]
    recent_words: float | None
    usual_words: float | None


def source_signs(db: Connected, now: datetime) -> dict[str, SourceSigns]:
    """What is odd about each source, by name.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        sources = db.conn.execute("SELECT id, name, added_at FROM sources").fetchall()
        return {name: _signs_of(db, id_, added_at, now) for id_, name, added_at in sources}


def latest_crawl_at(db: Connected) -> str | None:
    """When the latest crawl began by its own clock; None when there was none.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute("SELECT max(started_at) FROM crawls").fetchone()
    return None if row is None else row[0]


def _signs_of(db: Connected, source_id: int, added_at: str, now: datetime) -> SourceSigns:
    week = now - timedelta(days=RECENT_DAYS)
    suspects, visited = _count_suspects(db, source_id, week)
    suspects_last_day, visited_last_day = _count_suspects(db, source_id, now - timedelta(days=1))
    recent = _read_articles(db, source_id, (week, now), RECENT_ARTICLES)
    usual = _read_articles(
        db, source_id, (week - timedelta(days=USUAL_DAYS), week), _MOST_USUAL_ARTICLES
    )
    has_both = bool(recent[0] and usual[0])
    return SourceSigns(
        added_at=added_at,
        silent_lists=_find_silent_lists(db, source_id),
        unread=_find_unread(db, source_id, now),
        suspects=suspects,
        visited=visited,
        suspects_last_day=suspects_last_day,
        visited_last_day=visited_last_day,
        recent_articles=int(recent[0]),
        fields=tuple(
            FieldShare(name, recent[place], usual[place]) for place, name in enumerate(_FIELDS, 2)
        )
        if has_both
        else (),
        recent_words=recent[1] if has_both else None,
        usual_words=usual[1] if has_both else None,
    )


def _count_suspects(db: Connected, source_id: int, since: datetime) -> tuple[int, int]:
    """The addresses met since a moment that are in doubt, and all that were met."""
    suspects, visited = db.conn.execute(
        "SELECT (SELECT count(*) FROM suspect_versions WHERE source_id = ?1 AND outcome = 'open' "
        "AND last_seen_at >= ?2), (SELECT count(DISTINCT f.url_id) FROM fetches f "
        "JOIN urls u ON u.id = f.url_id "
        "WHERE f.source_id = ?1 AND f.fetched_at >= ?2 AND u.kind = 'article')",
        (source_id, utc_text(since)),
    ).fetchone()
    return suspects, max(visited, suspects)


def _read_articles(
    db: Connected, source_id: int, span: tuple[datetime, datetime], most: int
) -> tuple[float, ...]:
    """How many articles were first seen in a span, their length, and the shares of fields."""
    shares = ", ".join(f"avg({test})" for test in _FIELDS.values())
    start, end = span
    row: tuple[float, ...] = db.conn.execute(
        f"SELECT count(*), avg(a.word_count), {shares} FROM (SELECT * FROM articles "
        "WHERE source_id = ? AND first_seen_at >= ? AND first_seen_at < ? "
        "ORDER BY first_seen_at DESC LIMIT ?) a",
        (source_id, utc_text(start), utc_text(end), most),
    ).fetchone()
    return row


def _find_silent_lists(db: Connected, source_id: int) -> tuple[SilentList, ...]:
    rows = db.conn.execute(
        "SELECT url, kind, CASE WHEN state IN ('failed', 'gone') THEN last_error END FROM urls "
        "WHERE source_id = ? AND kind <> 'article' AND links_usual >= 1 "
        "AND (state IN ('failed', 'gone') AND attempts >= 2 OR state = 'done' AND links_found = 0) "
        "ORDER BY depth, id LIMIT 20",
        (source_id,),
    ).fetchall()
    return tuple(SilentList(*row) for row in rows)


def _find_unread(db: Connected, source_id: int, now: datetime) -> UnreadStories | None:
    """What was found since the last story that was read, and is there: all of it asked in vain."""
    count, asked, why = db.conn.execute(
        "SELECT count(*), max(u.attempts), u.last_error FROM urls u WHERE u.source_id = ?1 "
        "AND u.kind = 'article' AND u.state <> 'gone' AND u.attempts >= 2 AND u.added_at >= ?2 "
        "AND u.last_error IS NOT NULL AND u.last_error NOT IN ('HTTP 404', 'HTTP 410') "
        "AND u.added_at > (SELECT coalesce(max(first_seen_at), '') FROM articles "
        "WHERE source_id = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM article_urls a WHERE a.url = u.url)",
        (source_id, utc_text(now - _UNREAD_FOR)),
    ).fetchone()
    return UnreadStories(count, asked, why) if count else None
