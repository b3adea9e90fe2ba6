"""What can be exported: for each table its columns, in an order that stays.

Columns may be added at the end of a table; they are never renamed, reordered or removed, because
people's loaders name them.
"""

from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal["integer", "real", "boolean", "text", "time", "list", "json"]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export.

    Attributes:
        sql: What it is computed from.
        kind: ``time`` is ISO 8601 text; ``list`` a JSON array of strings; ``json`` any JSON.
        is_default: Whether it is there when no columns are named.
    """

    name: str
    sql: str
    kind: ColumnKind = "text"
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table that can be exported.

    Attributes:
        source: The FROM clause; the article is `a`, its source `s`.
        order: Columns that fix the order of rows within an article.
    """

    name: str
    columns: tuple[ExportColumn, ...]
    source: str
    order: str = ""

    def column(self, name: str) -> ExportColumn | None:
        """The column of that name, None when there is none."""
        return next((column for column in self.columns if column.name == name), None)


# The rows of an article lie side by side in the order of their keys, and CROSS JOIN has them read
# in that order: there is nothing to sort.
def _names(table: str, link: str, key: str) -> str:
    return (
        f"(SELECT json_group_array(n.name) FROM {link} l CROSS JOIN {table} n ON n.id = l.{key} "
        "WHERE l.article_id = a.id)"
    )


def _parts(table: str, fields: str) -> str:
    pairs = ", ".join(f"'{field}', p.{field}" for field in fields.split())
    return (
        f"(SELECT json_group_array(json_object({pairs})) FROM {table} p WHERE p.article_id = a.id)"
    )


def _plain(prefix: str, names: str, kind: ColumnKind = "text") -> tuple[ExportColumn, ...]:
    return tuple(ExportColumn(name, f"{prefix}.{name}", kind) for name in names.split())


_ARTICLES = ExportTable(
    "articles",
    (
        ExportColumn("id", "a.id", "integer"),
        *_plain("a", "url canonical_url"),
        ExportColumn("source", "s.name"),
        *_plain("a", "site_name title description"),
        ExportColumn("authors", _names("authors", "article_authors", "author_id"), "list"),
        *_plain("a", "published_at modified_at", "time"),
        *_plain("a", "language section"),
        ExportColumn("tags", _names("tags", "article_tags", "tag_id"), "list"),
        *_plain("a", "image_url access"),
        ExportColumn("word_count", "a.word_count", "integer"),
        ExportColumn("page_kind", "a.page_kind"),
        ExportColumn("confidence", "a.confidence", "real"),
        ExportColumn("revision", "a.revision", "integer"),
        ExportColumn("duplicate_of", "a.duplicate_of", "integer"),
        *_plain("a", "first_seen_at changed_at last_seen_at", "time"),
        ExportColumn("text", "a.text"),
        ExportColumn("markdown", "a.markdown", is_default=False),
        ExportColumn("headings", _parts("headings", "level text"), "json", is_default=False),
        ExportColumn(
            "list_items",
            _parts("list_items", "list_position depth ordered text"),
            "json",
            is_default=False,
        ),
        ExportColumn("faq", _parts("faqs", "question answer source"), "json", is_default=False),
        ExportColumn("images", _parts("images", "url alt caption"), "json", is_default=False),
        ExportColumn("robots", "a.robots", "list", is_default=False),
        ExportColumn("evidence", "a.evidence", "json", is_default=False),
        ExportColumn("content_hash", "a.content_hash", is_default=False),
        ExportColumn("extractor_version", "a.extractor_version", is_default=False),
    ),
    "articles a LEFT JOIN sources s ON s.id = a.source_id",
)

_OF_ARTICLE = (
    ExportColumn("article_id", "a.id", "integer"),
    ExportColumn("article_url", "a.url"),
    ExportColumn("article_title", "a.title"),
    ExportColumn("published_at", "a.published_at", "time"),
)


def _part_table(name: str, *columns: ExportColumn, order: str = "p.position") -> ExportTable:
    return ExportTable(
        name,
        (*_OF_ARTICLE, *columns),
        f"articles a JOIN {name} p ON p.article_id = a.id "
        "LEFT JOIN sources s ON s.id = a.source_id",
        order,
    )


_POSITION = ExportColumn("position", "p.position", "integer")

EXPORT_TABLES = {
    table.name: table
    for table in (
        _ARTICLES,
        _part_table("faqs", _POSITION, *_plain("p", "question answer source")),
        _part_table(
            "headings",
            _POSITION,
            ExportColumn("level", "p.level", "integer"),
            ExportColumn("text", "p.text"),
            ExportColumn("parent_position", "p.parent_position", "integer"),
        ),
        _part_table(
            "list_items",
            ExportColumn("list_position", "p.list_position", "integer"),
            _POSITION,
            ExportColumn("depth", "p.depth", "integer"),
            ExportColumn("ordered", "p.ordered", "boolean"),
            ExportColumn("text", "p.text"),
            order="p.list_position, p.position",
        ),
        _part_table(
            "comments",
            _POSITION,
            ExportColumn("depth", "p.depth", "integer"),
            ExportColumn("author", "p.author"),
            ExportColumn("commented_at", "p.published_at", "time"),
            ExportColumn("text", "p.text"),
        ),
        _part_table(
            "entries",
            _POSITION,
            ExportColumn("posted_at", "p.published_at", "time"),
            *_plain("p", "heading author text"),
        ),
        _part_table("quotes", _POSITION, *_plain("p", "text")),
        _part_table("images", _POSITION, *_plain("p", "url alt caption")),
        _part_table(
            "links",
            _POSITION,
            *_plain("p", "url text rel block_kind"),
            ExportColumn("text_offset", "p.text_offset", "integer"),
        ),
        _part_table(
            "tables",
            _POSITION,
            ExportColumn("caption", "p.caption"),
            *_plain("p", "row_count column_count", "integer"),
            ExportColumn("rows", "p.rows", "json"),
        ),
        _part_table(
            "revisions",
            ExportColumn("revision", "p.revision", "integer"),
            *_plain("p", "seen_at replaced_at", "time"),
            *_plain("p", "title text content_hash"),
            ExportColumn("diff", "p.diff", "json"),
            order="p.revision",
        ),
    )
}
"""Every table that can be exported, by name."""
