"""The ways to take in an archive that are compared, each in a process of its own.

    python -m tests.benchmarks.ingest.ways WAY ARCHIVE DATABASE PAGES

prints one JSON object a batch: how many pages and articles so far; at the marks also the processor
time of this process and of those it started.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.executor import ExecutorOptions
from pipelines.executor.executors import ExecutorName
from pipelines.store.database.database import open_database
from tests.benchmarks.processes import cpu_seconds, family

EARLY = 0.1
"""The part of the pages after which processes have started and models are loaded."""


@dataclass(frozen=True, slots=True)
class Way:
    """An executor of ours and its processes; none: the peer."""

    executor: ExecutorName | None = None
    workers: int = 1


WAYS: dict[str, Way] = {
    "peer": Way(),
    "local": Way("local"),
    "processes x2": Way("processes", 2),
    "dask x2": Way("dask", 2),
}


class Reporter:
    """Prints how far it is; `on_progress` of both sides ends here."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._marks = [max(1, round(total * EARLY)), total]

    def note(self, pages: int, articles: int) -> None:
        """Pages and articles so far."""
        said = {"pages": pages, "articles": articles, "at": time.monotonic()}
        if self._marks and pages >= self._marks[0]:
            while self._marks and pages >= self._marks[0]:
                self._marks.pop(0)
            head, *workers = family(os.getpid())
            said["head_seconds"] = cpu_seconds(head)
            said["workers_seconds"] = sum(map(cpu_seconds, workers))
        print(json.dumps(said), flush=True)


def take_in(way: Way, archive: Path, database: Path, note: Callable[[int, int], None]) -> None:
    """Store every article of an archive."""
    with closing(open_database(database)) as db:
        if way.executor is None:
            from tests.benchmarks.ingest.peer import ingest_by_trafilatura

            ingest_by_trafilatura(db, archive, note)
            return
        from pipelines.ingest.filter.filters import Filters
        from pipelines.ingest.ingest import IngestOptions, ingest
        from pipelines.ingest.inputs import find_inputs

        options = IngestOptions(
            filters=Filters(is_news_only=False),  # the peer reads every page too
            executor=ExecutorOptions(executor=way.executor, workers=way.workers),
        )
        inputs = list(find_inputs([str(archive)]))
        ingest(db, inputs, options, lambda report: note(report.pages, report.new))


def main() -> None:
    """Run the way that is named."""
    name, archive, database, total = sys.argv[1:]
    reporter = Reporter(int(total))
    take_in(WAYS[name], Path(archive), Path(database), reporter.note)


if __name__ == "__main__":
    main()
