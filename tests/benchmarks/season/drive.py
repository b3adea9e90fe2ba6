"""Crawling a season: the real commands, four times a day, with the clock moved on."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.season.server import World, serve
from tests.benchmarks.season.sites import plan_sites
from tests.benchmarks.season.troubles import draw_troubles

START: Final = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
_BETWEEN: Final = timedelta(hours=6)
_CRAWL_SECONDS: Final = 300
_FAKETIME: Final = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
_KILLED: Final = 0.03  # of all crawls


@dataclass(frozen=True, slots=True)
class SeasonPlan:
    """What a season is made of: the same for the same numbers.

    Attributes:
        quiet_days: At the end, without trouble and without new stories.
        has_wrong_clock: Whether one crawl runs with a clock that is a week ahead.
    """

    seed: int
    sites: int = 30
    days: int = 90
    quiet_days: int = 14
    has_wrong_clock: bool = True


@dataclass(slots=True)
class Season:
    """A season that was crawled.

    Attributes:
        checks: What `status --check` said at the end of each day.
        crashes: Crawls that ended in a traceback or did not end.
    """

    plan: SeasonPlan
    world: World
    database: Path
    checks: list[tuple[datetime, list[dict[str, Any]]]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    kills: int = 0


def is_possible() -> bool:
    """Whether this machine can move a process's clock."""
    return _FAKETIME.exists()


def crawl_season(
    plan: SeasonPlan, folder: Path, on_day: Callable[[int], None] | None = None
) -> Season:
    """Let a season pass, in real time some seconds a day.

    Args:
        plan: What happens.
        folder: For sources.toml and the database.
        on_day: Called with the number of each day that is over.
    """
    publishing = plan.days - plan.quiet_days
    sites = plan_sites(plan.seed, plan.sites, START, publishing)
    troubles = draw_troubles(plan.seed, sites, START, plan.days, quiet_days=plan.quiet_days)
    world = World(sites, troubles, START)
    season = Season(plan, world, folder / "data" / "articles.db")
    rng = random.Random(f"{plan.seed}/crawls")
    wrong_clock_day = rng.randint(plan.days // 4, plan.days // 2) if plan.has_wrong_clock else None
    with serve(world):
        _write_sources(world, folder)
        for day in range(plan.days):
            for turn in range(4):
                world.now = START + timedelta(days=day) + turn * _BETWEEN
                ahead = timedelta(days=7) if (day, turn) == (wrong_clock_day, 1) else timedelta()
                may_be_killed = day < publishing and rng.random() < _KILLED
                kill_after = rng.uniform(0.8, 3.5) if may_be_killed else None
                _crawl(season, folder, world.now + ahead, kill_after)
            season.checks.append((world.now, _check(season, folder, world.now)))
            if on_day is not None:
                on_day(day)
    return season


def _write_sources(world: World, folder: Path) -> None:
    entries = [
        f'[[source]]\nname = "{site.name}"\nurl = "{world.base(site)}/"\n' for site in world.sites
    ]
    defaults = "[defaults]\nallow_private = true\ndelay_seconds = 0.0\n\n"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "sources.toml").write_text(defaults + "\n".join(entries))


def _crawl(season: Season, folder: Path, now: datetime, kill_after: float | None) -> None:
    command = _winnow("crawl", "--executor", "local", "--quiet")
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=_at(now),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        output, _ = process.communicate(timeout=kill_after or _CRAWL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        season.kills += 1
        if kill_after is None:
            season.crashes.append(f"{now}: it did not end: {output[-300:]}")
        return
    if "Traceback" in output or "error: database" in output or process.returncode not in {0, 1}:
        season.crashes.append(f"{now}: {process.returncode}: {output[-600:]}")


def _check(season: Season, folder: Path, now: datetime) -> list[dict[str, Any]]:
    done = subprocess.run(
        _winnow("status", "--check", "--format", "json"),
        cwd=folder,
        env=_at(now + timedelta(minutes=30)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        season.crashes.append(f"{now}: status: {done.stderr[-600:]}")
        return []
    problems: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    return problems


def _winnow(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from pipelines.cli.app import main; main()", *arguments]


def _at(now: datetime) -> Mapping[str, str]:
    """The environment of a process whose clock starts at `now`."""
    return os.environ | {
        "LD_PRELOAD": str(_FAKETIME),
        "FAKETIME": f"@{now:%Y-%m-%d %H:%M:%S}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
