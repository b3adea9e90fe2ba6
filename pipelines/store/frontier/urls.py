"""The URLs of the frontier: what is found, and what became of it.

A URL is in one state:

    due      to be fetched as soon as its turn comes
    leased   somebody is fetching it, until `lease_expires_at`
    done     fetched; due again at `next_fetch_at`, never when that is NULL
    failed   could not be fetched; due again at `next_fetch_at`, never when that is NULL
    gone     the server says that there is nothing there any more

Leases are taken in `leases`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pipelines.store.database.database import Connected, reading, transaction
from pipelines.store.database.times import optional_utc_text, utc_text
from pipelines.store.frontier.lanes import ONCE_ASKED
from scraper.listing import Listing
from scraper.urls.web_urls import host_of

if TYPE_CHECKING:
    from sqlite_utils import Database

UrlKind = Literal["article", "page", "feed", "sitemap"]
"""What is at a URL: an article, or what leads to some; a page is a front page or a section."""


_TWIN_RESTS = timedelta(hours=1)
_LISTED_ANEW = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrl:
    """A URL that was found.

    Attributes:
        priority: Higher is sooner.
        lastmod: When the page changed, by its feed or sitemap.
        depth: How many links away from the source's own URL.
        kind: What is expected there.
        listing: What its feed or sitemap says of the story.
    """

    url: str
    priority: int = 0
    lastmod: datetime | None = None
    depth: int = 0
    kind: UrlKind = "article"
    listing: Listing | None = None


def add_urls(
    db: Database, source_id: int, urls: Iterable[NewUrl], *, believes_dates: bool = True
) -> int:
    """Put URLs that are new into the frontier, due at once, and return how many were new.

    One that is there already becomes due again when its feed or sitemap says that it changed after
    it was last fetched, and rises to the new priority while it waits for its first turn.

    Args:
        db: The database.
        source_id: Whose they are.
        urls: What was found.
        believes_dates: Whether the dates of changes are believed; if not, they are kept alone.

    Raises:
        StoreError: The database cannot be written.
    """
    now = utc_text()
    rows = [
        (
            new.url,
            source_id,
            host_of(new.url),
            new.kind,
            new.depth,
            new.priority,
            optional_utc_text(new.lastmod),
            now,
            new.listing.to_json() if new.listing else None,
        )
        for new in urls
    ]
    if not rows:
        return 0
    with transaction(db):
        before = db.conn.total_changes
        db.conn.executemany(
            "INSERT INTO urls (url, source_id, host, kind, depth, priority, lastmod, added_at, "
            "listing, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0) "
            "ON CONFLICT (url) DO NOTHING",
            rows,
        )
        added = db.conn.total_changes - before
        if added < len(rows):
            _refresh_known(db.conn, rows, believes_dates=believes_dates)
    return added


def _refresh_known(
    conn: sqlite3.Connection,
    rows: Sequence[tuple[str | int | None, ...]],
    *,
    believes_dates: bool,
) -> None:
    conn.executemany(
        "UPDATE urls SET priority = ?1 WHERE url = ?2 AND state = 'due' AND priority < ?1 "
        "AND priority >= 0 AND kind = ?3",
        [(row[5], row[0], row[3]) for row in rows],
    )
    # That it is listed still counts for what gave no article; twice a day will do.
    now = datetime.now(UTC)
    conn.executemany(
        "UPDATE urls SET listed_at = ?1 WHERE url = ?2 AND last_error IS NOT NULL "
        "AND coalesce(listed_at, '') < ?3",
        [(utc_text(now), row[0], utc_text(now - _LISTED_ANEW)) for row in rows],
    )
    # A sitemap that names a story may say less of it than the feed that is read after it.
    conn.executemany(
        "UPDATE urls SET listing = ?1 WHERE url = ?2 AND listing IS NULL",
        [(row[8], row[0]) for row in rows if row[8] is not None],
    )
    dated = [(row[6], row[0]) for row in rows if row[6] is not None]
    is_newer = "url = ?2 AND coalesce(lastmod, '') < ?1"
    if not believes_dates:
        conn.executemany(f"UPDATE urls SET lastmod = ?1 WHERE {is_newer}", dated)
        return
    # A page gone for good is asked for again only when its feed says that it changed since.
    conn.executemany(
        "UPDATE urls SET state = CASE WHEN state = 'leased' THEN state ELSE 'due' END, "
        "lastmod = ?1, next_fetch_at = CASE WHEN state = 'leased' THEN next_fetch_at END "
        f"WHERE {is_newer} AND coalesce(last_fetched_at, '') < ?1",
        dated,
    )


def mark_done(
    db: Database,
    url_id: int,
    *,
    next_fetch_at: datetime | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> None:
    """A URL was fetched; its validators are kept for the next time, that is at `next_fetch_at`.

    An answer without validators (a 304 may leave them out) leaves those that are there.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = 'done', next_fetch_at = ?, etag = coalesce(?, etag), "
            "last_modified = coalesce(?, last_modified), attempts = 0, last_error = NULL, "
            f"priority = {ONCE_ASKED}, last_fetched_at = ?, lease_owner = NULL, "
            "lease_expires_at = NULL WHERE id = ?",
            (optional_utc_text(next_fetch_at), etag, last_modified, utc_text(), url_id),
        )


