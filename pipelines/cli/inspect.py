"""The command `inspect`: why a page was read as it was."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.shared_options import (
    DEFAULT_DATABASE,
    DbOption,
    PageTimeoutOption,
    SourcesOption,
    database_path,
    known_sources_path,
)
from pipelines.cli.terminal import harmless, print_note
from pipelines.errors import SettingsError, StoreError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from scraper.page import Page
    from scraper.sites.learned import KnownBlocks
    from scraper.sites.rules import SiteRules


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("inspect")(inspect_command)


def inspect_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="The page, in HTML.")],
    output_format: Annotated[
        Literal["html", "text"],
        typer.Option("--format", "-f", help="text: a line a segment, on standard output."),
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The HTML file.", show_default="inspection.html"),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Where a file came from: rules of that site then act.")
    ] = None,
    sources: SourcesOption = None,
    db: DbOption = None,
    is_open_wanted: Annotated[
        bool, typer.Option("--open", help="Show the HTML file in the browser.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Let a URL lead to this or a private network.")
    ] = False,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Show what of a page was kept, what was dropped, and why.

    Rules in sources.toml for the page's host act as they do in a crawl, and so does what the
    database has learned about the site. Each text says which rule decided.

    Example: winnow inspect page.html --format text | less

    Example: winnow inspect https://www.example.com/news/1 --open
    """
    from pipelines.cli.extract import read_named

    document = _load(page, url, allow_private=allow_private)
    rules = _find_rules(known_sources_path(context, sources), document.url)
    known = _find_known(database_path(context, db), document.url)
    task = _Task(document, page, rules, known, is_text=output_format == "text")
    shown = read_named(_explain, task, page, page_timeout)
    if output_format == "text":
        sys.stdout.write(shown)
        return
    target = output or Path("inspection.html")
    target.write_text(shown, encoding="utf-8")
    print_note(f"{target}: open it in a browser")
    if is_open_wanted:
        typer.launch(target.resolve().as_uri())


@dataclass(frozen=True, slots=True)
class _Task:
    """A page that is explained beside this process, and what is known of its site."""

    page: Page
    name: str
    rules: SiteRules | None
    known: KnownBlocks | None
    is_text: bool


def _explain(task: _Task) -> str:
    from pipelines.browse.inspection import inspection_lines, render_inspection
    from scraper.extract.extractor import explain_page

    explanation = explain_page(task.page, rules=task.rules, known=task.known)
    if task.is_text:
        lines = (harmless(line, one_line=False) for line in inspection_lines(explanation))
        return "".join(f"{line}\n" for line in lines)
    return render_inspection(explanation, name=task.page.url or task.name, rules=task.rules)


def _load(name: str, url: str | None, *, allow_private: bool) -> Page:
    import asyncio

    from pipelines.cli.extract import fetch_page
    from pipelines.page.input_document import classify_document, read_document
    from scraper.errors import ExtractionError
    from scraper.page import Page

    if name.startswith(("http://", "https://")):
        page = asyncio.run(fetch_page(name, allow_private))
        media_type = (page.content_type or "").partition(";")[0].strip().lower()
        document = classify_document(page.body, page.url, content_type=media_type)
    else:
        document = read_document(sys.stdin.buffer if name == "-" else Path(name))
        body = document.content if isinstance(document.content, bytes) else b""
        page = Page(url=url or "", body=body)
    if isinstance(document.content, str):
        raise ExtractionError(f"{name}: this is text; only HTML has segments to look into")
    return page


def _find_rules(path: Path | None, url: str) -> SiteRules | None:
    from pipelines.settings import load_settings
    from pipelines.settings.site_rules import find_site_rules

    if path is None:
        return None
    try:
        return find_site_rules(load_settings(path, has_secrets=False), url)
    except SettingsError as error:
        print_note(f"without site rules: {error}")
        return None


def _find_known(path: Path, url: str) -> KnownBlocks | None:
    """What the database knows the site to repeat; None where there is nothing to ask."""
    from contextlib import closing

    from pipelines.store.crawl.site_blocks import load_known_blocks
    from pipelines.store.database.database import open_database
    from scraper.urls.web_urls import site_of

    site = site_of(url)
    if not site or (path == DEFAULT_DATABASE and not path.exists()):
        return None
    try:
        with closing(open_database(path, create=False, read_only=True)) as database:
            return load_known_blocks(database, site)
    except StoreError as error:
        print_note(f"without what was learned of {site}: {error}")
        return None
