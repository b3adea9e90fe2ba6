"""What a version is judged by: what was stored, and what other addresses gave lately."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.store.articles.identity.same_article import find_article_at
from pipelines.store.articles.identity.story_likeness import (
    StoryLikeness,
    StoryText,
    compare_stories,
)
from pipelines.store.articles.suspects import OpenSuspect, find_open_suspect, find_same_text
from pipelines.store.database.database import reading
from scraper.urls.related_urls import is_related_address

_LATELY: Final = timedelta(days=5)
"""A wall stands for days at most, and copies of one text that are older are reports sent twice."""

CUT_SHORT: Final = "the page was cut short; what came of it is stored until all of it comes"
"""`urls.last_error` of an address of which the beginning is stored."""

_MOST_EARLIER_VERSIONS: Final = 20
_MOST_REDIRECTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What came of an address.

    Attributes:
        asked: The address in the frontier.
        url: Where the answer came from, after redirects.
        story: What it says.
        keys: What its text is filed under.
        is_paywalled: Whether the page says that there is more for subscribers.
        is_cut_short: Whether the answer ended before the page did.
    """

    asked: str
    url: str
    story: StoryText
    keys: tuple[int, ...] = ()
    is_paywalled: bool = False
    is_cut_short: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether it came from an address that does not show that it is the same story's."""
        return not is_related_address(self.asked, self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known beside a new version.

    Attributes:
        article_id: The article known at the address; None for none.
        likeness: How much its stored version has in common with the new one; None without one.
        was_told_before: Whether an earlier version is much the same as the new one.
        is_doubtful: Whether the stored version is itself one that other stories' addresses gave.
        is_stored_cut: Whether what is stored is but the beginning of a page that was cut short.
        open_suspect: What waits to be believed at the address; None when nothing does.
        led_here: Other stories' addresses that lately redirected to where this came from.
        is_listed: Whether a feed, sitemap or page names the address this came from.
        same_text_at: Other stories' addresses on the host that lately gave this text.
        same_text_ids: Articles first seen at such addresses since.
    """

    article_id: int | None = None
    likeness: StoryLikeness | None = None
    was_told_before: bool = False
    is_doubtful: bool = False
    is_stored_cut: bool = False
    open_suspect: OpenSuspect | None = None
    led_here: tuple[str, ...] = ()
    is_listed: bool = True
    same_text_at: tuple[str, ...] = ()
    same_text_ids: tuple[int, ...] = ()


def find_facts(db: Database, version: NewVersion, now: datetime | None = None) -> Facts:
    """What is known beside a new version.

    Raises:
        StoreError: The database cannot be read.
    """
    since = (now or datetime.now(UTC)) - _LATELY
    open_suspect = find_open_suspect(db, version.asked)
    article_id, stored = _load_stored(db, version)
    if stored is not None and stored.text == version.story.text:
        same = compare_stories(stored, version.story)
        return Facts(article_id=article_id, likeness=same, open_suspect=open_suspect)
    likeness = compare_stories(stored, version.story) if stored is not None else None
    is_kept = likeness is not None and likeness.is_kept
    same_at, same_ids = (
        ([], [])
        if is_kept
        else find_same_text(db, version.asked, version.story, since, keys=version.keys)
    )
    return Facts(
        article_id=article_id,
        likeness=likeness,
        was_told_before=not is_kept and _was_told_before(db, article_id, version.story),
        is_doubtful=stored is not None
        and not is_kept
        and bool(find_same_text(db, version.asked, stored, since)[0]),
        is_stored_cut=stored is not None and _is_cut(db, version.asked),
        open_suspect=open_suspect,
        led_here=_find_led_here(db, version) if version.is_elsewhere else (),
        is_listed=not version.is_elsewhere or _is_listed(db, version.url),
        same_text_at=tuple(same_at),
        same_text_ids=tuple(same_ids),
    )


def _load_stored(db: Database, version: NewVersion) -> tuple[int | None, StoryText | None]:
    """The article at the address and its newest version, unless what is there now is another."""
    with reading(db):
        article_id = find_article_at(db.conn, version.asked, version.story)
        if article_id is None:
            return None, None
        row = db.conn.execute(
            "SELECT title, text FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
    return article_id, StoryText(*row)


def _is_cut(db: Database, url: str) -> bool:
    with reading(db):
        row = db.conn.execute("SELECT last_error FROM urls WHERE url = ?", (url,)).fetchone()
    return row is not None and row[0] == CUT_SHORT


def _was_told_before(db: Database, article_id: int | None, story: StoryText) -> bool:
    with reading(db):
        rows = db.conn.execute(
            "SELECT title, text FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT ?",
            (article_id, _MOST_EARLIER_VERSIONS),
        ).fetchall()
    return any(compare_stories(StoryText(title, text), story).is_kept for title, text in rows)


def _find_led_here(db: Database, version: NewVersion) -> tuple[str, ...]:
    with reading(db):
        rows = db.conn.execute(
            "SELECT url FROM urls WHERE redirects_to = ? AND url <> ? LIMIT ?",
            (version.url, version.asked, _MOST_REDIRECTS),
        ).fetchall()
    return tuple(
        url
        for (url,) in rows
        if not is_related_address(url, version.url) and not is_related_address(url, version.asked)
    )


def _is_listed(db: Database, url: str) -> bool:
    with reading(db):
        row = db.conn.execute(
            "SELECT 1 FROM urls WHERE url = ? AND kind = 'article' AND listed_at IS NOT NULL",
            (url,),
        ).fetchone()
    return row is not None
