"""Lanes: what is asked for before what, in one number.

`urls.priority` says to which lane a URL belongs, and where in it it stands; the higher comes first:

    lists      front pages, sections, feeds, and sitemaps that no other one names
    parts      sitemaps that an index names, the newest first
    stories    articles that were never asked for, the newest first
    revisits   articles that were, those that have waited longest first

Every lane has a share of its own in a crawl, so that none is starved by another one. A number that
is made once, and an index that holds it, make the next URL of a million as cheap as that of ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

Lane = Literal["lists", "parts", "stories", "revisits"]

_WIDTH: Final = 100_000_000
_STORIES: Final = 0
_PARTS: Final = _STORIES + _WIDTH
_LISTS: Final = _PARTS + _WIDTH

_EPOCH: Final = datetime(1990, 1, 1, tzinfo=UTC)  # nothing on the web is older
_STEPS_PER_HOUR: Final = 16
_MOST_HOURS: Final = _WIDTH // _STEPS_PER_HOUR - 2

FIRST_STORY: Final = _WIDTH - 1
"""Of a story whose turn has come though others are newer."""

_UNDATED_PARTS: Final = 10_000
ONCE_ASKED: Final = (
    f"CASE WHEN kind = 'article' THEN -1 WHEN priority >= {_PARTS} "
    f"AND priority < {_PARTS + _UNDATED_PARTS} THEN {_PARTS} ELSE priority END"
)
"""SQL: the priority of a URL that was asked for: an article is the first of the revisits, and a
part that nobody dates comes after those that were never read."""

WAITING_SINCE_DUE: Final = (
    "CASE WHEN kind = 'article' THEN -CAST(strftime('%s', next_fetch_at) AS INTEGER) / 60 "
    "ELSE priority END"
)
"""SQL: the same for one that has waited since `next_fetch_at`; in minutes, so below 0."""


@dataclass(frozen=True, slots=True)
class PriorityRange:
    """The priorities from `low` on, up to but without `high`."""

    low: int
    high: int


LANES: Final[dict[Lane, PriorityRange]] = {
    "lists": PriorityRange(_LISTS, _LISTS + _WIDTH),
    "parts": PriorityRange(_PARTS, _LISTS),
    "stories": PriorityRange(_STORIES, _PARTS),
    "revisits": PriorityRange(-_LISTS, _STORIES),
}
"""The highest first; together they hold every priority."""

ALL_PRIORITIES: Final = PriorityRange(LANES["revisits"].low, LANES["lists"].high)
UNDATED_STORIES: Final = PriorityRange(_STORIES, _STORIES + _STEPS_PER_HOUR)


def lane_of(priority: int) -> Lane:
    """The lane of a priority.

    Example:
        >>> lane_of(list_priority(7)), lane_of(story_priority(None)), lane_of(-1)
        ('lists', 'stories', 'revisits')
    """
    return next((lane for lane, range_ in LANES.items() if priority >= range_.low), "revisits")


def list_priority(rank: int) -> int:
    """The priority of a list; the higher rank comes first.

    Args:
        rank: From 0 to a million.
    """
    return _LISTS + rank


def part_priority(dated: datetime | None, place: int = 0) -> int:
    """The priority of a sitemap that an index names: the newest first, undated ones at the end.

    Args:
        dated: When what it names is from; None when unknown.
        place: Where among the undated ones it stands.
    """
    if dated is None:
        return _PARTS + max(_UNDATED_PARTS - 1 - place, 1)
    return _PARTS + _UNDATED_PARTS + _steps(dated)


def story_priority(dated: datetime | None, score: float = 0.0) -> int:
    """The priority of an article never asked for: the newest first, undated ones at the end.

    Args:
        dated: When it is from; None when unknown.
        score: How likely it is an article, from 0.0 to 1.0: among those of one hour.

    Example:
        >>> new, old = datetime(2026, 3, 2, tzinfo=UTC), datetime(2019, 7, 1, tzinfo=UTC)
        >>> story_priority(new) > story_priority(old) > story_priority(None, 1.0)
        True
    """
    return _STORIES + _steps(dated) + min(max(int(10 * score), 0), _STEPS_PER_HOUR - 1)


def story_date(priority: int) -> datetime | None:
    """When a story of this priority is from, to the hour; None when that is unknown.

    Example:
        >>> story_date(story_priority(datetime(2026, 3, 2, 7, 30, tzinfo=UTC), 0.8))
        datetime.datetime(2026, 3, 2, 7, 0, tzinfo=datetime.timezone.utc)
    """
    hours = (priority - _STORIES) // _STEPS_PER_HOUR
    if lane_of(priority) != "stories" or not 0 < hours <= _MOST_HOURS:
        return None
    return datetime.fromtimestamp(_EPOCH.timestamp() + hours * 3600, UTC)


def stories_between(since: datetime | None, until: datetime | None) -> Sequence[PriorityRange]:
    """The stories from `since` on and before `until`; those without a date are left out.

    Args:
        since: None for from the beginning.
        until: None for no end.
    """
    low = _STEPS_PER_HOUR if since is None else _steps(since)
    high = LANES["stories"].high if until is None else _steps(until)
    return (PriorityRange(low, high),) if low < high else ()


def parts_since(since: datetime) -> Sequence[PriorityRange]:
    """The parts that may name something from `since` on: those without a date among them."""
    return (
        PriorityRange(_PARTS + _UNDATED_PARTS + _steps(since), _LISTS),
        PriorityRange(_PARTS, _PARTS + _UNDATED_PARTS),
    )


def _steps(moment: datetime | None) -> int:
    if moment is None:
        return 0
    hours = int((moment - _EPOCH).total_seconds()) // 3600
    return min(max(hours, 1), _MOST_HOURS) * _STEPS_PER_HOUR
