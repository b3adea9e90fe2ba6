"""Versions that are not believed: what came where an article was expected, and why it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from pipelines.store.articles.content_hash import hash_content
from pipelines.store.articles.identity.story_likeness import StoryText, compare_stories
from pipelines.store.database.database import reading, transaction
from pipelines.store.database.times import parse_utc, utc_text
from scraper.urls.related_urls import is_related_address
from scraper.urls.web_urls import host_of

SuspectReason = Literal[
    "wall", "error_page", "front_page", "same_text", "redirect", "unlike", "shrunk", "cut_short"
]
"""Why a version is not believed at once."""

_MOST_COMPARED = 40  # texts of a host, the latest: a wall is met again within a few requests


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectVersion:
    """A version that is not believed.

    Attributes:
        url: What was asked.
        reason: Why it is not believed.
        message: The same in words.
        story: What it says.
        content_hash: As in `articles`, of this version.
        url_id: `urls.id`.
        source_id: For which source it was asked.
        article_id: The article that stays as it was; None where there is none.
        confidence: How sure extraction was.
        page_hash: The raw page, where it is kept.
    """

    url: str
    reason: SuspectReason
    message: str
    story: StoryText
    content_hash: str
    url_id: int | None = None
    source_id: int | None = None
    article_id: int | None = None
    confidence: float | None = None
    page_hash: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSuspect:
    """A suspect version of which it is not known yet whether it is true.

    Attributes:
        visits: How many times in a row it was met.
        first_seen_at: When it was first met.
        story: What it says.
    """

    visits: int
    first_seen_at: datetime
    story: StoryText


def save_suspect(db: Database, suspect: SuspectVersion, seen_at: datetime | None = None) -> int:
    """Keep a version that is not believed; how many times in a row it was met, this one included.

    Met again, it is the same row, counted; another text in its place is another row.

    Raises:
        StoreError: The database cannot be written.
    """
    at = utc_text(seen_at)
    before = find_open_suspect(db, suspect.url)
    with transaction(db):
        if before is not None and compare_stories(before.story, suspect.story).is_repeated:
            db.conn.execute(
                "UPDATE suspect_versions SET visits = visits + 1, last_seen_at = ?, reason = ?, "
                "message = ?, article_id = coalesce(?, article_id) "
                "WHERE url = ? AND outcome = 'open'",
                (at, suspect.reason, suspect.message, suspect.article_id, suspect.url),
            )
            return before.visits + 1
        settle_suspect(db, suspect.url, "dismissed", seen_at)
        db.conn.execute(
            "INSERT INTO suspect_versions (url_id, source_id, article_id, url, host, reason, "
            "message, title, text, content_hash, confidence, page_hash, visits, first_seen_at, "
            "last_seen_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 'open')",
            (
                suspect.url_id,
                suspect.source_id,
                suspect.article_id,
                suspect.url,
                host_of(suspect.url),
                suspect.reason,
                suspect.message,
                suspect.story.title,
                suspect.story.text,
                suspect.content_hash,
                suspect.confidence,
                suspect.page_hash,
                at,
                at,
            ),
        )
    return 1


def find_open_suspect(db: Database, url: str) -> OpenSuspect | None:
    """The version at `url` that waits to be believed or dismissed; None when none does.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT visits, first_seen_at, title, text FROM suspect_versions "
            "WHERE url = ? AND outcome = 'open'",
            (url,),
        ).fetchone()
    if row is None:
        return None
    visits, first_seen_at, title, text = row
    since = parse_utc(first_seen_at)
    assert since is not None  # noqa: S101 - the column is NOT NULL
    return OpenSuspect(visits, since, StoryText(title, text))


@dataclass(frozen=True, slots=True)
class SeenSuspect:
    """A suspect version as people are shown it.

    Attributes:
        reason: Why it was not believed.
        message: The same in words.
        title: The headline it had; None when it had none.
        text: What it said.
        visits: How many times in a row it was met.
        first_seen_at: When it was first met, UTC.
        last_seen_at: When it was last met, UTC.
        outcome: ``open``, ``believed`` or ``dismissed``.
    """

    reason: str
    message: str
    title: str | None
    text: str
    visits: int
    first_seen_at: str
    last_seen_at: str
    outcome: str


def load_suspects(
    db: Database, *, article_id: int | None = None, url: str = ""
) -> list[SeenSuspect]:
    """What was not believed of an article, or came at an address, the earliest first.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            f"SELECT {', '.join(SeenSuspect.__dataclass_fields__)} FROM suspect_versions "
            "WHERE article_id = ? OR url = ? ORDER BY first_seen_at, id",
            (article_id, url),
        ).fetchall()
    return [SeenSuspect(*row) for row in rows]


def settle_suspect(
    db: Database,
    url: str,
    outcome: Literal["believed", "dismissed"],
    at: datetime | None = None,
) -> None:
    """What waited at `url` is believed, or dismissed because something else is there now.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE suspect_versions SET outcome = ?, settled_at = ? "
            "WHERE url = ? AND outcome = 'open'",
            (outcome, utc_text(at), url),
        )


