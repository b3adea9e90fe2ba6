"""What becomes of a visit: it is written and counted, and its host may be left alone."""

import asyncio
from collections.abc import Mapping
from typing import Final

from sqlite_utils import Database

from pipelines.crawl.download.downloader import Visit, is_host_trouble
from pipelines.crawl.report import CrawlReport, FailureLine, Progress, ProgressCallback
from pipelines.crawl.save.save_result import (
    Handled,
    save_fetch_error,
    save_host_failure,
    save_lost,
    save_not_modified,
    save_reading,
)
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import SourcePlan, Turn
from pipelines.store.crawl.frontier import count_urls
from pipelines.store.crawl.hosts import record_host_success
from pipelines.store.crawl.leases import LeasedUrl
from pipelines.store.database.writer import Writer
from scraper.errors import (
    ConnectFailedError,
    FetchError,
    HostPausedError,
    StatusError,
)

# A host that failed so often in a row, whatever the page, is left alone for a while.
_FAILURES_OF_A_HOST: Final = 5


class Handler:
    """Has visits written, many at once, and counts what became of them."""

    def __init__(
        self,
        plans: Mapping[int, SourcePlan],
        report: CrawlReport,
        writer: Writer,
        state: CrawlState,
        on_progress: ProgressCallback | None,
    ) -> None:
        self._plans = plans
        self._report = report
        self._writer = writer
        self._state = state
        self._on_progress = on_progress
        self._done = 0
        self._waiting = 0

    async def start_counting(self) -> None:
        """Count what is waiting, for the progress."""
        self._waiting = await self._writer.run(self._count_waiting)
        self._tell()

    def turn_of(self, url: LeasedUrl) -> Turn:
        """A leased URL with all that is needed to ask for it."""
        return Turn(url, self._plans[url.source_id], self._report.crawl_id)

    async def greet(self, host: str) -> None:
        """Note that a host answers."""
        if self._state.greet(host):
            await self._writer.run(lambda db: record_host_success(db, host))

    async def settle(self, turn: Turn, visit: Visit) -> None:
        """Write what came of a visit; when this returns it is stored.

        Raises:
            StoreError: The database cannot be written.
        """
        counts = self._report.sources[turn.plan.name]
        counts.bytes += visit.transferred_bytes
        if visit.error is not None:
            await self._settle_error(turn, visit.error)
            return
        page, reading, lost = visit.page, visit.reading, visit.lost
        assert page is not None  # noqa: S101 - what is no error is a page
        if page.is_unchanged:
            counts.not_modified += 1
            saving = self._writer.run(lambda db: save_not_modified(db, turn, page))
        else:
            counts.fetched += visit.fetched
            if reading is None:
                saving = self._writer.run(lambda db: save_lost(db, turn, page, lost or ""))
            else:
                saving = self._writer.run(lambda db: save_reading(db, turn, page, reading))
        await self._finish(turn, saving)

    async def _settle_error(self, turn: Turn, error: FetchError) -> None:
        host = turn.url.host
        if isinstance(error, HostPausedError):  # not asked for: the URL keeps its turn
            await self._rest(host, error, error.retry_after_seconds)
            return
        await self._finish(turn, self._writer.run(lambda db: save_fetch_error(db, turn, error)))
        status = error.status if isinstance(error, StatusError) else 0
        is_host = isinstance(error, ConnectFailedError) or status in {429, 503}
        failures = self._state.count_failure(host) if is_host_trouble(error) else 0
        if is_host or failures >= _FAILURES_OF_A_HOST:
            seconds = error.retry_after_seconds if isinstance(error, StatusError) else None
            await self._rest(host, error, seconds)

    async def _rest(self, host: str, error: FetchError, seconds: float | None) -> None:
        """Leave a host alone for now; its URLs keep their turn."""
        message = " ".join(str(error).split())
        rest_seconds = await self._writer.run(
            lambda db: save_host_failure(db, host, message, seconds)
        )
        self._state.rest(host, rest_seconds)

    async def _finish(self, turn: Turn, saving: "asyncio.Future[Handled]") -> None:
        handled = await saving
        counts = self._report.sources[turn.plan.name]
        if handled.stage is not None:
            self._report.note_failure(
                turn.plan.name,
                FailureLine(turn.url.url, handled.stage, handled.error, handled.message),
            )
        elif handled.result in {"new", "changed", "unchanged", "skipped"}:
            setattr(counts, handled.result, getattr(counts, handled.result) + 1)
        self._done += 1
        self._waiting += handled.added - 1
        # A feed or sitemap may name nothing new and yet make known URLs due again.
        if handled.added or handled.result == "index":
            self._state.ask_for_more()
        self._tell()

    def _count_waiting(self, db: Database) -> int:
        counts = [count_urls(db, source_id=source_id) for source_id in self._plans]
        return sum(count["due"] + count["leased"] for count in counts)

    def _tell(self) -> None:
        if self._on_progress is not None:
            report = self._report
            self._on_progress(
                Progress(
                    done=self._done,
                    waiting=max(self._waiting, 0),
                    articles=report.total("new") + report.total("changed"),
                    failed=report.total("failed"),
                    bytes=report.total("bytes"),
                )
            )
