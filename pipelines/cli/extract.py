"""The command `extract`: one page in, its article out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

import typer

from pipelines.cli.shared_options import PageTimeoutOption
from pipelines.cli.terminal import print_note
from pipelines.errors import WorkerLostError, describe_error
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS, read_apart

if TYPE_CHECKING:
    from pipelines.page.input_document import Document
    from scraper.article import Article
    from scraper.page import Page

Format = Literal["json", "markdown", "text"]
_NO_ARTICLES: Final = frozenset({"list", "wall", "error"})
_LIKELY: Final = 0.5
T = TypeVar("T")
R = TypeVar("R")


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
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Extract the article of one page: HTML, or text that was saved from a page.

    Exit code 1 says that the page could not be read or holds no article.

    Example: winnow extract page.html --format markdown

    Example: curl -s https://www.example.com/news/1 | winnow extract - --url https://www.example.com/
    """
    if page.startswith(("http://", "https://")):
        import asyncio

        fetched = asyncio.run(fetch_page(page, allow_private))
        task = _Task(_document_of(fetched), replace(fetched, body=b""), output_format)
    else:
        document, stated = _read_file(page)
        task = _Task(document, replace(stated, url=url or stated.url, body=b""), output_format)
    shown, why_not = read_named(_extract, task, page, page_timeout)
    sys.stdout.write(shown)
    if why_not:
        print_note(why_not)
        raise typer.Exit(1)


def _read_file(name: str) -> tuple[Document, Page]:
    """What a file or standard input holds, and what else is known of the page in it."""
    from pipelines.ingest.formats.mhtml import begins_mhtml, find_saved_page
    from pipelines.page.input_document import MAX_BYTES, Document, read_document
    from scraper.page import Page

    if name != "-":
        with Path(name).open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if begins_mhtml(data[:4096]):
            saved = find_saved_page(data)
            return Document(saved.body, name), saved
    document = read_document(sys.stdin.buffer if name == "-" else Path(name))
    return document, Page(url="", body=b"")


async def fetch_page(url: str, allow_private: bool) -> Page:
    """One page from the web, at once.

    Raises:
        FetchError: It could not be had.
    """
    from scraper.fetch import Fetcher, FetchOptions

    async with Fetcher(FetchOptions(delay_seconds=0.0, retries=1)) as fetcher:
        return await fetcher.fetch_page(url, allow_private=allow_private)


def read_named(function: Callable[[T], R], task: T, name: str, page_timeout: float) -> R:
    """What `function` returns of the page `name`, read beside this process.

    Raises:
        WorkerLostError: Reading it took too long, or too much memory.
    """
    try:
        return read_apart(function, task, page_timeout_seconds=page_timeout)
    except (WorkerLostError, MemoryError) as error:
        raise WorkerLostError(f"{name}: {describe_error(error)[1]}") from None


@dataclass(frozen=True, slots=True)
class _Task:
    """What is extracted beside this process, and shown here.

    Attributes:
        document: What the page holds.
        page: What else is known of it: its address and, of one that was fetched, its headers.
    """

    document: Document
    page: Page
    output_format: Format


def _document_of(page: Page) -> Document:
    from pipelines.page.input_document import classify_document

    return classify_document(page.body, page.url, content_type=page.content_type or "")


def _extract(task: _Task) -> tuple[str, str]:
    """The article as it is shown, and why the page holds none; empty where it does."""
    from scraper.extract.extractor import extract_page
    from scraper.extract.plain_text import extract_plain_text

    content = task.document.content
    if isinstance(content, str):
        article = extract_plain_text(content, url=task.page.url or None)
    else:
        article = extract_page(replace(task.page, body=content))
    return _render(article, task.output_format), _why_not(article)


def _why_not(article: Article) -> str:
    kind, probability = article.page_kind, article.page_kind_probability
    if kind in _NO_ARTICLES and probability >= _LIKELY:
        what = "an error page" if kind == "error" else f"a {kind}"
        return (
            f"this is {what}, and no article: {article.evidence['page_kind']} ({probability:.2f})"
        )
    return "" if article.text else "there is no article on this page"


def _render(article: Article, output_format: Format) -> str:
    if output_format == "json":
        return json.dumps(article.to_dict(), ensure_ascii=False, indent=2) + "\n"
    text = article.markdown if output_format == "markdown" else article.text
    return text.rstrip("\n") + "\n" if text else ""
