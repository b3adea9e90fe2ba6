"""Bars and axes as numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.browse.charts import COLOURS, draw_tenths, stack_days
from pipelines.browse.written_dates import long_date, short_date


def days_from(count: int) -> list[str]:
    return [(date(2026, 1, 1) + timedelta(days=day)).isoformat() for day in range(count)]


@settings(max_examples=30)
@given(
    st.integers(1, 40).flatmap(
        lambda days: st.lists(
            st.lists(st.integers(0, 10**9), min_size=days, max_size=days), max_size=9
        ).map(lambda layers: (days, layers))
    )
)
def test_every_bar_stays_in_its_chart(drawing: tuple[int, list[list[int]]]) -> None:
    count, layers = drawing
    chart = stack_days(days_from(count), [(f"s{n}", layer) for n, layer in enumerate(layers)])
    for bar in chart.bars:
        assert bar.width > 0
        assert bar.height > 0
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.001
        assert bar.y >= -0.001
    assert len(chart.legend) == min(len(layers), len(COLOURS))
    assert len(chart.across) <= 5
    assert 2 <= len(chart.up) <= 6
    assert all(0 <= tick.at <= 100 for tick in (*chart.across, *chart.up))


def test_a_new_database_fills_its_chart() -> None:
    counts = [0] * 27 + [4, 0, 2]
    chart = stack_days(days_from(30), [("courier", counts)])
    assert [tick.label for tick in chart.across] == ["24 Jan", "26 Jan", "28 Jan", "30 Jan"]
    assert [bar.label for bar in chart.bars] == ["28 Jan, courier: 4", "30 Jan, courier: 2"]
    assert [round(bar.height) for bar in chart.bars] == [100, 50]


def test_sources_beyond_the_palette_share_a_bar() -> None:
    chart = stack_days(days_from(7), [(f"s{n}", [1] * 7) for n in range(9)])
    assert chart.legend[-1] == ("3 others", COLOURS[-1])
    assert chart.bars[6].label == "1 Jan, 3 others: 3"


def test_tenths_without_any_value_have_axes() -> None:
    chart = draw_tenths([0] * 10)
    assert [tick.label for tick in chart.up] == ["0", "1"]


@pytest.mark.parametrize(
    ("stored", "long", "short"),
    [
        ("2026-10-02T08:30:00+00:00", "2 October 2026, 08:30 UTC", "2026-10-02 08:30"),
        ("2026-10-02T01:30:00+02:00", "1 October 2026, 23:30 UTC", "2026-10-01 23:30"),
        ("2026-10-02T08:30:00", "2 October 2026, 08:30", "2026-10-02 08:30"),
        ("2026-10-02", "2 October 2026", "2026-10-02"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00", None),
        ("last week", "last week", None),
    ],
)
def test_dates_for_people(stored: str, long: str, short: str | None) -> None:
    assert (long_date(stored), short_date(stored)) == (long, short)