def mark_covered(db: Database, source_id: int, urls: Iterable[str]) -> None:
    """These URLs were read as parts of another page; they are never fetched for themselves.

    Raises:
        StoreError: The database cannot be written.
    """
    now = utc_text()
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO urls (url, source_id, host, kind, depth, priority, added_at, state, "
            "attempts, last_fetched_at) VALUES (?, ?, ?, 'article', 0, 0, ?, 'done', 0, ?) "
            "ON CONFLICT (url) DO UPDATE SET state = 'done', next_fetch_at = NULL, "
            "lease_owner = NULL, lease_expires_at = NULL",
            [(url, source_id, host_of(url), now, now) for url in urls],
        )


def mark_failed(
    db: Database,
    url_id: int,
    error: str,
    retry_at: datetime | None = None,
    *,
    gone: bool = False,
) -> None:
    """A URL could not be fetched; it is tried again at `retry_at`, or never when that is None.

    `gone` says that the server has nothing there any more (404, 410).

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = ?, next_fetch_at = ?, last_error = ?, last_fetched_at = ?, "
            f"priority = {ONCE_ASKED}, "
            "lease_owner = NULL, lease_expires_at = NULL WHERE id = ?",
            (
                "gone" if gone else "failed",
                None if gone else optional_utc_text(retry_at),
                error,
                utc_text(),
                url_id,
            ),
        )


def mark_waiting(db: Database, url_id: int, why: str, next_fetch_at: datetime | None) -> None:
    """A URL was fetched, and did not give its article; it is asked for again at `next_fetch_at`.

    The validators stay those of the version that is: once it is back, the server may say so.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = 'done', next_fetch_at = ?, last_error = ?, "
            f"priority = {ONCE_ASKED}, last_fetched_at = ?, lease_owner = NULL, "
            "lease_expires_at = NULL WHERE id = ?",
            (optional_utc_text(next_fetch_at), why, utc_text(), url_id),
        )


def is_listed_since(db: Database, url_id: int, since: datetime) -> bool:
    """Whether a feed, sitemap or page has named a URL, or it was found, at `since` or later.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute(
            "SELECT max(coalesce(listed_at, ''), added_at) >= ? FROM urls WHERE id = ?",
            (utc_text(since), url_id),
        ).fetchone()
    return bool(row and row[0])


def note_redirect(db: Database, url_id: int, target: str | None) -> None:
    """Where a URL led when it was asked; None when it answered itself.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET redirects_to = ?1 WHERE id = ?2 AND redirects_to IS NOT ?1",
            (target, url_id),
        )


def ask_twin(db: Database, article_id: int, source_id: int) -> None:
    """Have the address of the article that a new one is a copy of asked again, within one source.

    The story has moved, or stands twice: that address tells.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = 'due', next_fetch_at = NULL WHERE state = 'done' "
            "AND source_id = ?2 AND last_fetched_at < ?3 AND url = (SELECT old.url "
            "FROM articles new JOIN articles old ON old.id = new.duplicate_of "
            "WHERE new.id = ?1 AND old.title IS new.title)",
            (article_id, source_id, utc_text(datetime.now(UTC) - _TWIN_RESTS)),
        )


def refetch(db: Database, url: str) -> None:
    """Make a URL due now, to be fetched in full: what is known of its version is forgotten.

    Raises:
        StoreError: The database cannot be written.
    """
    with transaction(db):
        db.conn.execute(
            "UPDATE urls SET state = 'due', next_fetch_at = NULL, etag = NULL, "
            "last_modified = NULL WHERE url = ? AND state IN ('done', 'failed')",
            (url,),
        )


def url_state(db: Database, url: str) -> str | None:
    """The state of a URL in the frontier; None when it is not there.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        row = db.conn.execute("SELECT state FROM urls WHERE url = ?", (url,)).fetchone()
    return None if row is None else str(row[0])


def count_urls(db: Connected, *, source_id: int | None = None) -> dict[str, int]:
    """How many URLs are in each state; every state is there.

    Raises:
        StoreError: The database cannot be read.
    """
    counts = dict.fromkeys(("due", "leased", "done", "failed", "gone"), 0)
    condition = "" if source_id is None else "WHERE source_id = ?"
    with reading(db):
        counts.update(
            db.conn.execute(
                f"SELECT state, count(*) FROM urls {condition} GROUP BY state",
                () if source_id is None else (source_id,),
            ).fetchall()
        )
    return counts


def hosts_in_frontier(db: Connected, hosts: Collection[str]) -> frozenset[str]:
    """Those of these hosts that the frontier has any URL of.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT value FROM json_each(?) "
            "WHERE EXISTS (SELECT 1 FROM urls WHERE urls.host = value)",
            (json.dumps(sorted(hosts)),),
        ).fetchall()
    return frozenset(row[0] for row in rows)


def next_due_at(db: Database) -> str | None:
    """When the next URL that waits for its time is due; None when none waits."""
    with reading(db):
        row = db.conn.execute(
            "SELECT min(at) FROM (SELECT min(next_fetch_at) AS at FROM urls WHERE state = 'done' "
            "UNION ALL SELECT min(next_fetch_at) FROM urls WHERE state = 'failed')"
        ).fetchone()
    return None if row is None else row[0]
