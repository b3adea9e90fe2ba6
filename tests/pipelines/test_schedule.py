"""When sources and articles are due."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.schedule import first_revisit_at, is_due, next_revisit_at, next_run_at, retry_at
from pipelines.settings import SourceDefaults

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_a_source_is_due_by_its_interval_or_cron_line_or_whenever_asked() -> None:
    every = SourceDefaults(every="30m")  # type: ignore[arg-type]  # as it is written in the file
    assert not is_due(every, NOW - timedelta(minutes=29), NOW)
    assert is_due(every, NOW - timedelta(minutes=30), NOW)
    daily = SourceDefaults(cron="0 7 * * *")
    assert next_run_at(daily, NOW) == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    assert is_due(daily, NOW - timedelta(hours=6), NOW)
    assert not is_due(daily, NOW - timedelta(hours=4), NOW)
    assert is_due(SourceDefaults(), NOW, NOW)
    assert all(is_due(source, None, NOW) for source in (every, daily, SourceDefaults()))


def test_a_young_article_is_looked_at_again_soon_and_an_old_one_never() -> None:
    def wait(age: timedelta) -> timedelta | None:
        again = first_revisit_at((NOW - age).isoformat(), NOW)
        return None if again is None else again - NOW

    assert wait(timedelta(minutes=5)) == timedelta(hours=1)
    assert wait(timedelta(hours=10)) == timedelta(hours=5)
    assert wait(timedelta(days=80)) == timedelta(days=30)
    assert wait(timedelta(days=100)) is None
    for unknown in (None, "soon", ""):
        assert first_revisit_at(unknown, NOW) == NOW + timedelta(hours=6)
    assert first_revisit_at("2026-03-04", NOW) == NOW + timedelta(hours=6)


def test_intervals_grow_until_nobody_looks_any_more() -> None:
    last, now, waits = NOW - timedelta(hours=1), NOW, []
    while (again := next_revisit_at(last, now)) is not None:
        waits.append(again - now)
        last, now = now, again
        assert len(waits) < 100
    assert waits == sorted(waits)
    assert waits[0] == timedelta(hours=2)
    assert sum(waits, timedelta()) < timedelta(days=365)


@pytest.mark.parametrize("attempts", range(1, 6))
def test_what_fails_is_tried_again_later_and_later(attempts: int) -> None:
    again, before = retry_at(attempts, NOW, None), retry_at(attempts - 1, NOW, None)
    assert again is not None
    assert before is not None
    assert again > before or attempts == 1


def test_the_host_decides_how_long_and_the_sixth_failure_is_the_last() -> None:
    assert retry_at(1, NOW, 7200.0) == NOW + timedelta(hours=2)
    assert retry_at(6, NOW, None) is None
