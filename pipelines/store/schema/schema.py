"""What every table, view and column holds, said once.

The README, `winnow schema` and the Datasette metadata are made from this; a test fails when a
column of the database is not described here, or one described here is not in the database.
"""

from dataclasses import dataclass

from pipelines.store.schema.article_tables import ARTICLE_TABLES
from pipelines.store.schema.crawl_tables import CRAWL_TABLES
from pipelines.store.schema.views import VIEWS

INTERNAL = frozenset({"_sqlite_migrations"})
"""Tables that are nobody's business: which schema steps have run."""


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """A column in words."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class TableDescription:
    """A table or view in words.

    Attributes:
        kind: ``table``, ``view`` or ``index`` (a full-text index, to be used with MATCH).
        columns: In the order of the table.
    """

    name: str
    kind: str
    description: str
    columns: tuple[ColumnDescription, ...]


def _read(text: str, kind: str) -> TableDescription:
    """A description from its text: ``name: words``, then ``column: words`` lines, indented."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    name, _, description = lines[0].partition(": ")
    columns: dict[str, str] = {}
    last = ""
    for line in lines[1:]:
        if line.startswith("        "):  # goes on from the line before
            columns[last] += " " + line.strip()
        else:
            last, _, words = line.strip().partition(": ")
            columns[last] = words
    kind = "index" if name.startswith("articles_fts") else kind
    described = tuple(ColumnDescription(*item) for item in columns.items())
    return TableDescription(name, kind, description, described)


TABLES: tuple[TableDescription, ...] = tuple(
    _read(text, kind)
    for kind, texts in (("table", ARTICLE_TABLES), ("table", CRAWL_TABLES), ("view", VIEWS))
    for text in texts
)
"""Every table and view, those of articles first."""


def schema_markdown() -> str:
    """All descriptions as Markdown, for people."""
    parts = []
    for table in TABLES:
        lines = [f"### {table.name} ({table.kind})", "", table.description, ""]
        lines += ["| column | holds |", "| --- | --- |"]
        lines += [f"| `{column.name}` | {column.description} |" for column in table.columns]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
