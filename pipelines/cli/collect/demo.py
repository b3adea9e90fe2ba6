"""The command `demo`."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.collect.crawl import print_report, run_crawl
from pipelines.cli.shared_options import DEFAULT_DATABASE, DbOption, database_path
from pipelines.cli.terminal import figures_table, label, output_console, print_error

if TYPE_CHECKING:
    from pipelines.demo.run_demo import Recovered
    from pipelines.demo.server import ServedSite

_WIDEST_TABLE = 110
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
    from pipelines.crawl.options import CrawlOptions
    from pipelines.demo.run_demo import demo_settings, load_recovered
    from pipelines.demo.server import FIRST_PORT, serve_demo
    from pipelines.store.database.database import open_database

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
    print_recovered(articles)
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


def print_recovered(articles: list[Recovered]) -> None:
    """What came out of the demo, an article a line, in as much room as there is."""
    console = output_console()
    width = min(console.width, _WIDEST_TABLE)
    table = figures_table(width=width)
    table.add_column("site and title", overflow="ellipsis", no_wrap=True, ratio=1)
    table.add_column("author", overflow="ellipsis", no_wrap=True, max_width=width // 6)
    table.add_column("date", no_wrap=True)
    for name in ("head-\nings", "list\nitems", "FAQ\npairs", "words"):
        table.add_column(name, justify="right", no_wrap=True)
    site = None
    for article in articles:
        if article.site != site:
            table.add_row(label(article.site, "bold cyan"))
        table.add_row(
            Text("  ").append_text(label(article.title or "—")),
            label(", ".join(article.authors) or "—"),
            label((article.published_at or "—")[:10]),
            *(str(getattr(article, name)) for name in _COUNTS),
        )
        site = article.site
    totals = [str(sum(getattr(article, name) for article in articles)) for name in _COUNTS]
    table.add_section()
    table.add_row(f"{len(articles)} articles", "", "", *totals, style="bold")
    console.print(table)
    console.print()


def _serve_until_stopped(sites: tuple[ServedSite, ...]) -> None:
    console = output_console()
    with suppress(KeyboardInterrupt):  # the way to end it
        for served in sites:
            console.print(Text.assemble((served.base_url, "bold"), f"  {served.site.name}"))
        console.print("Ctrl-C stops.")
        threading.Event().wait()
