"""What a crawl is about to do: each source with its id, ready to be asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlite_utils import Database

from pipelines.crawl.schedule.lease_owner import is_gone
from pipelines.errors import SettingsError
from pipelines.globs import is_wanted
from pipelines.schedule import is_due
from pipelines.settings import DISCOVER_METHODS, DiscoverMethod, Settings, SourceSettings
from pipelines.settings.site_rules import site_rules
from pipelines.settings.source_requests import request_settings
from pipelines.store.crawl.crawls import close_killed_crawls
from pipelines.store.crawl.sources import load_sources, note_settings, save_source
from pipelines.store.database.database import transaction
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.lanes import list_priority
from pipelines.store.frontier.leases import LeasedUrl, lease_owners, release_leases
from pipelines.store.frontier.source_lists import make_source_due, read_lists_anew
from pipelines.store.frontier.urls import NewUrl, add_urls
from pipelines.store.frontier.waiting import forget_unwanted, lift_last
from pipelines.store.frontier.wrong_clock import bring_back
from scraper.request_settings import PLAIN, RequestSettings
from scraper.sites.rules import SiteRules
from scraper.urls.normal_urls import normalize_url

SEED_RANK = 1000
"""Of a source's own URLs, among the lists: those that they lead to come after them."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source that takes part in a crawl.

    Attributes:
        id: `sources.id`.
        discover_methods: By which articles are found; all of them when the settings name none.
        is_discover_open: Whether the settings name none.
        rules: CSS selectors for extraction; None when there are none.
        requests: What its requests say beside what all do.
    """

    id: int
    settings: SourceSettings
    discover_methods: frozenset[DiscoverMethod]
    is_discover_open: bool
    rules: SiteRules | None
    requests: RequestSettings = PLAIN

    @property
    def homes(self) -> tuple[str, ...]:
        """The URLs the settings name: the sites that are the source's own."""
        return (self.settings.url, *self.settings.seeds)

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self.settings.name


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """One URL to ask for now, and the crawl and source it belongs to."""

    url: LeasedUrl
    plan: SourcePlan
    crawl_id: int


def choose_sources(settings: Settings, names: tuple[str, ...]) -> tuple[SourceSettings, ...]:
    """The sources called `names`, all when there are none.

    Raises:
        SettingsError: There is no source of such a name, or none at all.
    """
    if not settings.sources:
        raise SettingsError("sources.toml names no source; `winnow add URL` adds one")
    known = {source.name: source for source in settings.sources}
    for name in names:
        if name not in known:
            raise SettingsError(f'there is no source "{name}"; there are {", ".join(known)}')
    return tuple(known[name] for name in dict.fromkeys(names)) if names else settings.sources


def plan_crawl(
    db: Database, sources: tuple[SourceSettings, ...], *, even_if_not_due: bool
) -> Mapping[int, SourcePlan]:
    """Put the sources and their seeds into the database; plans by source id.

    What a crawl that was killed had taken is free again. Lists are read anew when settings changed
    that say what of them is wanted, though the lists themselves did not. Of a source that is not
    due by its schedule the front page waits, but what was left of its articles is fetched.

    Raises:
        StoreError: The database cannot be written.
    """
    plans: dict[int, SourcePlan] = {}
    with transaction(db):
        for owner in lease_owners(db):
            if is_gone(owner):
                release_leases(db, owner)
        close_killed_crawls(db, is_gone)
        bring_back(db, datetime.now(UTC))
        last_success = {s.name: parse_utc(s.last_success_at) for s in load_sources(db)}
        for source in sources:
            source_id = save_source(db, source.name, source.url)
            plans[source_id] = _plan_source(source_id, source)
            seeds = (normalize_url(url) or url for url in plans[source_id].homes)
            add_urls(
                db,
                source_id,
                [NewUrl(url=url, kind="page", priority=list_priority(SEED_RANK)) for url in seeds],
            )
            if note_settings(db, source_id, _fingerprint(source)):
                read_lists_anew(db, source_id)
                forget_unwanted(db, source_id, partial(_is_wanted, source))
            lift_last(db, source_id, most=source.max_articles_per_crawl)
            if even_if_not_due or is_due(source, last_success.get(source.name), datetime.now(UTC)):
                make_source_due(db, source_id)
    return plans


def _fingerprint(source: SourceSettings) -> str:
    """A sum of the settings that decide what of a list is wanted."""
    said = (source.include, source.exclude, source.discover, source.max_depth)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _is_wanted(source: SourceSettings, url: str) -> bool:
    return is_wanted(url, source.include, source.exclude)


def _plan_source(source_id: int, source: SourceSettings) -> SourcePlan:
    return SourcePlan(
        id=source_id,
        settings=source,
        discover_methods=frozenset(source.discover or DISCOVER_METHODS),
        is_discover_open=source.discover is None,
        rules=site_rules(source),
        requests=request_settings(source),
    )
