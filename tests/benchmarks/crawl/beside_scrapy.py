"""A whole crawl beside Scrapy's: pages a second, CPU a page, and the memory of all processes.

    python -m tests.benchmarks.crawl.beside_scrapy PEER --hosts 20 [--limit 500]

The site has to be served already: host i is http://127.0.0.(2+i):8900/. PEER is a script that
crawls the same hosts with Scrapy and prints "... N pages S s ..." as its last line. Both run one
after the other on the same cores, so that only the ratios are worth quoting.
"""

import argparse
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import family, proportional_bytes

_SAMPLE_SECONDS = 0.5
_CRAWL = [sys.executable, "-c", "from pipelines.cli import main; main()", "crawl", "--quiet"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a crawl cost: wall and CPU seconds, and the most memory of all its processes."""

    pages: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def pages_per_second(self) -> float:
        """End to end, the start of Python included."""
        return self.pages / self.wall_seconds

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, {self.pages_per_second:.1f} a second, "
            f"{1000 * self.cpu_seconds / max(self.pages, 1):.1f} ms CPU a page, "
            f"peak {self.peak_bytes / 1e6:.0f} MB"
        )


def measure(command: list[str], folder: Path) -> tuple[float, float, int, str]:
    """Run a command: wall seconds, CPU seconds, peak of the summed memory, what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(proportional_bytes(pid) for pid in family(process.pid)))
            time.sleep(_SAMPLE_SECONDS)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, peak, (folder / "out.txt").read_text(errors="replace")


def crawl_with_winnow(folder: Path, hosts: int, limit: int | None) -> Cost:
    """`winnow crawl` from an empty folder."""
    (folder / "sources.toml").write_text(
        "[defaults]\nallow_private = true\ndelay_seconds = 0.0\n"
        + "".join(
            f'[[source]]\nname = "paper{i}"\nurl = "http://127.0.0.{2 + i}:8900/"\n'
            for i in range(hosts)
        )
    )
    extra = ["--limit", str(limit)] if limit else []
    wall, cpu, peak, printed = measure([*_CRAWL, *extra], folder)
    with closing(sqlite3.connect(folder / "data/articles.db")) as db:
        pages = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        failures = db.execute("SELECT count(*) FROM failures").fetchone()[0]
    if failures or not pages:
        print(printed)
    print(f"  stored in full: {pages} articles, {failures} failures")
    return Cost(pages, wall, cpu, peak)


def crawl_with_peer(folder: Path, peer: Path, hosts: int) -> Cost:
    """The other crawler, as its script runs it."""
    os.environ["HOSTS"] = str(hosts)
    wall, cpu, peak, printed = measure([sys.executable, str(peer.resolve())], folder)
    pages = int(re.findall(r"(\d+) pages ", printed)[-1])
    return Cost(pages, wall, cpu, peak)


def main() -> None:
    """Print both costs and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", type=Path)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--limit", type=int, help="articles winnow fetches at most")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        peer = crawl_with_peer(Path(one), options.peer, options.hosts)
        print(f"peer    {peer}")
        own = crawl_with_winnow(Path(other), options.hosts, options.limit)
        print(f"winnow  {own}")
    print(
        f"ratio   {own.pages_per_second / peer.pages_per_second:.2f} pages a second, "
        f"{(peer.cpu_seconds / peer.pages) / (own.cpu_seconds / own.pages):.2f} CPU a page"
    )


if __name__ == "__main__":
    main()
