"""The command `add`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipelines.cli.shared_options import SourcesOption, sources_path
from pipelines.cli.terminal import harmless, output_console, print_note

if TYPE_CHECKING:
    from pipelines.probe_site import SiteSurvey


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
) -> None:
    """Find the feeds and sitemaps of a site, and add it to sources.toml.

    Example: winnow add https://www.example.com/news --every 30m
    """
    import asyncio

    from pipelines.probe_site import survey_site
    from pipelines.settings import append_source, is_web_address, load_settings, source_name

    if "://" not in url:
        url = f"https://{url}"
    if not is_web_address(url):
        raise typer.BadParameter(f'"{url}" is no web address')
    path = sources_path(context, sources)
    contact = load_settings(path).contact if path.exists() else None
    survey = asyncio.run(survey_site(url, contact=contact, allow_private=allow_private))
    keys: dict[str, Any] = {}
    seeds = [found.url for found in (*survey.feeds, *survey.sitemaps) if found.url != survey.url]
    if seeds:
        keys["seeds"] = seeds
    if every:
        keys["every"] = every
    if allow_private:
        keys["allow_private"] = True
    added = append_source(
        path, name=name or source_name(survey.url), url=survey.url, comment=_comment(survey), **keys
    )
    _print(survey, added, path)


def _comment(survey: SiteSurvey) -> str:
    if survey.kind != "page":
        return f"A {survey.kind}."
    counts = [_count(len(survey.feeds), "feed"), _count(len(survey.sitemaps), "sitemap")]
    return f"{', '.join(counts)}, {_count(survey.article_links, 'link')} to articles on the page."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _print(survey: SiteSurvey, name: str, path: Path) -> None:
    console = output_console()
    for kind, finds in (("feed", survey.feeds), ("sitemap", survey.sitemaps)):
        for found in finds:
            words = "1 entry" if found.entries == 1 else f"{found.entries} entries"
            console.print(Text(f"{kind:8} {harmless(found.url)}  {words}"))
    if survey.kind == "page":
        console.print(Text(f"{'links':8} {_count(survey.article_links, 'link')} to articles"))
    console.print(Text(f'added as "{harmless(name)}" to {path}', style="bold"))
    if not survey.feeds and not survey.sitemaps and not survey.article_links:
        print_note("nothing to find articles by was found; is this the right page?")
    else:
        print_note(f"next: winnow crawl {name}")
