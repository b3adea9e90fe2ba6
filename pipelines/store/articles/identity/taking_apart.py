"""Taking apart what was merged wrongly: an address gets its own row back, and its own versions."""

import sqlite3

from pipelines.store.articles.identity.story_likeness import StoryText, tells_same_story
from pipelines.store.articles.identity.version_numbers import number_again


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
        number_again(conn, article_id)


def _tells(story: StoryText, title: str | None, text: str) -> bool:
    return tells_same_story(StoryText(title, text), story)
