"""How the words of a search are ranked without looking at every article that has one.

FTS5's bm25 counts, for each word, all articles that have it, and reads the length of every hit:
with a word that half of a million articles have, that is seconds. Such a word says next to nothing
about which article is meant — its weight in bm25 is next to nothing as well — so a word in more
than `COMMON_ROWS` articles decides what matches, and not what comes first.
"""

from dataclasses import dataclass
from typing import Literal

from pipelines.store.database.database import Connected
from pipelines.store.search.search_query import Query, Term, word_expression

COMMON_ROWS = 10_000
"""From so many articles on a word is common: ranking so many hits takes 40 ms."""

NEWEST_LOOKED_AT = 2_000
"""Of hits of common words, so many of the newest are searched for those words in their titles.

It bounds the time of such a search; pages beyond them come newest first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How to put hits in order.

    Attributes:
        kind: ``words``: by bm25 of all words; ``rare``: by that of the rare ones; ``newest``: words
            in the title first, then the newest.
        expression: What has to match.
        rare_expression: What to rank by; the same as `expression` but for ``rare``.
    """

    kind: Literal["words", "rare", "newest"]
    expression: str
    rare_expression: str


def choose_ranking(db: Connected, query: Query) -> Ranking | None:
    """How to rank a query for words; None when it has nothing to look for."""
    expression = word_expression(query)
    if expression is None:
        return None
    (newest,) = db.conn.execute("SELECT max(id) FROM articles").fetchone()
    if (newest or 0) <= COMMON_ROWS:
        return Ranking("words", expression, expression)
    wanted = [group for group in query if not group[0].is_negated]
    rare = tuple(group for group in wanted if not _is_common(db, group))
    if len(rare) == len(wanted):
        return Ranking("words", expression, expression)
    rare_expression = word_expression(rare)
    if rare_expression is None:
        return Ranking("newest", expression, expression)
    return Ranking("rare", expression, rare_expression)


def newest_first(db: Connected, expression: str, limit: int, offset: int) -> list[int]:
    """Ids of hits of common words: those with the words in the title first, then the newest."""
    if offset + limit > NEWEST_LOOKED_AT:
        return _newest(db, expression, limit, offset)
    ids = _newest(db, expression, NEWEST_LOOKED_AT, 0)
    if not ids:
        return []
    in_title = {
        row[0]
        for row in db.conn.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid >= ?",
            (f"{{title}} : ({expression})", ids[-1]),
        )
    }
    ids.sort(key=lambda article_id: (article_id not in in_title, -article_id))
    return ids[offset : offset + limit]


def _newest(db: Connected, expression: str, limit: int, offset: int) -> list[int]:
    rows = db.conn.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? "
        "ORDER BY rowid DESC LIMIT ? OFFSET ?",
        (expression, limit, offset),
    )
    return [row[0] for row in rows]


def _is_common(db: Connected, group: tuple[Term, ...]) -> bool:
    expression = word_expression((group,))
    return (
        db.conn.execute(
            "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1 OFFSET ?",
            (expression, COMMON_ROWS),
        ).fetchone()
        is not None
    )
