"""Structured logs: one JSON object a line on standard output, for programs that collect them.

Every line has `at` (UTC, ISO 8601) and `event`; what else it has depends on the event:

    started    what was asked for
    progress   done, waiting, articles, failed, bytes: of the crawl that is running
    failure    url, stage, error, message
    source     one source's counts in a crawl
    crawl      all counts of a crawl, how long it took, which hosts are backed off from
    settings   sources after sources.toml changed, or what is wrong with it
    stopped    the end of a watch
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.crawl.crawl_report import CrawlReport, Progress

_COUNTS = (
    "fetched", "not_modified", "new", "changed", "unchanged", "suspect", "skipped", "failed",
    "bytes",
)  # fmt: skip
_SECONDS_BETWEEN_PROGRESS = 10.0


def write_event(event: str, **fields: object) -> None:
    """Write one line at once; all of it is ASCII, so that nothing in it can steer a terminal."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    sys.stdout.write(json.dumps({"at": at, "event": event, **fields}) + "\n")
    sys.stdout.flush()


def write_report(report: CrawlReport) -> None:
    """What a crawl did: its failures, each source that did something, and the whole."""
    for failure in report.failures:
        write_event("failure", crawl=report.crawl_id, **asdict(failure))
    for source in report.sources.values():
        counts = {name: getattr(source, name) for name in _COUNTS}
        if any(counts.values()):
            write_event("source", crawl=report.crawl_id, source=source.name, **counts)
    write_event(
        "crawl",
        crawl=report.crawl_id,
        **{name: report.total(name) for name in _COUNTS},
        left=report.left,
        backing_off=list(report.backing_off),
        was_stopped=report.was_stopped,
        elapsed_seconds=round(report.elapsed_seconds, 3),
    )


class ProgressLog:
    """Writes how far a crawl is, a line every ten seconds; calling it is cheap."""

    def __init__(self) -> None:
        self._written_at = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        """Write it, unless something was written a moment ago."""
        now = time.monotonic()
        if now - self._written_at >= _SECONDS_BETWEEN_PROGRESS:
            self._written_at = now
            write_event("progress", **asdict(progress))
