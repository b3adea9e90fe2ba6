"""The command `extract`: one page in, its article out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.terminal import print_note

if TYPE_CHECKING:
    from pipelines.page.input_document import Document
    from scraper.article import Article
    from scraper.page import Page

Format = Literal["json", "markdown", "text"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("extract")(extract_command)


def extract_command(
    page: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="The page; - reads it here.")],
    output_format: Annotated[
        Format, typer.Option("--format", "-f", help="json is the whole record.")
    ] = "json",
    url: Annotated[
        str | None, typer.Option(help="Where a file came from, to make its links absolute.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Let a URL lead to this or a private network.")
    ] = False,
) -> None:
    """Extract the article of one page: HTML, or text that was saved from a page.

    Exit code 1 says that the page could not be read or holds no article.

    Example: winnow extract page.html --format markdown

    Example: curl -s https://www.example.com/news/1 | winnow extract - --url https://www.example.com/
    """
    from pipelines.page.input_document import read_document

    if page.startswith(("http://", "https://")):
        import asyncio

        article = _extract_fetched(asyncio.run(fetch_page(page, allow_private)))
    else:
        document = read_document(sys.stdin.buffer if page == "-" else Path(page))
        article = _extract_document(document, url)
    sys.stdout.write(_render(article, output_format))
    if not article.text:
        print_note("there is no article on this page")
        raise typer.Exit(1)


async def fetch_page(url: str, allow_private: bool) -> Page:
    """One page from the web, at once.

    Raises:
        FetchError: It could not be had.
    """
    from scraper.fetch import Fetcher, FetchOptions

    async with Fetcher(FetchOptions(delay_seconds=0.0, retries=1)) as fetcher:
        return await fetcher.fetch_page(url, allow_private=allow_private)


def _extract_fetched(page: Page) -> Article:
    from pipelines.page.input_document import classify_document
    from scraper.extract.extractor import extract_page

    document = classify_document(page.body, page.url, content_type=page.content_type or "")
    return (
        extract_page(page)
        if isinstance(document.content, bytes)
        else _extract_document(document, page.url)
    )


def _extract_document(document: Document, url: str | None) -> Article:
    from scraper.extract.extractor import extract_article
    from scraper.extract.plain_text import extract_plain_text

    if isinstance(document.content, str):
        return extract_plain_text(document.content, url=url)
    return extract_article(document.content, url=url)


def _render(article: Article, output_format: Format) -> str:
    if output_format == "json":
        return json.dumps(article.to_dict(), ensure_ascii=False, indent=2) + "\n"
    text = article.markdown if output_format == "markdown" else article.text
    return text.rstrip("\n") + "\n" if text else ""
