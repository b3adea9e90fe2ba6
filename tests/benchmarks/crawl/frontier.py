"""What a lease costs with a thousand, a hundred thousand and a million URLs in the frontier.

    python -m tests.benchmarks.crawl.frontier [URLS ...]

CPU time of the steps a crawl takes at the frontier, and the most memory its process had; each size
in processes of its own, one to fill the database and one to measure.
"""

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlite_utils import Database

from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.frontier.lanes import LANES, Lane
from pipelines.store.frontier.leases import (
    LeasedUrl,
    LeaseOptions,
    lease_owners,
    lease_urls,
    release_leases,
)
from pipelines.store.frontier.source_lists import count_sitemaps, make_source_due
from pipelines.store.frontier.urls import (
    NewUrl,
    add_urls,
    mark_done,
    next_due_at,
)

T = TypeVar("T")
SIZES: Final = (1_000, 100_000, 1_000_000)
_SOURCES: Final = 20
_HOSTS: Final = 200
_ROUNDS: Final = 15
_STEPS: Final = ("lease", "mark done", "add known", "start")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one size: milliseconds of CPU for each step, the median; and the peak of memory."""

    urls: int
    milliseconds: dict[str, float]
    peak_megabytes: float


def _url(number: int) -> str:
    return f"https://h{number % _HOSTS}.example/news/2026/03/a-story-about-rain-{number}.html"


def fill(path: Path, urls: int) -> None:
    """A database with so many URLs, nine in ten of which are done, as after months."""
    db = open_database(path)
    sources = [save_source(db, f"s{n}", f"https://h{n}.example/") for n in range(_SOURCES)]
    for place, source_id in enumerate(sources):
        lists = [NewUrl(url=f"https://h{place}.example/feed/{n}", kind="feed") for n in range(3)]
        add_urls(db, source_id, lists)
        numbers = range(place, urls, _SOURCES)
        for start in range(0, len(numbers), 10_000):
            add_urls(db, source_id, [NewUrl(url=_url(n)) for n in numbers[start : start + 10_000]])
    db.execute(
        "UPDATE urls SET state = 'done', next_fetch_at = '2999-01-01T00:00:00.000Z' "
        "WHERE id % 10 <> 0"
    )
    db.conn.commit()
    db.close()


def measure(path: Path, urls: int) -> Cost:
    """What the steps of a crawl cost with this database."""
    db = open_database(path)
    times: dict[str, list[float]] = {step: [] for step in _STEPS}
    for number in range(_ROUNDS):
        _time(times["start"], partial(_start, db))
        leased = _time(times["lease"], partial(_lease, db))
        assert leased
        for url in leased[:5]:
            _time(times["mark done"], partial(mark_done, db, url.id))
        known = [NewUrl(url=_url((number * 7919 + k) % urls)) for k in range(50)]
        _time(times["add known"], partial(add_urls, db, 1, known))
        release_leases(db, "me")
    db.close()
    return Cost(
        urls,
        {step: 1000 * statistics.median(values) for step, values in times.items()},
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _lease(db: Database) -> list[LeasedUrl]:
    """As a crawl does: lists first, then stories, each lane with a share of its own."""
    leased: list[LeasedUrl] = []
    both: tuple[tuple[Lane, Lane], ...] = (("lists", "parts"), ("stories", "revisits"))
    for lanes in both:
        ranges = {key: [LANES[lane] for lane in lanes] for key in range(1, _SOURCES + 1)}
        options = LeaseOptions(limit=50 - len(leased), source_ids=list(ranges), ranges=ranges)
        leased += lease_urls(db, "me", options)
    return leased


def _start(db: Database) -> None:
    """What a crawl asks of the frontier before its first lease."""
    lease_owners(db)
    make_source_due(db, 1)
    count_sitemaps(db, 1)
    next_due_at(db)


def _time(times: list[float], step: Callable[[], T]) -> T:
    started = time.process_time()
    result = step()
    times.append(time.process_time() - started)
    return result


def compare(sizes: tuple[int, ...]) -> list[Cost]:
    """The cost of each size."""
    costs = []
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for urls in sizes:
            path = Path(folder) / f"{urls}.db"
            for job in (fill, measure):
                with ProcessPoolExecutor(1, mp_context=spawn) as pool:
                    result = pool.submit(job, path, urls).result()
            assert isinstance(result, Cost)
            costs.append(result)
    return costs


def main() -> None:
    """Print a line for each size, and the ratio of the largest to the smallest."""
    sizes = tuple(int(word) for word in sys.argv[1:]) or SIZES
    costs = compare(sizes)
    print(f"{'URLs':>10}" + "".join(f"{step + ' ms':>14}" for step in _STEPS) + f"{'peak MB':>10}")
    for cost in costs:
        steps = "".join(f"{cost.milliseconds[step]:14.2f}" for step in _STEPS)
        print(f"{cost.urls:>10,}{steps}{cost.peak_megabytes:10.1f}")
    first, last = costs[0], costs[-1]
    ratios = "".join(f"{last.milliseconds[s] / first.milliseconds[s]:14.2f}" for s in _STEPS)
    print(f"{'ratio':>10}{ratios}{last.peak_megabytes / first.peak_megabytes:10.2f}")


if __name__ == "__main__":
    main()
