"""Adding sites to sources.toml: several are probed at once, each host politely."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from pipelines.adding.obstacles import RobotsNotes
from pipelines.adding.probe_site import Prober, SiteProbe, probe_site
from pipelines.adding.site_entry import AddOptions, compose_entry
from pipelines.adding.wanted_sites import WantedSite, subscribed_sites
from pipelines.crawl.parse.parser_pool import ParserPool
from pipelines.executor import default_workers
from pipelines.settings import (
    NewSource,
    Settings,
    SourceDefaults,
    append_sources,
    load_settings,
)
from pipelines.settings.source_requests import usual_request_settings
from scraper.errors import FetchError, RefusedAddressError
from scraper.fetch import Fetcher, FetchOptions
from scraper.urls.normal_urls import normalize_url

_AT_ONCE: Final = 16
# The file is read and checked whole each time: entries are written a few at a time.
_WRITTEN_TOGETHER: Final = 20
_DELAY_SECONDS: Final = 1.0  # between two requests to one host
_OWN_DELAY_SECONDS: Final = 0.0  # a site on one's own machine needs no manners

AddOutcome = Literal["added", "known", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResult:
    """What became of one site.

    Attributes:
        wanted: The site.
        outcome: Whether it was added, there already, or could not be.
        name: Of its source; empty when it could not be added.
        probe: What it offers; None when that was not looked at, or nothing answered.
        why: What went wrong; empty when nothing did.
        remarks: What is good to know about a crawl of it.
    """

    wanted: WantedSite
    outcome: AddOutcome
    name: str = ""
    probe: SiteProbe | None = None
    why: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Book:
    """The sources.toml, and what is to be written to it.

    Attributes:
        defaults: What holds for every source of the file.
        known: Names of sources by all their addresses, normalised.
        waiting: Results whose entries are not written yet.
    """

    path: Path
    options: AddOptions
    tell: Callable[[AddResult], None]
    defaults: SourceDefaults
    known: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[AddResult, NewSource]] = field(default_factory=list)

    def add(self, result: AddResult, source: NewSource) -> None:
        self.waiting.append((result, source))
        if len(self.waiting) >= _WRITTEN_TOGETHER:
            self.write()

    def write(self) -> None:
        """Write what is waiting, and tell of it."""
        waiting, self.waiting = self.waiting, []
        written = append_sources(self.path, [source for _, source in waiting]) if waiting else []
        for (result, source), (name, is_new) in zip(waiting, written, strict=True):
            self.known[_key(source.url)] = name
            outcome: AddOutcome = "added" if is_new else "known"
            self.tell(replace(result, outcome=outcome, name=name))


async def add_sites(
    path: Path,
    sites: Sequence[WantedSite],
    options: AddOptions,
    tell: Callable[[AddResult], None],
    expect: Callable[[int], None] | None = None,
) -> None:
    """Probe sites and write an entry for each that can be crawled, in their order.

    One that is in the file already is not asked for, nor is one that is named a second time. An
    address that leads to an OPML file stands for the sites in that, which `expect` is told of: how
    many more there are. What was told of is in the file, whatever happens afterwards.

    Raises:
        SettingsError: The file is broken, or cannot be written.
        WorkerStartError: There is no process to read pages.
    """
    settings = _load_if_there(path)
    book = _Book(path, options, tell, settings.defaults)
    for source in settings.sources:
        book.known |= {_key(url): source.name for url in (source.url, *source.seeds)}
    notes = RobotsNotes()
    fetch_options = FetchOptions(
        contact=settings.contact,
        delay_seconds=_OWN_DELAY_SECONDS if options.allow_private else _DELAY_SECONDS,
        retries=1,
    )
    async with (
        Fetcher(fetch_options, robots_memory=notes) as fetcher,
        ParserPool(default_workers(), options.page_timeout_seconds) as pool,
    ):
        prober = Prober(fetcher, notes, pool)
        try:
            subscribed = await _add_all(book, sites, prober, may_unfold=True)
            if subscribed and expect is not None:
                expect(len(subscribed))
            await _add_all(book, subscribed, prober, may_unfold=False)
        finally:
            book.write()


def _load_if_there(path: Path) -> Settings:
    return load_settings(path, has_secrets=False) if path.exists() else Settings()


async def _add_all(
    book: _Book,
    sites: Sequence[WantedSite],
    prober: Prober,
    *,
    may_unfold: bool,
) -> list[WantedSite]:
    """Add each site; the sites that OPML files among them name, when those `may_unfold`."""
    unfolded: list[WantedSite] = []
    async with aclosing(_probed(book, sites, prober)) as probed:
        async for site, found in probed:
            if isinstance(found, AddResult):
                book.write()  # results are told of in order
                book.tell(found)
            elif found.opml is not None and may_unfold:
                unfolded += subscribed_sites(found.opml, site.url)
                if found.opml.is_cut_short:
                    why = "this OPML file names more than is read: save it, and add it in parts"
                    book.tell(_failed(site, why))
            else:
                _enter(book, site, found)
    book.write()
    return unfolded


async def _probed(
    book: _Book, sites: Iterable[WantedSite], prober: Prober
) -> AsyncGenerator[tuple[WantedSite, SiteProbe | AddResult], None]:
    """Each site, in order, with what it offers or why it was not looked at; several at once."""
    pending: deque[tuple[WantedSite, asyncio.Task[SiteProbe | AddResult]]] = deque()
    seen: set[str] = set()
    try:
        for site in sites:
            is_again = _key(site.url) in seen
            seen.add(_key(site.url))
            look = _look_at(book, site, prober, is_again=is_again)
            pending.append((site, asyncio.create_task(look)))
            if len(pending) >= _AT_ONCE:
                first, task = pending.popleft()
                yield first, await task
        while pending:
            first, task = pending.popleft()
            yield first, await task
    finally:
        for _, task in pending:
            task.cancel()


async def _look_at(
    book: _Book, site: WantedSite, prober: Prober, *, is_again: bool
) -> SiteProbe | AddResult:
    if site.why_not:
        return _failed(site, site.why_not)
    if is_again:
        return AddResult(wanted=site, outcome="known", why="named twice")
    name = book.known.get(_key(site.url))
    if name is not None:
        return AddResult(wanted=site, outcome="known", name=name)
    addresses = [site.url, *((site.page_url,) if site.page_url else ())]
    why = ""
    for address in addresses:
        try:
            return await probe_site(
                prober,
                address,
                allow_private=book.options.allow_private,
                requests=usual_request_settings(book.defaults, address),
            )
        except RefusedAddressError as error:
            way_out = "" if book.options.allow_private else "; --allow-private lets it be fetched"
            why = why or f"{error}{way_out}"
        except FetchError as error:
            why = why or str(error)
    return _failed(site, why)


def _failed(site: WantedSite, why: str, probe: SiteProbe | None = None) -> AddResult:
    return AddResult(wanted=site, outcome="failed", why=why, probe=probe)


def _enter(book: _Book, site: WantedSite, probe: SiteProbe) -> None:
    """Have an entry written for a site, or tell why there is none."""
    if probe.opml is not None:
        book.write()
        book.tell(_failed(site, "an OPML file inside of another is not read: add it by itself"))
        return
    if probe.obstacle is not None and not probe.leads_anywhere:
        book.write()
        book.tell(_failed(site, str(probe.obstacle), probe))
        return
    entry = compose_entry(site, probe, book.options)
    name = book.known.get(_key(entry.source.url))
    if name is not None:
        book.write()
        book.tell(AddResult(wanted=site, outcome="known", name=name, probe=probe))
        return
    result = AddResult(wanted=site, outcome="added", probe=probe, remarks=entry.remarks)
    book.add(result, entry.source)


def _key(url: str) -> str:
    return normalize_url(url) or url
