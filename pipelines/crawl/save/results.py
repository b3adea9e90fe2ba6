"""What became of a request: it is written and counted."""

import asyncio
from collections.abc import Mapping
from typing import assert_never

from sqlite_utils import Database

from pipelines.crawl.crawl_report import CrawlReport, FailureLine, Progress, ProgressCallback
from pipelines.crawl.download.downloader import FetchResult
from pipelines.crawl.save.save_error import save_fetch_error, save_lost
from pipelines.crawl.save.save_outcome import SaveResult
from pipelines.crawl.save.save_result import save_not_modified, save_parsed
from pipelines.crawl.schedule.crawl_state import CrawlState
from pipelines.crawl.schedule.plan import CrawlRequest, SourcePlan
from pipelines.store.database.writer import Writer
from pipelines.store.frontier.urls import count_urls


class ResultSaver:
    """Has results written, many at once, and counts what became of them."""

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

    async def settle(self, request: CrawlRequest, fetch_result: FetchResult) -> None:
        """Write what came of a request; when this returns it is stored.

        Raises:
            StoreError: The database cannot be written.
        """
        counts = self._report.sources[request.plan.name]
        counts.bytes += fetch_result.transferred_bytes
        page, parsed, lost = fetch_result.page, fetch_result.parsed, fetch_result.lost
        error = fetch_result.error
        if error is not None:
            saving = self._writer.run(lambda db: save_fetch_error(db, request, error))
            await self._finish(request, saving)
            return
        assert page is not None  # noqa: S101 - what is no error is a page
        if page.is_unchanged:
            saving = self._writer.run(lambda db: save_not_modified(db, request, page))
        else:
            counts.fetched += fetch_result.fetched
            if parsed is None:
                saving = self._writer.run(lambda db: save_lost(db, request, page, lost or ""))
            else:
                saving = self._writer.run(lambda db: save_parsed(db, request, page, parsed))
        await self._finish(request, saving)

    async def _finish(self, request: CrawlRequest, saving: "asyncio.Future[SaveResult]") -> None:
        result = await saving
        self._count(request, result)
        self._done += 1
        self._waiting += result.added - 1
        # Stories wait for the lists of their source, whatever these lead to.
        if result.added or request.url.kind != "article":
            self._state.ask_for_more()
        self._tell()

    def _count(self, request: CrawlRequest, result: SaveResult) -> None:
        counts = self._report.sources[request.plan.name]
        match result.outcome:
            case "new":
                counts.new += 1
            case "changed":
                counts.changed += 1
            case "unchanged":
                counts.unchanged += 1
            case "not_modified":
                counts.not_modified += 1
            case "suspect":
                counts.suspect += 1
            case "skipped":
                counts.skipped += 1
            case "failed":
                line = FailureLine(request.url.url, result.stage, result.error, result.message)
                self._report.note_failure(request.plan.name, line)
            case "index":
                pass  # what it leads to is counted when it is fetched
            case _:
                assert_never(result.outcome)

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
