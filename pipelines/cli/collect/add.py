"""The command `add`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipelines.cli.shared_options import PageTimeoutOption, SourcesOption, sources_path
from pipelines.cli.terminal import harmless, output_console, print_error, print_note
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from pipelines.probe_site import SiteProbe


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("add")(add_command)


def add_command(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A front page, a section, a feed or a sitemap.")
    ],
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    every: Annotated[str | None, typer.Option(help='How often to crawl it, such as "30m".')] = None,
    sources: SourcesOption = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The site is on this or a private network.")
    ] = False,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Find the feeds and sitemaps of a site, and add it to sources.toml.

    Example: winnow add https://www.example.com/news --every 30m
    """
    import asyncio

    from pipelines.probe_site import probe_site
    from pipelines.settings import append_source, is_web_address, load_settings, source_name

    if "://" not in url:
        url = f"https://{url}"
    if not is_web_address(url):
        raise typer.BadParameter(f'"{url}" is no web address')
    path = sources_path(context, sources)
    contact = load_settings(path).contact if path.exists() else None
    probe = asyncio.run(
        probe_site(
            url,
            contact=contact,
            allow_private=allow_private,
            page_timeout_seconds=page_timeout,
        )
    )
    keys: dict[str, Any] = {}
    seeds = [found.url for found in (*probe.feeds, *probe.sitemaps) if found.url != probe.url]
    if seeds:
        keys["seeds"] = seeds
    if every:
        keys["every"] = every
    if allow_private:
        keys["allow_private"] = True
    added = append_source(
        path, name=name or source_name(probe.url), url=probe.url, comment=_comment(probe), **keys
    )
    _print(probe, added, path)


def _comment(probe: SiteProbe) -> str:
    if probe.kind != "page":
        return f"A {probe.kind}."
    counts = [_count(len(probe.feeds), "feed"), _count(len(probe.sitemaps), "sitemap")]
    return f"{', '.join(counts)}, {_count(probe.article_links, 'link')} to articles on the page."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _print(probe: SiteProbe, name: str, path: Path) -> None:
    console = output_console()
    for line in probe.unread:
        print_error(harmless(line))
    for kind, finds in (("feed", probe.feeds), ("sitemap", probe.sitemaps)):
        for found in finds:
            words = "1 entry" if found.entries == 1 else f"{found.entries} entries"
            console.print(Text(f"{kind:8} {harmless(found.url)}  {words}"))
    if probe.kind == "page":
        console.print(Text(f"{'links':8} {_count(probe.article_links, 'link')} to articles"))
    console.print(Text(f'added as "{harmless(name)}" to {path}', style="bold"))
    if not probe.feeds and not probe.sitemaps and not probe.article_links:
        print_note("nothing to find articles by was found; is this the right page?")
    else:
        print_note(f"next: winnow crawl {name}")
