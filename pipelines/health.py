"""What is wrong with the sources, in one line each: for `winnow status --check` and cron mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.schedule import next_run_at
from pipelines.settings import SourceDefaults
from pipelines.signs import find_signs
from pipelines.store.database.times import parse_utc
from pipelines.store.statistics.source_signs import SourceSigns
from pipelines.store.statistics.source_status import SourceHealth
from scraper.backoff import Backoff

# A source without a schedule is expected to be crawled, and to answer, every two days.
_PATIENCE: Final = timedelta(days=2)
_GRACE: Final = timedelta(hours=1)  # the crawl itself takes a while, and may begin late
_WORST_FAILURE_SHARE: Final = 0.25  # a dead link or two in a feed stay below
_FEWEST_FETCHES: Final = 10  # of fewer, two failures by chance come near that share
_FEWEST_OF_A_DAY: Final = 4
_FEWEST_STORIES: Final = 2
_FEWEST_GONE: Final = 3
_WORST_SHARE_OF_FEW: Final = 0.5
# Confidence varies by 0.05 from week to week on sites that did not change their layout.
_CONFIDENCE_FALL: Final = 0.15
# By chance alone (Poisson) a source of four articles a day has a day without any once in two
# months, one of three every twenty days; a larger one falls to a quarter more rarely than that.
_FEWEST_USUAL_ARTICLES: Final = 4.0
_FEW_SHARE: Final = 0.25
_A_DAY: Final = timedelta(days=1)
_FEWEST_REFUSALS: Final = 5  # from then on it is rested
_FEWEST_HOST_FAILURES: Final = 3  # after fewer a host is left alone for a minute or two


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `subject` is the name of the source or host it is wrong with."""

    subject: str
    message: str


def find_problems(
    health: Sequence[SourceHealth],
    backing_off: Mapping[str, Backoff],
    settings: Mapping[str, SourceDefaults],
    now: datetime,
    *,
    signs: Mapping[str, SourceSigns] | None = None,
    latest_crawl_at: str | None = None,
) -> list[Problem]:
    """What is wrong with the sources and their hosts; empty when nothing is.

    Args:
        health: All sources of the database.
        backing_off: Hosts that are backed off from, and how they stand.
        settings: By name, the sources that are crawled; empty when nobody knows, then all are.
        now: The moment to judge by.
        signs: What is odd about each source, by name; nothing where it is not known.
        latest_crawl_at: When the latest crawl began by its own clock.
    """
    known = {source.name for source in health}
    problems = [
        Problem(name, "never crawled; `winnow crawl` does it")
        for name in settings
        if name not in known
    ]
    for source in health:
        if source.kind == "archive" or (settings and source.name not in settings):
            continue  # neither is crawled: an archive, and a source taken out of the file
        schedule = settings.get(source.name, SourceDefaults())
        messages = (
            _judge_freshness(source, schedule, now),
            _judge_failures(source),
            _judge_amount(source, schedule, now),
            _judge_confidence(source),
        )
        problems.extend(Problem(source.name, message) for message in messages if message)
        if signs is not None and source.name in signs:
            found = find_signs(source, signs[source.name], now)
            problems.extend(Problem(source.name, message) for message in found)
    problems.extend(
        Problem(host, message)
        for host, backoff in backing_off.items()
        if (message := _judge_host(backoff, now))
    )
    if ahead := _judge_clock(latest_crawl_at, now):
        problems.append(Problem("clock", ahead))
    return problems


def _judge_clock(latest_crawl_at: str | None, now: datetime) -> str | None:
    latest = parse_utc(latest_crawl_at)
    if latest is None or latest <= now + _GRACE:
        return None
    return (
        f"a crawl is dated {latest:%Y-%m-%d %H:%M} UTC, which is still to come: the clock was "
        "ahead then, or is behind now; what was put off by it waits: `winnow retry`"
    )


