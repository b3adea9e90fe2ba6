"""An Article as the rows it becomes: pure, so that worker processes can do it before the writer.

The one process that writes is the narrow place of a crawl. Everything that needs no database is
done here: hashing, compressing, pulling the parts out of the blocks.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson
import zstandard

from pipelines.store.articles.content_hash import hash_content
from pipelines.store.articles.identity.article_urls import find_identity
from pipelines.store.articles.minhash import find_band_keys, find_shingles
from pipelines.store.database.times import published_utc
from scraper.article import Article
from scraper.blocks import Figure, Heading, Quote, Table, iter_blocks
from scraper.render.text import place_links

COLUMNS = (
    "canonical_url",
    "site_name",
    "title",
    "description",
    "language",
    "section",
    "published_at",
    "modified_at",
    "image_url",
    "word_count",
    "access",
    "robots",
    "next_page_url",
    "page_kind",
    "page_kind_probability",
    "confidence",
    "content_hash",
    "record_hash",
    "has_cjk",
    "evidence",
    "text",
    "markdown",
)
"""The columns of `articles` that an Article alone decides, in the order of `ArticleRows.values`."""

PARTS = {
    "headings": ("position", "level", "text", "parent_position"),
    "list_items": ("list_position", "position", "depth", "ordered", "text"),
    "faqs": ("position", "question", "answer", "source"),
    "comments": ("position", "depth", "author", "published_at", "text"),
    "entries": ("position", "published_at", "heading", "author", "text"),
    "images": ("position", "url", "alt", "caption"),
    "links": ("position", "url", "text", "rel", "block_kind", "text_offset"),
    "tables": ("position", "caption", "row_count", "column_count", "rows"),
    "quotes": ("position", "text"),
}
"""The tables that hold parts of an article, with their columns after `article_id`."""

IN_COLUMNS = ("title", "description", "text", "markdown")
"""Keys of the record that are kept in `articles` alone; the others are in `article_blocks` too."""

_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_CONTROL = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """What one article puts into the database.

    Attributes:
        url: The value of `articles.url`.
        aliases: Other URLs that name the same article.
        values: One value for each of `COLUMNS`.
        authors: Names in order, each once.
        tags: Names in order, each once.
        parts: For each of `PARTS`, its rows.
        duplicate_keys: What the text is filed under, for copies of it to be found.
        record: The rest of the record, JSON, zstd-compressed.
    """

    url: str
    aliases: tuple[str, ...]
    values: tuple[Any, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    parts: dict[str, tuple[tuple[Any, ...], ...]]
    duplicate_keys: tuple[int, ...]
    record: bytes

    @property
    def canonical_url(self) -> str | None:
        """The canonical URL, where the page named one that can be believed."""
        value: str | None = self.values[0]
        return value

    def without_canonical(self) -> "ArticleRows":
        """The same, for a page whose canonical URL turned out to be another story's."""
        return replace(self, aliases=(), values=(None, *self.values[1:]))

    @property
    def title(self) -> str | None:
        """The headline."""
        value: str | None = self.values[COLUMNS.index("title")]
        return value

    @property
    def text(self) -> str:
        """The main content."""
        value: str = self.values[COLUMNS.index("text")]
        return value

    @property
    def content_hash(self) -> str:
        """What decides whether a version is a new one."""
        value: str = self.values[COLUMNS.index("content_hash")]
        return value

    @property
    def record_hash(self) -> str:
        """Over everything but the URL: equal when there is nothing to write."""
        value: str = self.values[COLUMNS.index("record_hash")]
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleToSave:
    """An article with what a crawl knows about where it comes from.

    Attributes:
        rows: From `build_rows`.
        source_id: Which source led to it; None for a page that belongs to none.
        page_hash: Of the raw page; the same page read again is never a new revision.
        later_page_hashes: Of the raw pages it goes on, in order.
        later_urls: Of these pages; none of them is the article's own URL.
        seen_at: When the page was fetched; now when None.
        extractor_version: What read it.
        aliases: Further URLs that led to it: redirects, AMP and print variants.
        moved_from: Those of them that redirect to the article's own URL.
        replaces: Whether what is stored was never the article's, so that no revision is made of it.
    """

    rows: ArticleRows
    source_id: int | None = None
    page_hash: str | None = None
    later_page_hashes: tuple[str, ...] = ()
    later_urls: tuple[str, ...] = ()
    seen_at: datetime | None = None
    extractor_version: str | None = None
    aliases: tuple[str, ...] = ()
    moved_from: tuple[str, ...] = ()
    replaces: bool = False


