"""Dates that say when a list was made are no dates of what it names."""

from datetime import UTC, datetime, timedelta

from scraper.discover.doubtful_dates import without_doubtful_dates
from scraper.discover.links import Outlink

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _links(*dates: datetime | None) -> list[Outlink]:
    return [Outlink(url=f"https://example.org/{n}", lastmod=d) for n, d in enumerate(dates)]


def _kept(links: list[Outlink]) -> list[datetime | None]:
    return [link.lastmod for link in without_doubtful_dates(links, NOON)]


def test_a_date_that_nearly_all_share_is_none_and_the_others_stay() -> None:
    built, own = NOON - timedelta(days=3), NOON - timedelta(days=9)
    assert _kept(_links(*[built] * 9, own)) == [None] * 9 + [own]


def test_dates_of_the_last_minutes_are_none_where_all_are() -> None:
    dates = [NOON - timedelta(seconds=n) for n in range(8)]
    assert _kept(_links(*dates)) == [None] * 8


def test_a_few_that_are_alike_or_new_are_believed() -> None:
    batch = _links(*[NOON - timedelta(hours=1)] * 3)
    assert _kept(batch) == [link.lastmod for link in batch]
    usual = _links(NOON, *(NOON - timedelta(days=n) for n in range(1, 9)))
    assert _kept(usual) == [link.lastmod for link in usual]


def test_links_without_dates_stay_as_they_are() -> None:
    links = _links(*[None] * 8)
    assert without_doubtful_dates(links, NOON) == tuple(links)
