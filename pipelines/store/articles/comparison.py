"""What a new reading of a page says differently from the stored article."""

from sqlite_utils import Database

from pipelines.store.articles.rows import COLUMNS, PARTS, ArticleRows
from pipelines.store.database.database import reading

# These follow from other columns; saying that they changed as well would say it twice.
_DERIVED = frozenset({"word_count", "content_hash", "record_hash", "has_cjk", "markdown"})
_COMPARED = tuple(column for column in COLUMNS if column not in _DERIVED)
_NAMES = {"authors": ("article_authors", "author_id"), "tags": ("article_tags", "tag_id")}


def find_changed_fields(db: Database, article_id: int, rows: ArticleRows) -> tuple[str, ...]:
    """Names of the columns and part tables in which `rows` differs from the stored article.

    Empty when it does not, and when there is no such article.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        stored = db.conn.execute(
            f"SELECT {', '.join(_COMPARED)}, record_hash FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if stored is None or stored[-1] == rows.record_hash:
            return ()
        new = dict(zip(COLUMNS, rows.values, strict=True))
        changed = [
            column
            for column, value in zip(_COMPARED, stored[:-1], strict=True)
            if value != new[column]
        ]
        for table, columns in PARTS.items():
            found = db.conn.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE article_id = ? ORDER BY 1, 2",
                (article_id,),
            )
            if tuple(found) != tuple(sorted(rows.parts[table], key=lambda row: row[:2])):
                changed.append(table)
        for table, names in (("authors", rows.authors), ("tags", rows.tags)):
            link, key = _NAMES[table]
            found = db.conn.execute(
                f"SELECT n.name FROM {link} l JOIN {table} n ON n.id = l.{key} "
                "WHERE l.article_id = ? ORDER BY l.position",
                (article_id,),
            )
            if tuple(name for (name,) in found) != names:
                changed.append(table)
    return tuple(changed)
