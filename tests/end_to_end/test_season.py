"""A fortnight of a few sites, with trouble: the database holds what they said, and nothing else."""

from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.season.drive import SeasonPlan, crawl_season, is_possible
from tests.benchmarks.season.judge import count_stories, judge

pytestmark = pytest.mark.skipif(not is_possible(), reason="libfaketime is not installed")


def test_a_fortnight_with_trouble_leaves_the_truth(tmp_path: Path) -> None:
    plan = SeasonPlan(seed=7, sites=8, days=11, quiet_days=5, has_wrong_clock=False)
    season = crawl_season(plan, tmp_path)
    faults = judge(season)
    assert count_stories(season) > 40
    assert Counter(fault.what for fault in faults) == {}, faults
