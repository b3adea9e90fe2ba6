"""Runs one way and watches what it uses: time, processor time, and the memory of all processes."""

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.processes import family, proportional_bytes

_SAMPLE_SECONDS = 0.25
_AROUND = 0.05  # of the pages: how far from a place a sample of memory may be


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at a moment, when so many pages were done."""

    pages: int
    head_bytes: int
    workers_bytes: int

    @property
    def total_bytes(self) -> int:
        """Of all processes."""
        return self.head_bytes + self.workers_bytes


@dataclass(slots=True)
class Run:
    """What one way did and used.

    Attributes:
        cpu_seconds: Of all processes, from the start of Python to their end.
        wall_seconds: The same by the clock.
        early, end: What was said after a tenth of the pages, and after the last.
    """

    pages: int
    articles: int
    cpu_seconds: float
    wall_seconds: float
    early: dict[str, Any]
    end: dict[str, Any]
    samples: list[Sample] = field(default_factory=list)

    @property
    def pages_per_cpu_second(self) -> float:
        """Pages a second per core, starting included."""
        return self.pages / self.cpu_seconds

    @property
    def steady_pages(self) -> int:
        """Pages after the first tenth."""
        return max(1, int(self.end["pages"] - self.early["pages"]))

    @property
    def steady_per_cpu_second(self) -> float:
        """Pages a second per core after the first tenth: without starting and loading."""
        return self.steady_pages / max(0.01, self.steady_head + self.steady_workers)

    @property
    def steady_per_second(self) -> float:
        """Pages a second by the clock after the first tenth."""
        return self.steady_pages / max(0.01, float(self.end["at"] - self.early["at"]))

    @property
    def steady_head(self) -> float:
        """Processor seconds of the process that reads the archive and writes, after a tenth."""
        return float(self.end["head_seconds"] - self.early["head_seconds"])

    @property
    def steady_workers(self) -> float:
        """Processor seconds of all others, after a tenth."""
        return float(self.end["workers_seconds"] - self.early["workers_seconds"])

    def peak(self, part: Callable[[Sample], int]) -> int:
        """The most memory of a part of the processes at one moment."""
        return max((part(sample) for sample in self.samples), default=0)

    def memory_at(self, place: float) -> int:
        """Memory of all processes near a place (0 to 1) of the way; the median of the samples."""
        far = [abs(sample.pages / self.pages - place) for sample in self.samples]
        reach = max(_AROUND, min(far, default=0))
        near = [s.total_bytes for s, off in zip(self.samples, far, strict=True) if off <= reach]
        return round(median(near)) if near else 0


def run_way(name: str, archive: Path, database: Path, total: int) -> Run:
    """Run one way in a process of its own.

    Raises:
        RuntimeError: It failed, or read another number of pages.
    """
    module = "tests.benchmarks.ingest.ways"
    before, started = _children_seconds(), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", module, name, str(archive), str(database), str(total)],
        stdout=subprocess.PIPE,
        text=True,
    )
    said: list[dict[str, Any]] = []
    samples: list[Sample] = []
    watcher = threading.Thread(target=_watch, args=(process, said, samples))
    watcher.start()
    assert process.stdout is not None
    said.extend(json.loads(line) for line in process.stdout)
    code = process.wait()
    watcher.join()
    wall = time.monotonic() - started
    if code or not said or said[-1]["pages"] != total:
        raise RuntimeError(f"{name} ended with {code} after {said[-1:]}")
    marks = [line for line in said if "head_seconds" in line]
    return Run(
        pages=said[-1]["pages"],
        articles=said[-1]["articles"],
        cpu_seconds=_children_seconds() - before,
        wall_seconds=wall,
        early=marks[0],
        end=marks[-1],
        samples=samples,
    )


def _watch(
    process: "subprocess.Popen[str]", said: list[dict[str, Any]], samples: list[Sample]
) -> None:
    while process.poll() is None:
        pages = said[-1]["pages"] if said else 0
        head, *workers = family(process.pid)
        memory = Sample(pages, proportional_bytes(head), sum(map(proportional_bytes, workers)))
        if memory.head_bytes:
            samples.append(memory)
        time.sleep(_SAMPLE_SECONDS)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
