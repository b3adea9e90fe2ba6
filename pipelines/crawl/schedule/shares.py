"""What a crawl asks of each source at most: each lane has a share of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, assert_never

from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.schedule.plan import SourcePlan
from pipelines.settings import SourceSettings
from pipelines.store.frontier.lanes import (
    LANES,
    UNDATED_STORIES,
    Lane,
    PriorityRange,
    lane_of,
    parts_since,
    stories_between,
)
from pipelines.store.frontier.leases import LeasedUrl

MOST_PARTS_PER_CRAWL: Final = 100
"""Sitemaps that an index names, of one source: an archive of thousands is read over many crawls."""


class Shares:
    """How much of each lane was asked of each source, and what may still be.

    Args:
        plans: The sources, by id.
        options: How many articles in all, and of which days.
    """

    def __init__(self, plans: Mapping[int, SourcePlan], options: CrawlOptions) -> None:
        self._plans = plans
        self._limit = options.limit
        self._asked: Counter[tuple[int, Lane]] = Counter()
        self._ranges = {
            source_id: {lane: _ranges_of(lane, plan.settings, options) for lane in LANES}
            for source_id, plan in plans.items()
        }

    def open_lists(self) -> Mapping[int, Sequence[PriorityRange]]:
        """The priorities of lists that may be asked of each source."""
        return self._open_ranges("lists", "parts")

    def open_stories(self) -> Mapping[int, Sequence[PriorityRange]]:
        """The priorities of stories that may be; a source that had all is left out."""
        return self._open_ranges("stories", "revisits")

    def _open_ranges(self, *lanes: Lane) -> Mapping[int, Sequence[PriorityRange]]:
        ranges = {
            source_id: [
                range_
                for lane in lanes
                if not self._is_used_up(source_id, lane)
                for range_ in of_lane[lane]
            ]
            for source_id, of_lane in self._ranges.items()
        }
        return {source_id: wanted for source_id, wanted in ranges.items() if wanted}

    def take(self, url: LeasedUrl) -> bool:
        """Count a URL, and say whether it may be asked; if not, it waits for the next crawl."""
        lane = lane_of(url.priority)
        if self._is_used_up(url.source_id, lane):
            return False
        self._asked[url.source_id, lane] += 1
        return True

    def give_back(self, url: LeasedUrl) -> None:
        """Uncount a URL that was not asked after all."""
        self._asked[url.source_id, lane_of(url.priority)] -= 1

    def _is_used_up(self, source_id: int, lane: Lane) -> bool:
        most = self._plans[source_id].settings.max_articles_per_crawl
        match lane:
            case "lists":
                return False
            case "parts":
                return self._asked[source_id, lane] >= MOST_PARTS_PER_CRAWL
            case "stories" | "revisits":
                return self._is_limit_reached() or self._asked[source_id, lane] >= most
            case _:
                assert_never(lane)

    def _is_limit_reached(self) -> bool:
        if self._limit is None:
            return False
        articles = (n for (_, lane), n in self._asked.items() if lane in {"stories", "revisits"})
        return sum(articles) >= self._limit


def _ranges_of(
    lane: Lane, settings: SourceSettings, options: CrawlOptions
) -> Sequence[PriorityRange]:
    since, until = options.since or settings.since, options.until or settings.until
    if lane == "parts" and since is not None:
        return parts_since(_start_of(since))
    if lane == "stories" and (since is not None or until is not None):
        after = _start_of(until + timedelta(days=1)) if until is not None else None
        dated = stories_between(_start_of(since) if since is not None else None, after)
        # Whoever asks for certain days now wants no stories that may be of any.
        is_for_now = options.since is not None or options.until is not None
        return dated if is_for_now else (*dated, UNDATED_STORIES)
    return (LANES[lane],)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
