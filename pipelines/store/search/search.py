"""Full-text search over title, description and text."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.store.database.database import Connected, reading
from pipelines.store.search.search_query import (
    Query,
    Term,
    has_cjk,
    parse_query,
    short_groups,
    trigram_expression,
)
from pipelines.store.search.search_ranking import Ranking, choose_ranking, newest_first

_MARK_START, _MARK_END = "\x02", "\x03"  # extraction lets no control into a text
_SNIPPET_TOKENS = 24  # words: two lines of a terminal
_SNIPPET_TRIGRAMS = 60  # one a character; FTS5 allows 64
_COLUMNS = "a.id, a.url, a.title, a.published_at, s.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """What an article must be besides matching the query; a field that is None excludes nothing.

    Attributes:
        source: Name of the source.
        since: Published on this day or later; articles without a date by when they were first seen.
        until: Published on this day or earlier.
        author: Part of an author's name, whatever its case.
        tag: A tag, whatever its case.
        language: BCP 47 tag; ``pt`` finds ``pt-BR`` as well.
    """

    source: str | None = None
    since: date | None = None
    until: date | None = None
    author: str | None = None
    tag: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that matches.

    Attributes:
        snippet: The part of it that matches best, plain text.
        snippet_runs: The same in pieces, each with whether it is what was looked for.
        source: Name of its source; None when it has none.
        score: Higher is better; comparable within one search only. 0 for all hits of a search for
            words so common that they rank nothing, which are given the newest first.
    """

    id: int
    url: str
    title: str | None
    snippet: str
    snippet_runs: tuple[tuple[str, bool], ...]
    published_at: str | None
    source: str | None
    score: float


def search_articles(
    db: Connected,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    filters: SearchFilters | None = None,
) -> list[SearchHit]:
    """Articles that match, the best first; any text is a query, `search_query` says how it is read.

    Empty when nothing matches, or when the query has no word to look for.

    Raises:
        StoreError: The database cannot be read.

    Example:
        >>> from pipelines.store.articles.articles import save_article
        >>> from pipelines.store.database.database import open_database
        >>> from scraper.article import Article
        >>> db = open_database(":memory:")
        >>> _ = save_article(db, Article(url="https://example.org/", text="Rain over Malmö."))
        >>> search_articles(db, "malmo")[0].snippet
        'Rain over Malmö.'
    """
    parsed = parse_query(query)
    conditions, parameters = _filter_sql(filters or SearchFilters())
    parameters |= {"limit": limit, "offset": offset}
    where = (conditions, parameters)
    with reading(db):
        if not has_cjk(parsed):
            rows = _match_words(db, choose_ranking(db, parsed), where)
        else:
            for index, group in enumerate(short_groups(parsed)):
                conditions.append(_contains_sql(group, index, parameters))
            expression = trigram_expression(parsed)
            if expression is not None:
                ranking = Ranking("words", expression, expression)
                rows = _match(db, "articles_fts_cjk", ranking, where)
            elif all(group[0].is_negated for group in parsed):
                rows = []
            else:
                rows = _scan(db, parsed, where)
    return [_hit(row) for row in rows]


_Conditions = tuple[list[str], dict[str, Any]]


def _match_words(db: Connected, ranking: Ranking | None, where: _Conditions) -> list[Any]:
    if ranking is None:
        return []
    conditions, parameters = where
    if ranking.kind != "newest" or conditions:
        return _match(db, "articles_fts", ranking, where)
    ids = newest_first(db, ranking.expression, parameters["limit"], parameters["offset"])
    marks = ", ".join(map(str, ids))
    one_page = ([f"articles_fts.rowid IN ({marks})"], {"limit": len(ids), "offset": 0})
    found = {row[0]: row for row in _match(db, "articles_fts", ranking, one_page)}
    return [found[article_id] for article_id in ids]


