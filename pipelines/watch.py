"""Crawling on a schedule, until somebody says stop.

What is due at one moment is a round: a crawl with a connection of its own. While one goes on,
sources that come due start another, so that a slow host holds up nobody else's source.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from pipelines.store.crawl.sources import load_sources
from pipelines.store.database.database import database_path, open_database
from pipelines.store.database.times import parse_utc
from pipelines.store.frontier.leases import sources_at_work
from pipelines.store.frontier.urls import next_due_at

DEFAULT_INTERVAL: Final = timedelta(hours=1)
"""Between crawls of a source that names no schedule."""

_BUSY_SECONDS: Final = 2.0
_LONGEST_SLEEP_SECONDS: Final = 30.0  # after that at the latest a change of the file is noticed
_MOST_ROUNDS: Final = 4
"""At once: each has parsers and connections of its own, and the processors are the same."""

# Articles come due one by one: without a pause each would be a crawl of its own.
_BETWEEN_REVISITS: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """What a watch tells its caller: a crawl ended, the settings changed, or what it waits for.

    Attributes:
        report: What a crawl did; None where there was none.
        error: What is wrong with the settings; the ones before stay in force.
        settings: Those now in force, when they changed or are good again; None otherwise.
        next_due: The source that is due next, and when; None where that was told before.
    """

    report: CrawlReport | None = None
    error: str | None = None
    settings: Settings | None = None
    next_due: tuple[str, datetime] | None = None


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
    rounds = _Rounds(db, options, stop, on_progress)
    tried: dict[str, datetime] = {}
    told: tuple[str, datetime] | None = None
    try:
        while not stop.is_set():
            event = reader.read_again()
            if event is not None:
                on_event(event)
            settings, now = reader.settings, datetime.now(UTC)
            last = _last_crawled(db, tried)
            due = [s.name for s in settings.sources if is_due(s, last[s.name], now)]
            if started := rounds.start(settings, due, now):
                tried.update(dict.fromkeys(started, now))
                continue
            following = _next_due(settings, last, now)
            if following is not None and following != told and not rounds.under_way:
                told = following
                on_event(WatchEvent(next_due=following))
            # What is due and still being fetched from the last time is looked for again soon.
            seconds = _BUSY_SECONDS if due else _seconds_until(following, now)
            for report in await rounds.wait(seconds):
                on_event(WatchEvent(report))
    finally:
        for report in await rounds.finish():
            on_event(WatchEvent(report))


class _Rounds:
    """The crawls that are under way.

    Args:
        db: Says who is at work; each round opens the file again for itself.
        options: For each of them.
        stop: Ends them all.
        on_progress: Told by a round that is alone.
    """

    def __init__(
        self,
        db: Database,
        options: CrawlOptions,
        stop: asyncio.Event,
        on_progress: ProgressCallback | None,
    ) -> None:
        self._db = db
        self._options = options
        self._stop = stop
        self._on_progress = on_progress
        self._tasks: dict[asyncio.Task[CrawlReport], frozenset[str]] = {}
        self._revisited_at = datetime.min.replace(tzinfo=UTC)

    @property
    def under_way(self) -> bool:
        """Whether any round is."""
        return bool(self._tasks)

    def start(self, settings: Settings, due: Sequence[str], now: datetime) -> tuple[str, ...]:
        """Begin a round with the sources that are due and that no other is at work on.

        Returns:
            Their names; none when there are none, or enough rounds are under way. Articles that are
            due to be looked at again have a round of their own, now and then.
        """
        if len(self._tasks) >= _MOST_ROUNDS:
            return ()
        busy = self._busy_sources()
        names = tuple(name for name in due if name not in busy)
        is_time = now - self._revisited_at > _BETWEEN_REVISITS
        wants_revisits = not self._tasks and is_time and _has_due_url(self._db, now)
        if not settings.sources or not (names or wants_revisits):
            return ()
        self._revisited_at = now
        in_it = names if self._tasks else ()  # alone, it sees to everybody's articles too
        task = asyncio.create_task(self._crawl(settings, in_it))
        self._tasks[task] = frozenset(in_it or (source.name for source in settings.sources))
        return names or tuple(due)

    def _busy_sources(self) -> frozenset[str]:
        """Sources of rounds under way of which something is still being fetched."""
        in_rounds = frozenset().union(*self._tasks.values())
        return in_rounds & sources_at_work(self._db) if in_rounds else frozenset()

    async def _crawl(self, settings: Settings, names: tuple[str, ...]) -> CrawlReport:
        db = open_database(database_path(self._db))
        try:
            return await crawl(
                settings,
                db,
                replace(self._options, sources=names),
                on_progress=None if self._tasks else self._on_progress,
                stop=self._stop,
            )
        finally:
            db.close()

    async def wait(self, seconds: float) -> list[CrawlReport]:
        """Wait for so long, or until a round has ended or all is to stop; what rounds did.

        Raises:
            PipelineError: What ended a round.
        """
        stopped = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait(
                [*self._tasks, stopped], timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stopped.cancel()
        return self._take_reports()

    async def finish(self) -> list[CrawlReport]:
        """Wait until all rounds have ended, which are told to stop; what they did."""
        if self._tasks:
            self._stop.set()
            await asyncio.wait(self._tasks)
        return self._take_reports()

    def _take_reports(self) -> list[CrawlReport]:
        done = [task for task in self._tasks if task.done()]
        for task in done:
            del self._tasks[task]
        return [task.result() for task in done]


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


def _next_due(
    settings: Settings, last: Mapping[str, datetime | None], now: datetime
) -> tuple[str, datetime] | None:
    """Which source is due next, and when; None when there is none with a schedule."""
    moments = [
        (moment, source.name)
        for source in settings.sources
        if (moment := next_run_at(source, last[source.name])) is not None and moment > now
    ]
    return (min(moments)[1], min(moments)[0]) if moments else None


def _seconds_until(following: tuple[str, datetime] | None, now: datetime) -> float:
    """For how long there is nothing to do; a second at least, so that nothing spins."""
    wait = _LONGEST_SLEEP_SECONDS if following is None else (following[1] - now).total_seconds()
    return min(max(wait, 1.0), _LONGEST_SLEEP_SECONDS)
