"""Taking apart what was merged wrongly: an address gets its own row back, and its own versions."""

import sqlite3

from pipelines.store.articles.identity.story_likeness import StoryText, tells_same_story
from pipelines.store.articles.revisions import diff_version, encode_changes


def take_apart(conn: sqlite3.Connection, merged: int, own: int, url: str) -> None:
    """Give the row `own` the address `url` and those versions of `merged` that tell its story.

    Inside the caller's transaction. `own` is the row that the page at `url` has just become.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    conn.execute("DELETE FROM article_urls WHERE url = ? AND article_id = ?", (url, merged))
    row = conn.execute("SELECT title, text FROM articles WHERE id = ?", (own,)).fetchone()
    story = StoryText(*row)
    versions = conn.execute(
        "SELECT revision, title, text FROM revisions WHERE article_id = ? ORDER BY revision",
        (merged,),
    ).fetchall()
    mine = [number for number, title, text in versions if _tells(story, title, text)]
    if not mine:
        return
    conn.executemany(
        "UPDATE revisions SET article_id = ?, revision = -revision "
        "WHERE article_id = ? AND revision = ?",
        [(own, merged, number) for number in mine],
    )
    for article_id in (merged, own):
        _number_again(conn, article_id)


def _tells(story: StoryText, title: str | None, text: str) -> bool:
    return tells_same_story(StoryText(title, text), story)


def _number_again(conn: sqlite3.Connection, article_id: int) -> None:
    """Number the versions of a row from 1, each with what the one after it changed."""
    versions = conn.execute(
        "SELECT rowid, seen_at, title, text, content_hash FROM revisions WHERE article_id = ? "
        "ORDER BY seen_at, rowid",
        (article_id,),
    ).fetchall()
    newest = conn.execute(
        "SELECT changed_at, title, text, content_hash FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    kept: list[tuple[int, str, str | None, str, str]] = []
    for version in versions:
        if kept and kept[-1][4] == version[4]:  # the same text, which another story's parted
            conn.execute("DELETE FROM revisions WHERE rowid = ?", (version[0],))
        else:
            kept.append(version)
    if kept and kept[-1][4] == newest[3]:
        rowid, changed_at, *_ = kept.pop()
        conn.execute("DELETE FROM revisions WHERE rowid = ?", (rowid,))
        newest = (changed_at, *newest[1:])
    # Numbers are unique within an article: first out of the way, then each to its own.
    conn.executemany(
        "UPDATE revisions SET revision = ? WHERE rowid = ?",
        [(-1_000_000 - place, version[0]) for place, version in enumerate(kept)],
    )
    following = [(v[1], v[2], v[3]) for v in kept[1:]] + [newest[:3]]
    for number, (version, after) in enumerate(zip(kept, following, strict=True), 1):
        changes = diff_version((version[2], version[3]), (after[1], after[2]))
        conn.execute(
            "UPDATE revisions SET revision = ?, replaced_at = ?, diff = ? WHERE rowid = ?",
            (number, after[0], encode_changes(changes), version[0]),
        )
    conn.execute(
        "UPDATE articles SET revision = ?, changed_at = ?, first_seen_at = min(first_seen_at, ?) "
        "WHERE id = ?",
        (len(kept) + 1, newest[0], kept[0][1] if kept else newest[0], article_id),
    )
