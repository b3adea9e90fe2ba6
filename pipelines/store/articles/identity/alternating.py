"""Rows whose versions alternate: stories that were merged take turns, and each is nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pipelines.store.articles.identity.story_likeness import StoryText, compare_stories
from pipelines.store.database.database import Connected, reading

_MOST_VERSIONS: Final = 12  # the latest, of one row: those that take turns do so again and again
_OTHER_STORY: Final = 0.15  # of the runs of words of the shorter version


@dataclass(frozen=True, slots=True)
class AlternatingArticle:
    """A row that holds several stories in turn.

    Attributes:
        addresses: How many addresses lead to it.
    """

    id: int
    url: str
    addresses: int


def find_alternating(db: Connected) -> list[AlternatingArticle]:
    """Articles with a version that tells another story and one after it that tells the first again.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        rows = db.conn.execute(
            "SELECT r.article_id, r.title, r.text FROM revisions r "
            "JOIN articles a ON a.id = r.article_id WHERE a.revision > 2 "
            "ORDER BY r.article_id, r.revision DESC"
        )
        ids = [
            article_id
            for article_id, versions in groupby(rows, key=lambda row: row[0])
            if _alternate(_newest(db, article_id, versions))
        ]
        return [
            AlternatingArticle(*row)
            for article_id in ids
            for row in db.conn.execute(
                "SELECT id, url, 1 + (SELECT count(*) FROM article_urls WHERE article_id = id) "
                "FROM articles WHERE id = ?",
                (article_id,),
            )
        ]


def _newest(
    db: Connected, article_id: int, versions: Iterator[tuple[int, str | None, str]]
) -> list[StoryText]:
    """The latest versions of an article, that which is in `articles` first."""
    row = db.conn.execute("SELECT title, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    stories = [StoryText(*row)]
    for _, title, text in versions:
        if len(stories) < _MOST_VERSIONS:
            stories.append(StoryText(title, text))
    return stories


def _alternate(stories: list[StoryText]) -> bool:
    return any(
        _is_other(second, first) and _is_other(second, third) and _is_again(first, third)
        for first, second, third in zip(stories, stories[1:], stories[2:], strict=False)
    ) or _are_several(stories)


def _are_several(stories: list[StoryText]) -> bool:
    """Whether three versions in a row have nothing to do with one another."""
    return any(
        _is_other(first, second) and _is_other(second, third) and _is_other(first, third)
        for first, second, third in zip(stories, stories[1:], stories[2:], strict=False)
    )


def _is_other(first: StoryText, second: StoryText) -> bool:
    likeness = compare_stories(first, second)
    return likeness.containment < _OTHER_STORY and not likeness.has_same_title


def _is_again(first: StoryText, second: StoryText) -> bool:
    return compare_stories(first, second).is_kept
