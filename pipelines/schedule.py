"""When to crawl a source again, by its schedule, and when to fetch a URL again, by its age."""

from datetime import UTC, datetime, timedelta
from typing import Final

from croniter import croniter

from pipelines.settings import SourceDefaults

# News is corrected and added to in its first hours; after a quarter nobody touches it any more.
_SOONEST: Final = timedelta(hours=1)
_LATEST: Final = timedelta(days=30)
_UNKNOWN_AGE: Final = timedelta(hours=12)
_OLD: Final = timedelta(days=90)
_GROWTH: Final = 2.0  # an hour becomes a month in ten looks, most of them in the first days

_PART_RESTS: Final = timedelta(days=1)
_CURRENT_PART: Final = timedelta(days=8)
_PAST_PART: Final = timedelta(days=45)

_CLOCK_SLACK: Final = timedelta(minutes=10)  # computers that share a database differ by less

# Between tries of a URL that fails: a restart is over in minutes, an outage in hours, a server that
# moves in days. Past the last one the URL is given up.
_RETRY_AFTER: Final = (
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)


# Between looks at an address that does not give its article: walls are up for hours, some for days.
_LOOK_AGAIN_AFTER: Final = (
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=7),
    timedelta(days=14),
)


def next_run_at(source: SourceDefaults, last: datetime | None) -> datetime | None:
    """When a source last crawled at `last` is due again; None when it may be crawled at any time.

    That is so for a source that was never crawled, and for one without a schedule.

    Example:
        >>> from pipelines.settings import SourceDefaults
        >>> daily = SourceDefaults(cron="0 7 * * *")
        >>> next_run_at(daily, datetime(2026, 3, 4, 8, tzinfo=UTC))
        datetime.datetime(2026, 3, 5, 7, 0, tzinfo=datetime.timezone.utc)
    """
    if last is None:
        return None
    if source.every is not None:
        return last + source.every
    if source.cron is not None:
        moment: datetime = croniter(source.cron, last.astimezone(UTC)).get_next(datetime)
        return moment
    return None


def is_due(source: SourceDefaults, last: datetime | None, now: datetime) -> bool:
    """Whether a source last crawled at `last` (None: never) is to be crawled at `now`.

    One that was last crawled in the future is: then the clock was ahead.
    """
    due_at = next_run_at(source, last)
    return due_at is None or due_at <= now or (last is not None and last > now + _CLOCK_SLACK)


def first_revisit_at(published_at: str | None, now: datetime) -> datetime | None:
    """When to look again at an article seen for the first time, or changed; None for never.

    Half its age from now: ten hours old, it is looked at again in five.
    """
    age = _age(published_at, now)
    if age > _OLD:
        return None
    return now + _clamp(age / 2)


def next_revisit_at(last_fetched_at: datetime | None, now: datetime) -> datetime | None:
    """When to look again at an article that had not changed since `last_fetched_at`.

    Each interval is twice the one before, until one has been a month long; then never.
    """
    if last_fetched_at is None:
        return now + _UNKNOWN_AGE
    interval = now - last_fetched_at
    return None if interval >= _LATEST else now + _clamp(interval * _GROWTH)


def retry_at(attempts: int, now: datetime, retry_after_seconds: float | None) -> datetime | None:
    """When to try a URL again that failed `attempts` times in a row; None to give it up."""
    if attempts > len(_RETRY_AFTER):
        return None
    wait = _RETRY_AFTER[max(attempts, 1) - 1]
    # A server may ask for a longer pause (Retry-After), up to a day and not for ever.
    return now + max(wait, timedelta(seconds=min(retry_after_seconds or 0.0, 86_400.0)))


def look_again_at(looks: int, now: datetime) -> datetime:
    """When to look again at an address that did not give its article at `looks` looks in a row.

    Example:
        >>> look_again_at(2, datetime(2026, 3, 4, 8, tzinfo=UTC))
        datetime.datetime(2026, 3, 4, 11, 0, tzinfo=datetime.timezone.utc)
    """
    if looks > len(_LOOK_AGAIN_AFTER):
        return now + _LATEST
    return now + _LOOK_AGAIN_AFTER[max(looks, 1) - 1]


def part_again_at(
    newest: datetime | None, last_fetched_at: datetime | None, now: datetime, *, named_new: bool
) -> datetime | None:
    """When a sitemap that an index names is worth another look; None for in every crawl.

    Most are of a month that is over. One that names something new is the current one; one that does
    not rests for a day, and twice as long after each look.

    Args:
        newest: When the newest thing it names is from; None when unknown.
        last_fetched_at: When it was read before; None when it never was.
        now: The present.
        named_new: Whether it named anything that was not known.
    """
    if last_fetched_at is not None:
        rest = min(max((now - last_fetched_at) * _GROWTH, _PART_RESTS), _LATEST)
        return None if named_new else now + rest
    if newest is not None and now - newest < _CURRENT_PART:
        return None
    is_past = newest is not None and now - newest > _PAST_PART
    return now + (_LATEST if is_past else _PART_RESTS)


def _age(published_at: str | None, now: datetime) -> timedelta:
    if published_at is None:
        return _UNKNOWN_AGE
    try:
        published = datetime.fromisoformat(published_at)
    except ValueError:
        return _UNKNOWN_AGE
    if published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    return max(now - published, timedelta(0))


def _clamp(interval: timedelta) -> timedelta:
    return min(max(interval, _SOONEST), _LATEST)
