"""Removing a source: out of sources.toml and out of the database, both or neither."""

import contextlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.schedule.lease_owner import is_gone, is_here
from pipelines.errors import SettingsError, StoreError
from pipelines.settings import Settings, load_settings
from pipelines.settings.source_removal import remove_source_entry
from pipelines.store.articles.forget_source import SourceHoldings, find_holdings, forget_source
from pipelines.store.crawl.crawls import open_crawl_owners
from pipelines.store.crawl.sources import load_sources
from pipelines.store.database.database import transaction
from pipelines.store.frontier.leases import owners_at_work

_NOTHING: Final = "removed"  # the kind of a source of which only articles are left


@dataclass(frozen=True, slots=True)
class Removal:
    """A source that is to be removed, or was.

    Attributes:
        name: Its name.
        is_listed: Whether it is in the sources.toml.
        holdings: What the database has of it; None for nothing.
    """

    name: str
    is_listed: bool
    holdings: SourceHoldings | None

    @property
    def has_only_articles(self) -> bool:
        """Whether nothing of it is left but its articles: an archive's, or kept ones."""
        kinds = {"archive", _NOTHING}
        return not self.is_listed and self.holdings is not None and self.holdings.kind in kinds


def find_removal(path: Path | None, db: Database | None, name: str) -> Removal:
    """The source called `name`, with what there is of it.

    Args:
        path: The sources.toml; None where there is none.
        db: The database; None where there is none.
        name: As in the file; one that was taken out by hand is in the database only.

    Raises:
        SettingsError: There is no such source; the likely one is named.
        StoreError: The database cannot be read.
    """
    settings = load_settings(path, has_secrets=False) if path is not None else Settings()
    listed = [source.name for source in settings.sources]
    holdings = find_holdings(db, name) if db is not None else None
    if name not in listed and holdings is None:
        stored = [source.name for source in load_sources(db)] if db is not None else []
        raise SettingsError(_describe_unknown(name, list(dict.fromkeys([*listed, *stored]))))
    return Removal(name, name in listed, holdings)


def _describe_unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    guess = f'; did you mean "{close[0]}"?' if close else ";"
    return f'there is no source "{name}"{guess} there are {", ".join(known) or "none"}'


def remove_source(
    path: Path | None, db: Database | None, name: str, *, with_articles: bool = False
) -> Removal:
    """Take a source out of the file and out of the frontier; its articles stay unless told.

    The file is replaced as the last step before the database is written for good: should either
    not work, neither is changed.

    Returns:
        What was removed.

    Raises:
        SettingsError: There is no such source, or its entry cannot be taken out.
        StoreError: A crawl is at work, or the database cannot be written.
    """
    with transaction(db) if db is not None else contextlib.nullcontext():
        removal = find_removal(path, db, name)
        if db is not None and removal.holdings is not None:
            check_nobody_crawls(db)
            forget_source(db, removal.holdings.id, with_articles=with_articles)
        if path is not None and removal.is_listed:
            remove_source_entry(path, name)
    return removal


def check_nobody_crawls(db: Database) -> None:
    """Nothing, while no crawl is at work on the database.

    One that is knows its sources from its start, and would go on with one that is gone. It may take
    hours, so that it is not waited for.

    Raises:
        StoreError: One is.
    """
    leasing = owners_at_work(db)
    # One on another computer that was killed never says that it ended; its leases run out.
    running = [*leasing, *(owner for owner in open_crawl_owners(db) if is_here(owner))]
    for owner in running:
        if not is_gone(owner):
            host, pid, *_ = (*owner.split("/"), "?")
            raise StoreError(
                f"a crawl is at work on this database (process {pid} on {host}): stop it, or run "
                "this again when it is done; nothing was removed"
            )
