"""Crawl seasons, and print what is wrong for each kind of trouble.

    python -m tests.benchmarks.season --seeds 1,2,3 --days 90

A season of thirty sites and ninety days takes some ten minutes. The exit code is 1 when anything is
wrong.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from tests.benchmarks.season.drive import SeasonPlan, crawl_season, is_possible
from tests.benchmarks.season.judge import Fault, count_stories, judge


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.season")
    parser.add_argument("--seeds", default="1", help="such as 1,2,3")
    parser.add_argument("--sites", type=int, default=30)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--quiet-days", type=int, default=14)
    parser.add_argument("--keep", type=Path, help="a folder to leave the databases in")
    options = parser.parse_args()
    if not is_possible():
        sys.exit("libfaketime is missing: apt-get install libfaketime")
    wrong = 0
    for seed in map(int, options.seeds.split(",")):
        plan = SeasonPlan(seed, options.sites, options.days, options.quiet_days)
        wrong += _run(plan, options.keep)
    sys.exit(1 if wrong else 0)


def _run(plan: SeasonPlan, keep: Path | None) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep / str(plan.seed) if keep is not None else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        season = crawl_season(plan, folder, _show_day)
        faults = judge(season)
        stories = count_stories(season)
    print(
        f"\nseed {plan.seed}: {plan.sites} sites, {plan.days} days, {stories} stories, "
        f"{len(season.world.troubles)} troubles, {season.kills} kills, "
        f"{sum(map(len, season.world.asked.values()))} requests, {len(faults)} wrong "
        f"({time.monotonic() - started:.0f} s)"
    )
    _print_faults(faults)
    return len(faults)


def _show_day(day: int) -> None:
    print(f"\rday {day + 1}", end="", file=sys.stderr, flush=True)


def _print_faults(faults: list[Fault]) -> None:
    counts = Counter((fault.what, fault.trouble) for fault in faults)
    examples = defaultdict(list)
    for fault in faults:
        examples[fault.what, fault.trouble].append(fault.detail)
    for (what, trouble), count in counts.most_common():
        print(f"{count:5}  {what:32} {trouble}\n       {examples[what, trouble][0][:200]}")


if __name__ == "__main__":
    main()
