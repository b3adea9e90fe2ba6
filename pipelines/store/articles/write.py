"""The statements that write one article: inside a transaction that `articles` opens."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pipelines.store.articles.duplicates import link_duplicate
from pipelines.store.articles.identity.joining_rows import join_rows, move_row
from pipelines.store.articles.identity.same_article import find_same_article
from pipelines.store.articles.identity.taking_apart import take_apart
from pipelines.store.articles.identity.version_numbers import number_again
from pipelines.store.articles.revisions import diff_version, encode_changes
from pipelines.store.articles.rows import COLUMNS, PARTS, ArticleRows, ArticleToSave
from pipelines.store.database.times import utc_text
from pipelines.store.pages.pages_of_article import has_later_pages, save_later_pages
from scraper.urls.web_urls import is_same_site

SaveStatus = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """What became of an article that was saved.

    Attributes:
        id: `articles.id`; it never changes and is never given to another article.
        status: ``changed`` when title or text are not those stored before; ``unchanged`` also when
            only details (a tag, the modification date) are new, which are stored all the same.
        revision: Number of the version now in `articles`, 1 for the first.
    """

    id: int
    status: SaveStatus
    revision: int


@dataclass(frozen=True, slots=True)
class _Stored:
    """What has to be known of the stored version to decide what to write."""

    id: int
    url: str
    canonical_url: str | None
    title: str | None
    text: str
    content_hash: str
    record_hash: str
    page_hash: str | None
    revision: int
    changed_at: str
    last_seen_at: str
    extractor_version: str | None


_STORED_COLUMNS = ", ".join(_Stored.__dataclass_fields__)
_PROVENANCE = ("page_hash", "last_seen_at", "extractor_version")
_NEXT = (
    "(SELECT max(coalesce((SELECT max({0}) FROM articles), 0), "
    "(SELECT max({0}) FROM article_marks)) + 1)"
)
_INSERT = (
    f"INSERT INTO articles (id, url, {', '.join(COLUMNS)}, {', '.join(_PROVENANCE)}, "
    "source_id, change_id, revision, first_seen_at, changed_at) "
    f"VALUES ({_NEXT.format('id')}, ?, "
    f"{', '.join('?' * (len(COLUMNS) + len(_PROVENANCE)))}, "
    f"?, {_NEXT.format('change_id')}, 1, ?, ?)"
)
_UPDATE = (
    f"UPDATE articles SET {', '.join(f'{c} = ?' for c in (*COLUMNS, *_PROVENANCE))}, "
    "source_id = coalesce(source_id, ?), "
    f"change_id = {_NEXT.format('change_id')}, revision = ?, changed_at = ? "
    "WHERE id = ?"
)
_INSERT_PART = {
    table: f"INSERT INTO {table} (article_id, {', '.join(columns)}) "
    f"VALUES (?, {', '.join('?' * len(columns))})"
    for table, columns in PARTS.items()
}
_DELETE_PARTS = tuple(
    f"DELETE FROM {table} WHERE article_id = ?"
    for table in (*PARTS, "article_authors", "article_tags")
)


def write_article(conn: sqlite3.Connection, item: ArticleToSave) -> SavedArticle:
    """Insert or update one article with all its parts, inside the caller's transaction.

    Raises:
        sqlite3.Error: It cannot be written; the caller rolls back.
    """
    seen_at = utc_text(item.seen_at)
    same = find_same_article(conn, item)
    if not same.believes_canonical:
        item = replace(item, rows=item.rows.without_canonical())
    _drop_disproved(conn, same.disproved)
    rows = item.rows
    if same.id is None:
        saved = _insert(conn, item, seen_at)
        if item.later_page_hashes:
            save_later_pages(conn, saved.id, item.later_page_hashes)
        own_urls = {rows.url}
    else:
        for joined in same.joins:
            join_rows(conn, same.id, joined)
        stored = _Stored(
            *conn.execute(
                f"SELECT {_STORED_COLUMNS} FROM articles WHERE id = ?",
                (same.id,),
            ).fetchone()
        )
        stored = _with_first_page_url(conn, stored, item)
        if stored.url in item.moved_from:
            move_row(conn, stored.id, stored.url, rows.url)
            stored = replace(stored, url=rows.url)
        saved = _update(conn, item, stored, seen_at)
        if same.joins:
            saved = replace(saved, revision=number_again(conn, saved.id))
        own_urls = {stored.url}
        if stored.canonical_url and is_same_site(stored.canonical_url, stored.url):
            item = replace(item, aliases=(*item.aliases, stored.canonical_url))
    own_urls.update(rows.aliases)
    _save_aliases(conn, saved.id, {rows.url, *item.aliases} - own_urls)
    if same.splits is not None:
        take_apart(conn, same.splits, saved.id, rows.url)
    if same.copies:
        conn.executemany(
            "UPDATE articles SET duplicate_of = ?1 WHERE id = ?2 AND duplicate_of IS NULL "
            # Never both of each other.
            "AND id IS NOT (SELECT duplicate_of FROM articles WHERE id = ?1)",
            [(saved.id, other) for other in same.copies],
        )
    if saved.status != "unchanged":
        link_duplicate(conn, saved.id, rows.duplicate_keys, rows.text)
    return saved


def _drop_disproved(conn: sqlite3.Connection, article_ids: Sequence[int]) -> None:
    """Take back canonical URLs that turned out to be another story's."""
    conn.executemany(
        "UPDATE articles SET canonical_url = NULL WHERE id = ?", [(id_,) for id_ in article_ids]
    )


