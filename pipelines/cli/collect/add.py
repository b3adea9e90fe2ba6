"""The command `add`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from pipelines.cli.shared_options import PageTimeoutOption, SourcesOption, sources_path
from pipelines.cli.terminal import (
    error_console,
    harmless,
    output_console,
    print_error,
    print_note,
)
from pipelines.errors import SettingsError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.adding.add_sites import AddResult
    from pipelines.adding.site_entry import AddOptions
    from pipelines.adding.wanted_sites import WantedSite


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("add")(add_command)


def add_command(
    context: typer.Context,
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|FILE|-",
            help="A front page, a section, a feed, a sitemap or an OPML file; a file with one "
            "address a line, or OPML; - for standard input.",
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    every: Annotated[str | None, typer.Option(help='How often to crawl it, such as "30m".')] = None,
    sources: SourcesOption = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The site is on this or a private network.")
    ] = False,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Find the feeds and sitemaps of sites, and add them to sources.toml.

    The name of a host is enough for an address. Of a list, each line is told of: added, there
    already, or why not; exit code 1 says that one could not be added.

    Example: winnow add https://www.example.com/news --every 30m

    Example: winnow add example.com example.org

    Example: winnow add subscriptions.opml

    Example: grep -h "^https" notes/*.txt | winnow add -
    """
    from pipelines.adding.site_entry import AddOptions
    from pipelines.adding.wanted_sites import read_wanted

    sites = [site for text in named for site in read_wanted(text, sys.stdin.buffer)]
    is_one = len(named) == len(sites) == 1 and not sites[0].place
    if is_one and sites[0].why_not:
        raise typer.BadParameter(f'"{sites[0].url}" is no web address')
    if name and not is_one:
        raise typer.BadParameter("--name is for one address")
    if every:
        _check_duration(every)
    path = sources_path(context, sources)
    options = AddOptions(
        name=name, every=every, allow_private=allow_private, page_timeout_seconds=page_timeout
    )
    told = _Told(path)
    _add(path, sites, options, told)
    told.close()
    if told.counts["failed"]:
        raise typer.Exit(1)


def _check_duration(text: str) -> None:
    """Nothing, for a length of time.

    Raises:
        typer.BadParameter: It is none.
    """
    from pipelines.settings import parse_duration

    try:
        parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"--every: {error}") from error


class _Told:
    """Tells what became of each site: of one in full, of several in a line each."""

    def __init__(self, path: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._path = path
        self._is_many = False

    def expect_many(self) -> None:
        """There are several."""
        self._is_many = True

    def __call__(self, result: AddResult) -> None:
        self.counts[result.outcome] += 1
        where = f"{result.wanted.place}: " if result.wanted.place else ""
        if result.outcome == "failed":
            print_error(f"{where}{result.wanted.url}: {result.why}")
        elif self._is_many:
            _print_line(result)
        elif result.outcome == "known":
            raise SettingsError(
                f'{self._path}: {result.wanted.url} is there already, as source "{result.name}"'
            )
        else:
            _print_in_full(result, self._path)

    def close(self) -> None:
        """The sum of it."""
        if self._is_many:
            print_note(
                f"{self.counts['added']} added to {self._path}, {self.counts['known']} there "
                f"already, {self.counts['failed']} not added"
            )
            if self.counts["added"]:
                print_note("next: winnow crawl")


def _add(path: Path, sites: Sequence[WantedSite], options: AddOptions, told: _Told) -> None:
    """Add the sites; a terminal shows how far that is."""
    import asyncio

    from pipelines.adding.add_sites import add_sites

    if len(sites) > 1:
        told.expect_many()
    bar = Progress(
        SpinnerColumn(),
        TextColumn("looking at sites"),
        BarColumn(),
        MofNCompleteColumn(),
        console=error_console(),
        transient=True,
        disable=not sys.stderr.isatty(),
        redirect_stdout=sys.stdout.isatty(),  # else it would be shown, and not be in the pipe
    )
    task = bar.add_task("", total=len(sites))

    def tell(result: AddResult) -> None:
        bar.advance(task)
        told(result)

    def expect(more: int) -> None:
        told.expect_many()
        bar.update(task, total=len(sites) + more)

    with bar:
        asyncio.run(add_sites(path, sites, options, tell, expect))


def _print_line(result: AddResult) -> None:
    from pipelines.adding.site_entry import describe_probe

    words = f'as "{result.name}"' if result.name else result.why
    if result.outcome == "added" and result.probe is not None:
        words = "; ".join((f"{words}: {describe_probe(result.probe)[:-1]}", *result.remarks))
    sign = "added" if result.outcome == "added" else "there already"
    output_console().print(Text(f"{sign:14} {harmless(result.wanted.url)}  {harmless(words)}"))


def _print_in_full(result: AddResult, path: Path) -> None:
    console, probe = output_console(), result.probe
    if probe is not None:
        for kind, finds in (("feed", probe.feeds), ("sitemap", probe.sitemaps)):
            for found in finds:
                words = "1 entry" if found.entries == 1 else f"{found.entries} entries"
                console.print(Text(f"{kind:8} {harmless(found.url)}  {words}"))
        if probe.kind == "page" and probe.obstacle is None:
            count = "1 link" if probe.article_links == 1 else f"{probe.article_links or 'no'} links"
            console.print(Text(f"{'links':8} {count} to articles"))
    console.print(Text(f'added as "{harmless(result.name)}" to {path}', style="bold"))
    for remark in result.remarks:
        print_note(remark)
    if probe is not None and probe.leads_anywhere:
        print_note(f"next: winnow crawl {result.name}")
