"""Crawling on a schedule, until somebody says stop."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport, ProgressCallback
from pipelines.crawl.options import CrawlOptions
from pipelines.errors import SettingsError
from pipelines.schedule import is_due, next_run_at
from pipelines.settings import Settings, load_settings
from pipelines.store.crawl.frontier import next_due_at
from pipelines.store.crawl.sources import load_sources
from pipelines.store.database.times import parse_utc

DEFAULT_INTERVAL: Final = timedelta(hours=1)
"""Between crawls of a source that names no schedule."""

_LONGEST_SLEEP_SECONDS: Final = 30.0  # after that at the latest a change of the file is noticed
# Articles come due one by one: without a pause each would be a crawl of its own.
_BETWEEN_REVISITS: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """What a watch tells its caller: a crawl ended, or the settings changed or cannot be read.

    Attributes:
        report: What a crawl did; None where there was none.
        error: What is wrong with the settings; the ones before stay in force.
        settings: Those now in force, when they changed or are good again; None otherwise.
    """

    report: CrawlReport | None = None
    error: str | None = None
    settings: Settings | None = None


async def watch(
    sources_path: Path,
    db: Database,
    options: CrawlOptions,
    on_event: Callable[[WatchEvent], None],
    stop: asyncio.Event,
    on_progress: ProgressCallback | None = None,
) -> None:
    """Crawl each source when it is due, until `stop` is set.

    The settings are read again before each look: a source added to the file is crawled without a
    restart, and a file that is broken for a moment changes nothing.

    Raises:
        SettingsError: The settings cannot be read at the start.
        StoreError: The database cannot be written.
    """
    reader = _SettingsReader(sources_path, _with_schedules(load_settings(sources_path)))
    revisited_at = datetime.min.replace(tzinfo=UTC)
    tried: dict[str, datetime] = {}
    while not stop.is_set():
        event = reader.read_again()
        if event is not None:
            on_event(event)
        settings = reader.settings
        now = datetime.now(UTC)
        last = _last_crawled(db, tried)
        due = [source.name for source in settings.sources if is_due(source, last[source.name], now)]
        if due or (
            settings.sources and now - revisited_at > _BETWEEN_REVISITS and _has_due_url(db, now)
        ):
            revisited_at = now
            on_event(
                WatchEvent(await crawl(settings, db, options, on_progress=on_progress, stop=stop))
            )
            tried.update(dict.fromkeys(due, now))
        else:
            await _sleep(stop, _seconds_until_due(settings, last, now))


@dataclass(slots=True)
class _SettingsReader:
    """The settings in force: those of the file, as long as it is good."""

    path: Path
    settings: Settings
    error: str | None = None

    def read_again(self) -> WatchEvent | None:
        """Read the file again; None when nothing has changed, also when it is still broken."""
        try:
            settings = _with_schedules(load_settings(self.path))
        except SettingsError as error:
            if str(error) == self.error:
                return None
            self.error = str(error)
            return WatchEvent(error=self.error)
        if settings == self.settings and self.error is None:
            return None
        self.settings, self.error = settings, None
        return WatchEvent(settings=settings)


def _with_schedules(settings: Settings) -> Settings:
    sources = tuple(
        source
        if source.every or source.cron
        else source.model_copy(update={"every": DEFAULT_INTERVAL})
        for source in settings.sources
    )
    return settings.model_copy(update={"sources": sources})


def _last_crawled(db: Database, tried: Mapping[str, datetime]) -> defaultdict[str, datetime | None]:
    """When each source was last crawled or tried, so that one that fails waits like any other."""
    last: defaultdict[str, datetime | None] = defaultdict(lambda: None)
    last.update({s.name: parse_utc(s.last_success_at) for s in load_sources(db)})
    for name, moment in tried.items():
        last[name] = max(filter(None, (last[name], moment)))
    return last


def _has_due_url(db: Database, now: datetime) -> bool:
    due_at = parse_utc(next_due_at(db))
    return due_at is not None and due_at <= now


def _seconds_until_due(
    settings: Settings, last: Mapping[str, datetime | None], now: datetime
) -> float:
    moments = [next_run_at(source, last[source.name]) for source in settings.sources]
    waits = [(moment - now).total_seconds() for moment in moments if moment is not None]
    # A second at least: what is due in a moment must not spin the loop.
    return min([_LONGEST_SLEEP_SECONDS, *(max(wait, 1.0) for wait in waits)])


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
