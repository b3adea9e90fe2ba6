"""The frontier's cost hardly grows with its size; `python -m tests.benchmarks.crawl.frontier`
measures up to a million URLs."""

import pytest

from tests.benchmarks.crawl.frontier import compare

pytestmark = pytest.mark.benchmark


def test_a_lease_from_many_urls_costs_little_more_than_one_from_few() -> None:
    few, many = compare((1_000, 20_000))
    assert many.milliseconds["lease"] < 8 * few.milliseconds["lease"]
    assert many.milliseconds["start"] < 8 * few.milliseconds["start"]
    assert many.peak_megabytes < 1.4 * few.peak_megabytes
