"""The command `demo`."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipelines.cli.crawling import print_report, run_crawl
from pipelines.cli.options import DEFAULT_DATABASE, DbOption, database_path
from pipelines.cli.terminal import label, output_console, print_error

if TYPE_CHECKING:
    from pipelines.demo.run import Recovered
    from pipelines.demo.server import ServedSite

_COUNTS = ("headings", "list_items", "faq_pairs", "words")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo_command)


def demo_command(
    context: typer.Context,
    db: DbOption = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Only serve the sites, until Ctrl-C, to look at them.")
    ] = False,
) -> None:
    """Serve the bundled newspapers on this machine, crawl them, show what was recovered.

    Nothing leaves the machine. The articles go to the database like those of any crawl; a second
    demo finds them there and adds nothing.

    Example: winnow demo

    Example: winnow demo --serve
    """
    from pipelines.crawl import CrawlOptions
    from pipelines.demo.run import demo_settings, load_recovered
    from pipelines.demo.server import FIRST_PORT, serve_demo
    from pipelines.store.database import open_database

    with serve_demo(FIRST_PORT) as sites:
        if serve:
            _serve_until_stopped(sites)
            return
        path = database_path(context, db)
        settings = demo_settings(sites)
        names = tuple(source.name for source in settings.sources)
        report = run_crawl(settings, path, CrawlOptions(sources=names))
        with closing(open_database(path)) as database:
            articles = load_recovered(database, sites)
    _print_recovered(articles)
    print_report(report)
    for failure in report.failures:
        print_error(f"{failure.url}: {failure.message}")
    option = "" if path == DEFAULT_DATABASE else f" --db {path}"
    output_console().print(
        Text.assemble(
            "\nEvery page was read without its menus, share bars and footers. Try next:\n",
            (f"  winnow search bridge{option}\n", "bold"),
            (f"  winnow export csv --output articles.csv{option}\n", "bold"),
            (f"  winnow browse{option}\n", "bold"),
            ("  winnow demo --serve", "bold"),
            "   and compare with the pages themselves",
        )
    )
    if report.total("failed") or report.was_stopped:
        raise typer.Exit(1)


def _print_recovered(articles: list[Recovered]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("site", no_wrap=True)
    table.add_column("title", overflow="ellipsis", no_wrap=True, max_width=60)
    table.add_column("author", overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("date", no_wrap=True)
    for name in ("headings", "list items", "FAQ pairs", "words"):
        table.add_column(name, justify="right")
    site = None
    for article in articles:
        table.add_row(
            label(article.site if article.site != site else ""),
            label(article.title or "—"),
            label(", ".join(article.authors) or "—"),
            label((article.published_at or "—")[:10]),
            *(str(getattr(article, name)) for name in _COUNTS),
        )
        site = article.site
    totals = [str(sum(getattr(article, name) for article in articles)) for name in _COUNTS]
    table.add_section()
    table.add_row("all", f"{len(articles)} articles", "", "", *totals, style="bold")
    output_console().print(table)


def _serve_until_stopped(sites: tuple[ServedSite, ...]) -> None:
    console = output_console()
    for served in sites:
        console.print(Text.assemble((served.base_url, "bold"), f"  {served.site.name}"))
    console.print("Ctrl-C stops.")
    threading.Event().wait()
