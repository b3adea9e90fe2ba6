"""Step 1: the tables of the first release; `m0001_search` has its indexes and views."""

from collections.abc import Mapping

from sqlite_utils import Database
from sqlite_utils.db import ForeignKey

from pipelines.store.migrations.m0001_search import create_search, create_views

_Columns = Mapping[str, type]


def create_first_schema(db: Database) -> None:
    """Every table, index, trigger and view of the first release."""
    _create_sources_and_crawls(db)
    _create_frontier(db)
    _create_pages(db)
    _create_articles(db)
    _create_duplicate_keys(db)
    _create_article_parts(db)
    _create_names(db)
    _create_history(db)
    _create_learning(db)
    create_search(db)
    create_views(db)


def _create(
    db: Database,
    name: str,
    columns: _Columns,
    *,
    pk: str | tuple[str, ...],
    optional: str = "",
    references: Mapping[str, str] | None = None,
) -> None:
    """One table whose columns are NOT NULL unless named in `optional`.

    `references` maps a column to ``table``, ``table CASCADE`` or ``table SET NULL``. A tuple as
    key makes a WITHOUT ROWID table: the rows of an article lie side by side, in one tree.
    """
    keys = []
    for column, target in (references or {}).items():
        table, _, action = target.partition(" ")
        keys.append(ForeignKey(name, column, table, "id", on_delete=action or "NO ACTION"))
    sql = db.create_table_sql(
        name,
        dict(columns),
        pk=pk,
        foreign_keys=keys,
        not_null=set(columns) - set(optional.split()) - ({pk} if isinstance(pk, str) else set()),
    )
    if not isinstance(pk, str):
        sql = sql.rstrip().rstrip(";") + " WITHOUT ROWID"
    db.execute(sql)


def _create_sources_and_crawls(db: Database) -> None:
    _create(
        db,
        "sources",
        {"id": int, "name": str, "url": str, "kind": str, "added_at": str, "last_success_at": str},
        pk="id",
        optional="url last_success_at",
    )
    db.table("sources").create_index(["name"], unique=True)
    counts = "fetched not_modified articles_new articles_changed articles_unchanged failed"
    _create(
        db,
        "crawls",
        {"id": int, "started_at": str, "finished_at": str}
        | dict.fromkeys(counts.split(), int)
        | {"bytes": int},
        pk="id",
        optional="finished_at " + counts + " bytes",
    )


def _create_frontier(db: Database) -> None:
    _create(
        db,
        "urls",
        {
            "id": int,
            "url": str,
            "source_id": int,
            "host": str,
            "kind": str,
            "depth": int,
            "priority": int,
            "state": str,
            "next_fetch_at": str,
            "lease_owner": str,
            "lease_expires_at": str,
            "attempts": int,
            "etag": str,
            "last_modified": str,
            "lastmod": str,
            "added_at": str,
            "last_fetched_at": str,
            "last_error": str,
        },
        pk="id",
        optional="next_fetch_at lease_owner lease_expires_at etag last_modified lastmod "
        "last_fetched_at last_error",
        references={"source_id": "sources CASCADE"},
    )
    urls = db.table("urls")
    urls.create_index(["url"], unique=True)
    urls.create_index(["state", "next_fetch_at"])
    urls.create_index(["source_id", "state"])
    urls.create_index(["host", "state"])
    # What a lease walks: per source and host, the most urgent first. Only what is due is in it.
    db.execute(
        "CREATE INDEX idx_urls_due ON urls (source_id, host, priority DESC, id) WHERE state = 'due'"
    )
    db.execute(
        "CREATE INDEX idx_urls_leased ON urls (lease_owner, lease_expires_at) "
        "WHERE state = 'leased'"
    )
    _create(
        db,
        "hosts",
        {
            "host": str,
            "failures_in_a_row": int,
            "backoff_until": str,
            "last_error": str,
            "last_success_at": str,
            "last_failure_at": str,
        },
        pk=("host",),
        optional="backoff_until last_error last_success_at last_failure_at",
    )
    _create(
        db,
        "fetches",
        {
            "id": int,
            "url_id": int,
            "crawl_id": int,
            "source_id": int,
            "fetched_at": str,
            "status": int,
            "bytes": int,
            "elapsed_ms": int,
            "error": str,
        },
        pk="id",
        optional="crawl_id source_id status error",
        references={
            "url_id": "urls CASCADE",
            "crawl_id": "crawls SET NULL",
            "source_id": "sources SET NULL",
        },
    )
    db.table("fetches").create_index(["url_id", "fetched_at"])
    db.table("fetches").create_index(["crawl_id"])
    # Covers what `source_health` asks: how many of the recent fetches failed.
    db.table("fetches").create_index(["source_id", "fetched_at", "error"])


def _create_pages(db: Database) -> None:
    _create(
        db,
        "pages",
        {
            "hash": str,
            "url": str,
            "status": int,
            "content_type": str,
            "encoding": str,
            "headers": str,
            "size_bytes": int,
            "fetched_at": str,
            "body": bytes,
        },
        pk="hash",
        optional="content_type",
    )


