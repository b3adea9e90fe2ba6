"""What Datasette is told about the database: words, labels, facets and ready questions."""

from dataclasses import dataclass
from typing import Any

from pipelines.store.schema.schema import TABLES
from pipelines.store.statistics.canned_queries import QUERIES

# The column whose value stands where an id would: "Harbour Courier" instead of 3.
_LABELS = {"sources": "name", "authors": "name", "tags": "name", "articles": "title", "urls": "url"}
_FACETS = {
    "articles": ["source_id", "language", "section", "access"],
    "article_overview": ["source", "language", "section", "access"],
    "faq_overview": ["source", "language", "found_in"],
    "urls": ["state", "source_id", "kind"],
    "failures": ["stage", "error", "source_id"],
    "fetches": ["status"],
    "headings": ["level"],
    "faqs": ["source"],
    "list_items": ["depth", "ordered"],
    "sources": ["kind"],
    "ingests": ["source_id"],
    "suspect_versions": ["reason", "outcome", "source_id"],
}
_NEWEST_FIRST = {
    "articles": "published_at",
    "article_overview": "published_at",
    "failures": "failed_at",
    "crawls": "started_at",
    "fetches": "fetched_at",
    "revisions": "seen_at",
    "suspect_versions": "last_seen_at",
}
_SEARCH = {
    "articles": {"fts_table": "articles_fts"},
    # A view has no rowid: its id is the article's.
    "article_overview": {"fts_table": "articles_fts", "fts_pk": "id"},
}
# How the database keeps itself: true, but not what people come for.
_HIDDEN = (
    "_sqlite_migrations _sqlite_utils_migrations articles_fts articles_fts_cjk article_blocks "
    "article_pages article_urls duplicate_keys exports hosts robots site_blocks sites"
).split()


@dataclass(frozen=True, slots=True)
class Group:
    """Tables that belong together, as the first page shows them."""

    title: str
    tables: tuple[str, ...]


# Columns that the first page's link to a table leaves out: long, or for programs.
LEFT_OUT = {
    "articles": tuple(
        "canonical_url text markdown evidence robots next_page_url image_url content_hash "
        "record_hash page_hash has_cjk change_id extractor_version".split()
    ),
    "suspect_versions": ("url_id", "host", "text", "content_hash", "page_hash"),
}

GROUPS = (
    Group("Start here", ("article_overview", "faq_overview", "source_health", "articles")),
    Group(
        "Parts of articles",
        (
            *("headings", "faqs", "list_items", "tables", "quotes", "images", "links"),
            *("comments", "entries", "revisions"),
        ),
    ),
    Group("In doubt", ("suspect_versions",)),
    Group("People and topics", ("authors", "article_authors", "tags", "article_tags")),
    Group("The crawl", ("sources", "crawls", "urls", "fetches", "failures", "pages", "ingests")),
)
"""What the first page shows, in this order; anything else visible follows after."""


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
        words |= _SEARCH.get(table.name, {})
        if table.name in _HIDDEN:
            words["hidden"] = True
        tables[table.name] = words
    queries = {
        name: {
            "title": query.title,
            "description": query.description,
            "sql": query.sql.strip(),
            "params": list(query.parameters),
        }
        for name, query in QUERIES.items()
    }
    return {
        "title": "winnow",
        "extra_css_urls": ["/winnow/browse.css"],
        "databases": {
            database_name: {
                "description": "Articles recovered from news pages.",
                "tables": tables,
                "queries": queries,
            }
        },
    }