def _match(db: Connected, table: str, ranking: Ranking, where: _Conditions) -> list[Any]:
    conditions, parameters = where
    values = {**parameters, "ranked_by": ranking.rare_expression}
    score, order = f"-{table}.rank", f"{table}.rank"
    if ranking.kind == "newest":
        score, order = "0.0", f"{table}.rowid DESC"
    elif ranking.kind == "rare":
        # The plus keeps SQLite from looking up one row after the other, each a search of its own.
        conditions = [
            f"+{table}.rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH :matching)",
            *conditions,
        ]
        values["matching"] = ranking.expression
    tokens = _SNIPPET_TOKENS if table == "articles_fts" else _SNIPPET_TRIGRAMS
    # CROSS JOIN keeps the index outside: it hands out the best first, and the limit ends the walk.
    return db.conn.execute(
        f"SELECT {_COLUMNS}, "
        f"snippet({table}, -1, '{_MARK_START}', '{_MARK_END}', ' … ', {tokens}), {score} "
        f"FROM {table} CROSS JOIN articles a ON a.id = {table}.rowid "
        "LEFT JOIN sources s ON s.id = a.source_id "
        f"WHERE {' AND '.join([f'{table} MATCH :ranked_by', *conditions])} "
        f"ORDER BY {order} LIMIT :limit OFFSET :offset",
        values,
    ).fetchall()


def _scan(db: Connected, query: Query, where: _Conditions) -> list[Any]:
    """Hits for terms of one or two characters, newest first.

    The index holds pieces of three, so the texts of all articles with such characters are read.
    """
    conditions, parameters = where
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, a.text, 0.0 FROM articles a "
        "LEFT JOIN sources s ON s.id = a.source_id "
        f"WHERE {' AND '.join(['a.has_cjk = 1', *conditions])} "
        "ORDER BY a.published_at DESC, a.id DESC LIMIT :limit OFFSET :offset",
        parameters,
    ).fetchall()
    words = [term.text for group in query for term in group if not term.is_negated]
    return [(*row[:5], _cut_out(row[5], words), row[6]) for row in rows]


def _cut_out(text: str, words: list[str]) -> str:
    found = [(text.find(word), word) for word in words if word in text]
    if not found:
        return text[:80]
    position, word = min(found)
    start = max(position - 30, 0)
    end = position + len(word)
    return (
        f"{' … ' if start else ''}{text[start:position]}{_MARK_START}{word}{_MARK_END}"
        f"{text[end : end + 50]}"
    ).replace("\n", " ")


def _contains_sql(group: tuple[Term, ...], index: int, parameters: dict[str, Any]) -> str:
    alternatives = []
    for number, term in enumerate(group):
        name = f"short_{index}_{number}"
        parameters[name] = term.text
        alternatives.append(
            f"instr(a.text, :{name}) OR instr(coalesce(a.title, ''), :{name}) "
            f"OR instr(coalesce(a.description, ''), :{name})"
        )
    condition = f"({' OR '.join(alternatives)})"
    return f"NOT {condition}" if group[0].is_negated else condition


def _filter_sql(filters: SearchFilters) -> _Conditions:
    published = "coalesce(a.published_at, a.first_seen_at)"
    possible = {
        "source": (filters.source, "s.name = :source"),
        "since": (filters.since, f"{published} >= :since"),
        # A day's last moment sorts before the day followed by a character after every digit and T.
        "until": (filters.until, f"{published} < :until || '~'"),
        "author": (
            filters.author,
            "EXISTS (SELECT 1 FROM article_authors l JOIN authors n ON n.id = l.author_id "
            "WHERE l.article_id = a.id AND instr(lower(n.name), lower(:author)))",
        ),
        "tag": (
            filters.tag,
            "EXISTS (SELECT 1 FROM article_tags l JOIN tags n ON n.id = l.tag_id "
            "WHERE l.article_id = a.id AND n.name = :tag COLLATE NOCASE)",
        ),
        "language": (
            filters.language,
            "(a.language = :language COLLATE NOCASE OR a.language LIKE :language || '-%')",
        ),
    }
    used = {name: item for name, item in possible.items() if item[0] is not None}
    values: dict[str, Any] = {
        name: value.isoformat()[:10] if isinstance(value, date) else value
        for name, (value, _) in used.items()
    }
    return [condition for _, condition in used.values()], values


def _hit(row: tuple[Any, ...]) -> SearchHit:
    article_id, url, title, published_at, source, marked, score = row
    runs = []
    for index, piece in enumerate((marked or "").split(_MARK_START)):
        inside, mark, outside = piece.partition(_MARK_END)
        if index and mark:
            runs.append((inside, True))
            inside = outside
        if inside:
            runs.append((inside, False))
    text = "".join(piece for piece, _ in runs)
    return SearchHit(article_id, url, title, text, tuple(runs), published_at, source, score)