def _judge_host(backoff: Backoff, now: datetime) -> str | None:
    until = (backoff.until or now).astimezone(UTC)
    why = backoff.why or "unknown"
    if backoff.refusals >= _FEWEST_REFUSALS:
        return (
            f"it refuses to answer ({why}), and is rested until {until:%Y-%m-%d %H:%M} UTC; "
            "ask its publisher, or take the source out"
        )
    if backoff.failures_in_a_row < _FEWEST_HOST_FAILURES:
        return None  # minutes that end by themselves
    return (
        f"backing off from it until {until:%Y-%m-%d %H:%M} UTC after "
        f"{backoff.failures_in_a_row} failures, the last: {why}; "
        "when it is well again, `winnow retry` asks it at once"
    )


def _judge_freshness(source: SourceHealth, schedule: SourceDefaults, now: datetime) -> str | None:
    last = parse_utc(source.last_success_at)
    if last is None:
        return f"never crawled with success{_reason(source)}; is its url right?"
    due_at = next_run_at(schedule, last)
    # One missed turn may be bad luck; two are a problem.
    late_at = last + _PATIENCE if due_at is None else due_at + (due_at - last) + _GRACE
    if now <= late_at:
        return None
    return (
        f"last success {last:%Y-%m-%d %H:%M} UTC{_reason(source)}; `winnow crawl {source.name}` "
        "shows what stands in the way"
    )


def _judge_failures(source: SourceHealth) -> str | None:
    stories, failed = source.stories_last_day, source.failed_stories_last_day
    # A story or two are taken back on any day, and each is asked a few times before it is believed.
    few_are_gone = source.gone_stories_last_day < _FEWEST_GONE
    if few_are_gone:
        failed -= source.gone_stories_last_day
    if stories >= _FEWEST_STORIES and failed > stories * _WORST_SHARE_OF_FEW:
        what = f"{failed} of the last {stories} requests for stories failed"
        return what + _reason(source) + _ask_again(source)
    fetches, failures = source.fetches_last_day, source.failures_last_day
    failures -= source.gone_fetches_last_day if few_are_gone else 0
    worst = _WORST_FAILURE_SHARE if fetches >= _FEWEST_FETCHES else _WORST_SHARE_OF_FEW
    if fetches < _FEWEST_OF_A_DAY:  # crawled rarely, or rested: what is known is of the week
        fetches, worst = source.fetches, _WORST_FAILURE_SHARE
        failures = source.failures - (source.gone_fetches if few_are_gone else 0)
        if fetches < _FEWEST_FETCHES:
            return None
    share = failures / fetches
    if share <= worst:
        return None
    what = f"{share:.0%} of the last {fetches} requests failed"
    return what + _reason(source) + _ask_again(source)


def _judge_amount(source: SourceHealth, schedule: SourceDefaults, now: datetime) -> str | None:
    usual = source.usual_per_day
    if usual is None or usual < _FEWEST_USUAL_ARTICLES:
        return None
    last = parse_utc(source.last_success_at)
    if last is None or now - last > _A_DAY:
        return None  # not looked at today: that is another problem, or by its schedule none
    next_at = next_run_at(schedule, last)
    if next_at is not None and next_at - last > _A_DAY:
        return None  # crawled more rarely than daily: a day without new articles is the rule
    if source.new_last_day >= usual * _FEW_SHARE:
        return None
    return (
        f"{source.new_last_day} new articles in a day, usually {usual:.0f}: has a feed or section "
        "moved? `winnow add` finds them anew"
    )


def _judge_confidence(source: SourceHealth) -> str | None:
    recent, usual = source.confidence_recent, source.confidence_usual
    if recent is None or usual is None or usual - recent < _CONFIDENCE_FALL:
        return None
    return (
        f"confidence fell from {usual:.2f} to {recent:.2f}: has the layout changed? "
        "`winnow inspect URL` shows"
    )


def _ask_again(source: SourceHealth) -> str:
    return f"; the table failures has them, `winnow retry {source.name}` asks again"


def _reason(source: SourceHealth) -> str:
    return f"; last failure: {source.last_error}" if source.last_error else ""