def find_same_text(
    db: Database, url: str, story: StoryText, since: datetime, *, keys: Sequence[int] = ()
) -> tuple[list[str], list[int]]:
    """Where else on the host of `url` its text was met: other stories' addresses.

    Addresses that by their shape are of the same story do not count.

    Args:
        db: An open database.
        url: Where the text was met now.
        story: The text.
        since: What was met before says nothing any more.
        keys: What the text is filed under; none of a short one.

    Returns:
        The addresses, and the ids of those articles that were first seen there since then and
        never changed.

    Raises:
        StoreError: The database cannot be read.
    """
    host, moment = host_of(url), utc_text(since)
    with reading(db):
        suspects = db.conn.execute(
            "SELECT url, title, text FROM suspect_versions WHERE host = ? AND last_seen_at >= ? "
            "AND url <> ? ORDER BY last_seen_at DESC LIMIT ?",
            (host, moment, url, _MOST_COMPARED),
        ).fetchall()
        articles = _articles_like(db, story, keys, moment)
    addresses = [
        other for other, title, text in suspects if _is_elsewhere(url, other, story, title, text)
    ]
    ids = []
    for article_id, other, title, text in articles:
        if host_of(other) == host and _is_elsewhere(url, other, story, title, text):
            addresses.append(other)
            ids.append(article_id)
    return list(dict.fromkeys(addresses)), ids


def _articles_like(
    db: Database, story: StoryText, keys: Sequence[int], since: str
) -> list[tuple[int, str, str | None, str]]:
    marks = ", ".join("?" * len(keys))
    if keys:
        condition = f"id IN (SELECT article_id FROM duplicate_keys WHERE band_key IN ({marks}))"
        values: tuple[object, ...] = tuple(keys)
    else:
        condition, values = "content_hash = ?", (hash_content(story.title, story.text),)
    rows: list[tuple[int, str, str | None, str]] = db.conn.execute(
        f"SELECT id, url, title, text FROM articles WHERE {condition} "
        "AND first_seen_at >= ? AND revision = 1 ORDER BY id DESC LIMIT ?",
        (*values, since, _MOST_COMPARED),
    ).fetchall()
    return rows


def _is_elsewhere(url: str, other: str, story: StoryText, title: str | None, text: str) -> bool:
    if is_related_address(url, other):
        return False
    return compare_stories(story, StoryText(title, text)).is_repeated


def withdraw_article(
    db: Database, article_id: int, reason: SuspectReason, message: str, at: datetime | None = None
) -> str | None:
    """Take back an article that turned out to be none; its address, None when there is no such row.

    What it said is kept as a suspect version of that address.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        row = db.conn.execute(
            "SELECT a.url, a.title, a.text, a.content_hash, a.source_id, a.confidence, "
            "a.page_hash, u.id FROM articles a LEFT JOIN urls u ON u.url = a.url WHERE a.id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        url, title, text, content_hash, source_id, confidence, page_hash, url_id = row
        asked = [url, *(other for (other,) in db.conn.execute(
            "SELECT url FROM article_urls WHERE article_id = ?", (article_id,)))]  # fmt: skip
        db.conn.execute(
            "UPDATE articles SET duplicate_of = NULL WHERE duplicate_of = ?", (article_id,)
        )
        db.conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        suspect = SuspectVersion(
            url=url,
            reason=reason,
            message=message,
            story=StoryText(title, text),
            content_hash=content_hash,
            url_id=url_id,
            source_id=source_id,
            confidence=confidence,
            page_hash=page_hash,
        )
        save_suspect(db, suspect, at)
        _ask_again(db, asked)
    return str(url)


def _ask_again(db: Database, urls: Sequence[str]) -> None:
    """Have addresses fetched in full: what is known of their version is another page's."""
    db.conn.executemany(
        "UPDATE urls SET etag = NULL, last_modified = NULL, "
        "state = CASE WHEN state = 'done' THEN 'due' ELSE state END WHERE url = ?",
        [(url,) for url in urls],
    )


def prune_suspects(db: Database, before: datetime, *, source_id: int) -> int:
    """Forget what was in doubt and settled before a moment; how many versions that were.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        return db.conn.execute(
            "DELETE FROM suspect_versions WHERE source_id = ? AND last_seen_at < ?",
            (source_id, utc_text(before)),
        ).rowcount