def _create_articles(db: Database) -> None:
    _create(
        db,
        "articles",
        {
            "id": int,
            "url": str,
            "canonical_url": str,
            "source_id": int,
            "site_name": str,
            "title": str,
            "description": str,
            "language": str,
            "section": str,
            "published_at": str,
            "modified_at": str,
            "image_url": str,
            "word_count": int,
            "access": str,
            "robots": str,
            "next_page_url": str,
            "confidence": float,
            "content_hash": str,
            "record_hash": str,
            "page_hash": str,
            "duplicate_of": int,
            "has_cjk": int,
            "revision": int,
            "change_id": int,
            "first_seen_at": str,
            "changed_at": str,
            "last_seen_at": str,
            "extractor_version": str,
            "evidence": str,
            "text": str,
            "markdown": str,
        },
        pk="id",
        optional="canonical_url source_id site_name title description language section "
        "published_at modified_at image_url next_page_url page_hash duplicate_of "
        "extractor_version",
        references={"source_id": "sources SET NULL", "duplicate_of": "articles SET NULL"},
    )
    articles = db.table("articles")
    articles.create_index(["url"], unique=True)
    articles.create_index(["change_id"], unique=True)
    articles.create_index(["published_at"])
    articles.create_index(["content_hash"])
    articles.create_index(["source_id", "published_at"])  # the newest of a source
    # Covers what `source_health` asks: how many articles, since when, how sure.
    articles.create_index(["source_id", "first_seen_at", "confidence"])
    for column in ("canonical_url", "page_hash", "duplicate_of"):
        db.execute(
            f"CREATE INDEX idx_articles_{column} ON articles ({column}) WHERE {column} IS NOT NULL"
        )
    db.execute("CREATE INDEX idx_articles_cjk ON articles (id) WHERE has_cjk = 1")
    _create(
        db,
        "article_urls",
        {"url": str, "article_id": int},
        pk=("url",),
        references={"article_id": "articles CASCADE"},
    )
    db.table("article_urls").create_index(["article_id"])
    _create(
        db,
        "article_blocks",
        {"article_id": int, "record": bytes},
        pk="article_id",
        references={"article_id": "articles CASCADE"},
    )


def _create_duplicate_keys(db: Database) -> None:
    _create(
        db,
        "duplicate_keys",
        {"band_key": int, "article_id": int},
        pk=("band_key", "article_id"),
        references={"article_id": "articles CASCADE"},
    )
    db.table("duplicate_keys").create_index(["article_id"])  # for CASCADE


def _create_article_parts(db: Database) -> None:
    parts: dict[str, tuple[dict[str, type], str]] = {
        "headings": ({"level": int, "text": str, "parent_position": int}, "parent_position"),
        "images": ({"url": str, "alt": str, "caption": str}, "alt caption"),
        "links": ({"url": str, "text": str}, "text"),
        "tables": (
            {"caption": str, "row_count": int, "column_count": int, "rows": str},
            "caption",
        ),
        "quotes": ({"text": str}, ""),
        "faqs": ({"question": str, "answer": str, "source": str}, ""),
    }
    for name, (columns, optional) in parts.items():
        _create(
            db,
            name,
            {"article_id": int, "position": int} | columns,
            pk=("article_id", "position"),
            optional=optional,
            references={"article_id": "articles CASCADE"},
        )
    _create(
        db,
        "list_items",
        {
            "article_id": int,
            "list_position": int,
            "position": int,
            "depth": int,
            "ordered": int,
            "text": str,
        },
        pk=("article_id", "list_position", "position"),
        references={"article_id": "articles CASCADE"},
    )


def _create_names(db: Database) -> None:
    for table, link, column in (
        ("authors", "article_authors", "author_id"),
        ("tags", "article_tags", "tag_id"),
    ):
        _create(db, table, {"id": int, "name": str}, pk="id")
        db.table(table).create_index(["name"], unique=True)
        _create(
            db,
            link,
            {"article_id": int, "position": int, column: int},
            pk=("article_id", "position"),
            references={"article_id": "articles CASCADE", column: f"{table} CASCADE"},
        )
        db.table(link).create_index([column, "article_id"])


def _create_history(db: Database) -> None:
    _create(
        db,
        "revisions",
        {
            "article_id": int,
            "revision": int,
            "seen_at": str,
            "replaced_at": str,
            "title": str,
            "text": str,
            "content_hash": str,
            "diff": str,
        },
        pk=("article_id", "revision"),
        optional="title",
        references={"article_id": "articles CASCADE"},
    )
    _create(
        db,
        "failures",
        {
            "id": int,
            "url_id": int,
            "source_id": int,
            "crawl_id": int,
            "url": str,
            "stage": str,
            "error": str,
            "message": str,
            "failed_at": str,
        },
        pk="id",
        optional="url_id source_id crawl_id",
        references={
            "url_id": "urls SET NULL",
            "source_id": "sources SET NULL",
            "crawl_id": "crawls SET NULL",
        },
    )
    failures = db.table("failures")
    failures.create_index(["url_id"])
    failures.create_index(["crawl_id"])
    failures.create_index(["source_id", "failed_at"])
    failures.create_index(["failed_at"])


def _create_learning(db: Database) -> None:
    _create(
        db,
        "sites",
        {"site": str, "articles_count": int, "updated_at": str},
        pk=("site",),
    )
    _create(
        db,
        "site_blocks",
        {"site": str, "fingerprint": int, "articles_count": int, "last_seen_at": str},
        pk=("site", "fingerprint"),
    )
    _create(
        db,
        "exports",
        {"name": str, "change_id": int, "rows": int, "exported_at": str},
        pk=("name",),
    )
