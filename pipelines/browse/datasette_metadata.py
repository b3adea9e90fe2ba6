"""What Datasette is told about the database: words, labels, facets and ready questions."""

from typing import Any

from pipelines.store.queries import QUERIES
from pipelines.store.schema import TABLES

# A label stands where an id would: "Harbour Courier" instead of 3.
_LABELS = {"sources": "name", "authors": "name", "tags": "name", "articles": "title", "urls": "url"}
_FACETS = {
    "articles": ["source_id", "language", "section", "access"],
    "article_overview": ["source", "language", "section", "access"],
    "faq_overview": ["source", "language", "found_in"],
    "urls": ["state", "source_id", "kind"],
    "failures": ["stage", "error", "source_id"],
    "fetches": ["status"],
    "headings": ["level"],
}
_NEWEST_FIRST = {
    "articles": "published_at",
    "article_overview": "published_at",
    "failures": "failed_at",
    "crawls": "started_at",
    "fetches": "fetched_at",
    "revisions": "seen_at",
}
_SEARCH_TABLE = {"articles": "articles_fts"}
# How the database keeps itself: true, but not what people come for.
_HIDDEN = ("_sqlite_migrations", "_sqlite_utils_migrations")


def build_metadata(database_name: str) -> dict[str, Any]:
    """Datasette's metadata for one database of ours (docs.datasette.io, "Metadata").

    Args:
        database_name: Datasette's name of the file: its stem.
    """
    tables: dict[str, dict[str, Any]] = {name: {"hidden": True} for name in _HIDDEN}
    for table in TABLES:
        words: dict[str, Any] = {
            "description": table.description,
            "columns": {column.name: column.description for column in table.columns},
        }
        if label := _LABELS.get(table.name):
            words["label_column"] = label
        if facets := _FACETS.get(table.name):
            words["facets"] = facets
        if newest := _NEWEST_FIRST.get(table.name):
            words["sort_desc"] = newest
        if search := _SEARCH_TABLE.get(table.name):
            words["fts_table"] = search
        tables[table.name] = words
    queries = {
        name: {"title": query.title, "description": query.description, "sql": query.sql.strip()}
        for name, query in QUERIES.items()
    }
    return {
        "title": "winnow",
        "description": "Articles recovered from news pages. Start with article_overview, "
        "or with one of the ready questions.",
        "databases": {database_name: {"tables": tables, "queries": queries}},
    }
