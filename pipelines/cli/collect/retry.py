"""The command `retry`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.collect.crawl import print_outcome, run_crawl
from pipelines.cli.shared_options import (
    DbOption,
    PageTimeoutOption,
    SourcesOption,
    WorkersOption,
    database_path,
    sources_path,
)
from pipelines.cli.terminal import harmless, print_note
from pipelines.errors import SettingsError
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from sqlite_utils import Database

    from pipelines.settings import Settings
    from pipelines.store.frontier.retrying import Retried


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retry")(retry_command)


def retry_command(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE|URL", help="A source, or one address; all sources."),
    ] = None,
    db: DbOption = None,
    sources: SourcesOption = None,
    workers: WorkersOption = None,
    page_timeout: PageTimeoutOption = PAGE_TIMEOUT_SECONDS,
) -> None:
    """Ask again now for what failed, is gone or was not believed.

    Addresses that were given up or wait for their next try are due at once, hosts that are backed
    off from are asked again, and a crawl of their sources begins.

    Example: winnow retry

    Example: winnow retry example

    Example: winnow retry https://www.example.com/news/flood
    """
    from pipelines.crawl.options import CrawlOptions
    from pipelines.settings import load_settings
    from pipelines.store.database.database import open_database

    settings = load_settings(sources_path(context, sources), has_secrets=False)
    path = database_path(context, db)
    with closing(open_database(path, create=False)) as database:
        retried, names = _make_due(database, settings, what)
    addresses = "1 address is" if retried.urls == 1 else f"{retried.urls} addresses are"
    hosts = f", {retried.hosts} hosts no longer backed off from" if retried.hosts else ""
    print_note(f"{addresses} asked again{hosts}")
    options = CrawlOptions(sources=names, workers=workers, page_timeout_seconds=page_timeout)
    report = run_crawl(settings, path, options)
    print_outcome(report, quiet=False)
    if report.total("failed") or report.was_stopped:
        raise typer.Exit(1)


def _make_due(
    db: Database, settings: Settings, what: str | None
) -> tuple[Retried, tuple[str, ...]]:
    """What is due now, and the sources that it belongs to.

    Raises:
        SettingsError: There is no such source, or no such address.
    """
    from pipelines.store.articles.articles import addresses_of
    from pipelines.store.crawl.sources import load_sources
    from pipelines.store.frontier.retrying import Retried, retry_source, retry_urls
    from scraper.urls.normal_urls import normalize_url

    known = {stored.name: stored.id for stored in load_sources(db)}
    names = tuple(source.name for source in settings.sources if source.name in known)
    if what is not None and "://" in what:
        retried, ids = retry_urls(db, addresses_of(db, normalize_url(what) or what))
        of_url = tuple(name for name in names if known[name] in ids)
        if not of_url:
            raise SettingsError(
                f"{harmless(what)} is no address that a source in the file has led to"
            )
        return retried, of_url
    if what is not None and what not in names:
        raise SettingsError(
            f'no source "{harmless(what)}" was crawled yet; there are {", ".join(names) or "none"}'
        )
    chosen = names if what is None else (what,)
    each = [retry_source(db, known[name]) for name in chosen]
    return Retried(sum(r.urls for r in each), sum(r.hosts for r in each)), chosen
