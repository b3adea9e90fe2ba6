"""The other way to do it: fastwarc reads the archive, trafilatura the pages, and the same rows
go into the same tables."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
from sqlite_utils import Database

from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.crawl.failures import save_failure
from scraper.article import Article
from scraper.blocks import (
    Block,
    Code,
    Figure,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
    iter_blocks,
)

_BATCH_PAGES = 16
_LEVELS = {f"h{level}": level for level in range(1, 7)}


def ingest_by_trafilatura(
    db: Database, archive: Path, on_progress: Callable[[int, int], None]
) -> None:
    """Read every page of an archive and store its article.

    Args:
        db: An open database.
        archive: WARC, compressed or not.
        on_progress: Called after each batch with the pages and the articles so far.
    """
    pages = articles = 0
    batch: list[ArticleToSave] = []
    with archive.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            url = record.headers["WARC-Target-URI"]
            pages += 1
            try:
                article = read_page(record.reader.read(), url)
                rows = build_rows(article) if article is not None else None
            except Exception as error:  # noqa: BLE001 - a failure becomes a row
                rows = None
                save_failure(db, url, "extract", type(error).__name__, str(error))
            if rows is not None:
                batch.append(ArticleToSave(rows=rows))
            if pages % _BATCH_PAGES == 0:
                articles += _save(db, batch)
                on_progress(pages, articles)
    articles += _save(db, batch)
    on_progress(pages, articles)


def _save(db: Database, batch: list[ArticleToSave]) -> int:
    saved = save_articles(db, batch)
    batch.clear()
    return sum(article is not None for article in saved)


def read_page(html: bytes, url: str) -> Article | None:
    """All that trafilatura says about a page; None when it finds no text."""
    found = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_images=True,
    )
    if found is None or isinstance(found, dict) or not found.text:
        return None
    blocks = tuple(_blocks(found.body))
    return Article(
        url=url,
        canonical_url=found.url,
        site_name=found.sitename,
        title=found.title,
        description=found.description,
        authors=tuple(found.author.split("; ")) if found.author else (),
        published_at=found.date,
        language=found.language,
        section=found.categories[0] if found.categories else None,
        tags=tuple(found.tags or ()),
        image_url=found.image,
        text="\n".join(_lines(blocks)),
        markdown=found.text,
        blocks=blocks,
        confidence=1.0,
    )


def _text(element: Any) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _blocks(parent: Any) -> Iterator[Block]:
    for element in parent:
        match element.tag:
            case "head":
                yield Heading(_LEVELS.get(element.get("rend"), 2), _text(element))
            case "list":
                items = element.iterchildren("item")
                yield ListBlock(element.get("rend") == "ol", tuple(map(_item, items)))
            case "quote":
                yield Quote(_text(element))
            case "code":
                yield Code("".join(map(str, element.itertext())))
            case "table":
                yield Table(
                    tuple(
                        tuple(map(_text, row.iterchildren("cell")))
                        for row in element.iterchildren("row")
                    )
                )
            case "graphic":
                yield Figure(element.get("src", ""), element.get("alt"), element.get("title"))
            case "p":
                if text := _text(element):
                    yield Paragraph(text)
                yield from _figures(element)


def _figures(element: Any) -> Iterator[Block]:
    for graphic in element.iter("graphic"):
        yield Figure(graphic.get("src", ""), graphic.get("alt"), graphic.get("title"))


def _item(element: Any) -> ListItem:
    own = [element.text or ""]
    for child in element:
        own.append("" if child.tag == "list" else _text(child))
        own.append(child.tail or "")
    nested = tuple(_blocks(element.iterchildren("list")))
    return ListItem(" ".join(" ".join(own).split()), nested)


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in iter_blocks(blocks):
        match block:
            case ListBlock():
                yield from (item.text for item in block.items)
            case Table():
                yield from (" ".join(row) for row in block.rows)
            case Figure():
                pass
            case _:
                yield block.text
