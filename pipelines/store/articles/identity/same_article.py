"""Which row an article belongs to: addresses lead to rows, and texts say whether that is so.

A canonical link is a claim, and so is a redirect: templates name one story on every page, and a
consent wall is where a whole site redirects to for a day. What two addresses show is one article
only when the texts agree. An address at which a row's article itself was last read needs no such
proof: what is there is that article, changed.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.store.articles.identity.story_likeness import StoryText, tells_same_story
from pipelines.store.articles.rows import ArticleToSave
from scraper.urls.related_urls import is_related_address, is_same_address, spellings_of
from scraper.urls.web_urls import is_same_site

_MOST_COMPARED: Final = 8
"""Rows that the addresses of one page lead to; more is a template's fault, and these say so."""


@dataclass(frozen=True, slots=True)
class SameArticle:
    """Which row an article belongs to.

    Attributes:
        id: The row; None for an article that is new.
        copies: Further rows that hold the same text.
        joins: Further rows that hold it and whose own address leads to this one by now.
        believes_canonical: Whether the canonical URL that the page names may be filed.
        splits: A row that wrongly has the page's own URL as one of its addresses; None for none.
        disproved: Rows that named the page's own address as their canonical, or share it with this
            one, and hold another story.
    """

    id: int | None
    copies: tuple[int, ...] = ()
    joins: tuple[int, ...] = ()
    believes_canonical: bool = True
    splits: int | None = None
    disproved: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A row that one of an article's addresses leads to."""

    id: int
    how: Literal["url", "alias", "canonical"]
    through: str
    row_url: str


def find_same_article(conn: sqlite3.Connection, item: ArticleToSave) -> SameArticle:
    """Which row an article belongs to, by its addresses and by its text.

    Raises:
        sqlite3.Error: The database cannot be read.
    """
    rows = item.rows
    named = (rows.canonical_url or rows.url, rows.url, *item.aliases)
    candidates = _find_candidates(conn, list(dict.fromkeys((*named, *spellings_of(rows.url)))))
    if not candidates:
        return SameArticle(None)
    text = StoryText(rows.title, rows.text)
    agrees = {id_: _agrees(conn, id_, text) for id_ in _ids_of(candidates)}
    # What was met by a later page of it holds but a part of the text.
    agrees |= {c.id: True for c in candidates if c.row_url in item.later_urls}
    own = next((c.id for c in candidates if _is_own(c, rows.url)), None)
    chosen = (
        own
        if own is not None and not agrees[own]
        else next((c.id for c in candidates if c.id == own or agrees[c.id]), None)
    )
    alias = next((c for c in candidates if c.how == "alias" and c.through == rows.url), None)
    splits = None
    if chosen is None and alias is not None:
        if _is_known_elsewhere(conn, alias, rows.url):
            splits = alias.id
        else:
            chosen = alias.id
    moved = {c.id for c in candidates if c.row_url in item.moved_from and agrees[c.id]}
    joined: list[int] = []
    if chosen is not None and agrees[chosen] and moved:
        chosen, *joined = sorted({chosen, *moved})
    others = [c for c in candidates if c.id != chosen and c.id not in joined]
    strangers = [c for c in others if not agrees[c.id]]
    return SameArticle(
        chosen,
        joins=tuple(joined),
        copies=tuple(dict.fromkeys(c.id for c in others if agrees[c.id])),
        believes_canonical=not any(c.through == rows.canonical_url for c in strangers),
        splits=splits,
        disproved=tuple(dict.fromkeys(c.id for c in strangers if _is_disproved(c))),
    )


def _is_own(candidate: _Candidate, url: str) -> bool:
    return candidate.how == "url" and is_same_address(candidate.row_url, url)


def find_article_at(conn: sqlite3.Connection, url: str, story: StoryText) -> int | None:
    """The row whose article an address shows, when it shows `story` now; None when it shows none.

    An address that was wrongly filed with another story's has no row once it shows its own.
    """
    candidates = [c for c in _find_candidates(conn, [url]) if c.how != "canonical"]
    for candidate in candidates:
        if _is_own(candidate, url) or _agrees(conn, candidate.id, story):
            return candidate.id
        if not _is_known_elsewhere(conn, candidate, url):
            return candidate.id
    return None


def find_by_address(conn: sqlite3.Connection, urls: Sequence[str]) -> list[int]:
    """The rows that addresses lead to, the likeliest first; what they hold is not looked at."""
    return _ids_of(_find_candidates(conn, urls))


def _ids_of(candidates: Sequence[_Candidate]) -> list[int]:
    return list(dict.fromkeys(candidate.id for candidate in candidates))


def _find_candidates(conn: sqlite3.Connection, urls: Sequence[str]) -> list[_Candidate]:
    """Rows that addresses lead to: the first address decides, of equals the oldest article."""
    marks = ", ".join("?" * len(urls))
    found = conn.execute(
        f"SELECT id, 'url', url, url FROM articles WHERE url IN ({marks}) "
        "UNION ALL SELECT a.id, 'alias', u.url, a.url FROM article_urls u "
        f"JOIN articles a ON a.id = u.article_id WHERE u.url IN ({marks}) "
        "UNION ALL SELECT id, 'canonical', canonical_url, url FROM articles "
        f"WHERE canonical_url IN ({marks})",
        (*urls, *urls, *urls),
    ).fetchall()
    candidates = [_Candidate(*row) for row in found]
    kept = [c for c in candidates if c.how != "canonical" or _is_credible(conn, c)]
    kept.sort(key=lambda c: (urls.index(c.through), c.id))
    few = _ids_of(kept)[:_MOST_COMPARED]
    return [candidate for candidate in kept if candidate.id in few]


def _is_credible(conn: sqlite3.Connection, candidate: _Candidate) -> bool:
    """Whether a stored canonical URL is on a site that the article is known on.

    Older versions believed others too. What is there is another article.
    """
    if is_same_site(candidate.through, candidate.row_url):
        return True
    others = conn.execute("SELECT url FROM article_urls WHERE article_id = ?", (candidate.id,))
    return any(is_same_site(candidate.through, other) for (other,) in others)


def _agrees(conn: sqlite3.Connection, article_id: int, text: StoryText) -> bool:
    row = conn.execute("SELECT title, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row is not None and tells_same_story(StoryText(*row), text)


def _is_known_elsewhere(conn: sqlite3.Connection, alias: _Candidate, url: str) -> bool:
    """Whether a row that has `url` among its addresses was read at another one, by itself.

    Then what is now at `url` is a story of its own. When nothing else was ever read, or all that is
    left of the other address is a redirect to this one, it is the row's story, rewritten.
    """
    answered = conn.execute(
        "SELECT url FROM urls WHERE url IN (SELECT ?1 UNION ALL "
        "SELECT url FROM article_urls WHERE article_id = ?2) AND url <> ?3 "
        "AND last_fetched_at IS NOT NULL AND redirects_to IS NULL "
        "AND state IN ('done', 'leased', 'due')",
        (alias.row_url, alias.id, url),
    )
    return any(not is_related_address(other, url) for (other,) in answered)


def _is_disproved(candidate: _Candidate) -> bool:
    """Whether a row's canonical is refuted: two stories have it, and the row's is not its owner."""
    return candidate.how == "canonical" and not is_same_address(
        candidate.row_url, candidate.through
    )