def _with_first_page_url(conn: sqlite3.Connection, stored: _Stored, item: ArticleToSave) -> _Stored:
    """An article that was known by a later page of it, under the URL of its first one."""
    url = item.rows.url
    if stored.url not in item.later_urls or url in item.later_urls:
        return stored
    if conn.execute("SELECT 1 FROM articles WHERE url = ?", (url,)).fetchone():
        return stored
    conn.execute("UPDATE articles SET url = ? WHERE id = ?", (url, stored.id))
    return replace(stored, url=url)


def _insert(conn: sqlite3.Connection, item: ArticleToSave, seen_at: str) -> SavedArticle:
    rows = item.rows
    cursor = conn.execute(
        _INSERT,
        (
            rows.url,
            *rows.values,
            item.page_hash,
            seen_at,
            item.extractor_version,
            item.source_id,
            seen_at,
            seen_at,
        ),
    )
    article_id = cursor.lastrowid
    assert article_id is not None  # noqa: S101 - an INSERT into a rowid table has one
    _insert_parts(conn, article_id, rows)
    conn.execute(
        "INSERT INTO article_blocks (article_id, record) VALUES (?, ?)", (article_id, rows.record)
    )
    return SavedArticle(article_id, "new", 1)


def _update(
    conn: sqlite3.Connection, item: ArticleToSave, stored: _Stored, seen_at: str
) -> SavedArticle:
    rows = item.rows
    is_same_page = (
        stored.page_hash is not None
        and item.page_hash == stored.page_hash
        and has_later_pages(conn, stored.id, item.later_page_hashes)
    )
    # An archive may bring a capture older than what is stored; it must not take its place.
    is_older = not is_same_page and seen_at < stored.last_seen_at
    if rows.record_hash == stored.record_hash or is_older:
        _touch(conn, item, stored, seen_at, is_older=is_older)
        return SavedArticle(stored.id, "unchanged", stored.revision)
    has_new_content = rows.content_hash != stored.content_hash
    revision, changed_at = stored.revision, stored.changed_at
    if item.replaces:
        changed_at = seen_at
    elif has_new_content and not is_same_page:
        _save_revision(conn, stored, rows, seen_at)
        revision, changed_at = revision + 1, seen_at
    conn.execute(
        _UPDATE,
        (
            *rows.values,
            item.page_hash,
            max(seen_at, stored.last_seen_at),
            item.extractor_version,
            item.source_id,
            revision,
            changed_at,
            stored.id,
        ),
    )
    save_later_pages(conn, stored.id, item.later_page_hashes)
    for statement in _DELETE_PARTS:
        conn.execute(statement, (stored.id,))
    _insert_parts(conn, stored.id, rows)
    conn.execute(
        "UPDATE article_blocks SET record = ? WHERE article_id = ?", (rows.record, stored.id)
    )
    return SavedArticle(stored.id, "changed" if has_new_content else "unchanged", revision)


def _touch(
    conn: sqlite3.Connection, item: ArticleToSave, stored: _Stored, seen_at: str, *, is_older: bool
) -> None:
    if is_older:
        conn.execute(
            "UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?",
            (seen_at, stored.id),
        )
        return
    conn.execute(
        "UPDATE articles SET last_seen_at = max(last_seen_at, ?), "
        "page_hash = coalesce(?, page_hash), source_id = coalesce(source_id, ?), "
        "extractor_version = coalesce(?, extractor_version) WHERE id = ?",
        (seen_at, item.page_hash, item.source_id, item.extractor_version, stored.id),
    )
    if item.page_hash is not None:
        save_later_pages(conn, stored.id, item.later_page_hashes)


def _save_revision(
    conn: sqlite3.Connection, stored: _Stored, rows: ArticleRows, replaced_at: str
) -> None:
    changes = diff_version((stored.title, stored.text), (rows.title, rows.text))
    conn.execute(
        "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, title, text, "
        "content_hash, diff) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stored.id,
            stored.revision,
            stored.changed_at,
            replaced_at,
            stored.title,
            stored.text,
            stored.content_hash,
            encode_changes(changes),
        ),
    )


def _insert_parts(conn: sqlite3.Connection, article_id: int, rows: ArticleRows) -> None:
    for table, part_rows in rows.parts.items():
        if part_rows:
            conn.executemany(_INSERT_PART[table], [(article_id, *row) for row in part_rows])
    _insert_names(conn, article_id, ("authors", "article_authors", "author_id"), rows.authors)
    _insert_names(conn, article_id, ("tags", "article_tags", "tag_id"), rows.tags)


def _insert_names(
    conn: sqlite3.Connection,
    article_id: int,
    tables: tuple[str, str, str],
    names: Sequence[str],
) -> None:
    table, link, column = tables
    for position, name in enumerate(names):
        found = conn.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
        name_id: Any = (
            found[0]
            if found
            else conn.execute(f"INSERT INTO {table} (name) VALUES (?)", (name,)).lastrowid
        )
        conn.execute(
            f"INSERT INTO {link} (article_id, position, {column}) VALUES (?, ?, ?)",
            (article_id, position, name_id),
        )


def _save_aliases(conn: sqlite3.Connection, article_id: int, urls: set[str]) -> None:
    """Note further addresses of an article; one that is a row's own stays that row's."""
    if urls:
        conn.executemany(
            "INSERT INTO article_urls (url, article_id) SELECT ?1, ?2 "
            "WHERE NOT EXISTS (SELECT 1 FROM articles WHERE url = ?1 AND id <> ?2) "
            "ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id",
            [(url, article_id) for url in sorted(urls)],
        )