def build_rows(article: Article) -> ArticleRows:
    """The rows of an article; characters no database or JSON file can hold are replaced."""
    record = article.to_dict()
    try:
        encoded = orjson.dumps(record)
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        encoded = b"\\u0000"
    if b"\\u0000" in encoded:  # NUL ends a text early in many programs; lone surrogates are no text
        article = Article.from_dict(_cleaned(record))
        record = article.to_dict()
    url, canonical = find_identity(article)
    rest = {key: value for key, value in record.items() if key not in IN_COLUMNS}
    without_url = orjson.dumps({**record, "url": None})
    values = (
        canonical,
        article.site_name,
        article.title,
        article.description,
        article.language,
        article.section,
        published_utc(article.published_at),
        published_utc(article.modified_at),
        article.image_url,
        article.word_count,
        article.access,
        orjson.dumps(article.robots).decode(),
        article.next_page_url,
        article.page_kind,
        None if article.page_kind is None else float(article.page_kind_probability),
        float(article.confidence),
        hash_content(article.title, article.text),
        blake2b(without_url, digest_size=16).hexdigest(),
        int(_has_cjk(article)),
        orjson.dumps(dict(article.evidence)).decode(),
        article.text,
        article.markdown,
    )
    return ArticleRows(
        url=url,
        aliases=(canonical,) if canonical and canonical != url else (),
        values=values,
        authors=tuple(dict.fromkeys(name for name in article.authors if name)),
        tags=tuple(dict.fromkeys(name for name in article.tags if name)),
        parts=_build_parts(article),
        duplicate_keys=find_band_keys(find_shingles(article.text)),
        record=zstandard.compress(orjson.dumps(rest), 3),
    )


def _build_parts(article: Article) -> dict[str, tuple[tuple[Any, ...], ...]]:
    blocks = tuple(iter_blocks(article.blocks))
    quotes = [block.text for block in blocks if isinstance(block, Quote)]
    figures = [block for block in blocks if isinstance(block, Figure)]
    tables = [block for block in blocks if isinstance(block, Table)]
    return {
        "headings": _place_headings([b for b in blocks if isinstance(b, Heading)]),
        "list_items": tuple(
            (item.list_position, item.position, item.depth, int(item.ordered), item.text)
            for item in article.list_items
        ),
        "faqs": tuple(
            (i, entry.question, entry.answer, entry.source) for i, entry in enumerate(article.faq)
        ),
        "comments": tuple(
            (i, c.depth, c.author, published_utc(c.published_at), c.text)
            for i, c in enumerate(article.comments)
        ),
        "entries": tuple(
            (i, published_utc(e.published_at), e.heading, e.author, e.text)
            for i, e in enumerate(article.entries)
        ),
        "images": tuple((i, f.image_url, f.alt, f.caption) for i, f in enumerate(figures)),
        "links": tuple(
            (i, placed.link.url, placed.link.text, placed.link.rel, placed.kind, placed.text_offset)
            for i, placed in enumerate(place_links(article.blocks))
        ),
        "tables": tuple(
            (
                i,
                table.caption,
                len(table.rows),
                max(map(len, table.rows), default=0),
                orjson.dumps(table.rows).decode(),
            )
            for i, table in enumerate(tables)
        ),
        "quotes": tuple(enumerate(quotes)),
    }


def _place_headings(headings: list[Heading]) -> tuple[tuple[Any, ...], ...]:
    rows = []
    open_sections: list[tuple[int, int]] = []
    for position, heading in enumerate(headings):
        while open_sections and open_sections[-1][0] >= heading.level:
            open_sections.pop()
        parent = open_sections[-1][1] if open_sections else None
        rows.append((position, heading.level, heading.text, parent))
        open_sections.append((heading.level, position))
    return tuple(rows)


def _has_cjk(article: Article) -> bool:
    texts = (article.title or "", article.description or "", article.text)
    return any(not text.isascii() and _CJK.search(text) is not None for text in texts)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
