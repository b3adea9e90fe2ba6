"""What a crawled season is measured by: the truth of its sites against what the database holds."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tests.benchmarks.season.drive import START, Season
from tests.benchmarks.season.sites import NewsSite, Story
from tests.benchmarks.season.words import Text

_MOST_A_DAY: Final = 9  # of one address: four crawls, each perhaps twice on its way somewhere
_MOST_OF_A_TARGET: Final = 60  # of one that many stories lead to, or that holds them
_GRACE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong.

    Attributes:
        what: Its kind.
        trouble: What was the matter with the site at the time, or before; "none" for nothing.
        detail: What to look at.
    """

    what: str
    trouble: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    url: str
    title: str
    versions: tuple[str, ...]  # the newest last


def judge(season: Season) -> list[Fault]:
    """Everything that is wrong after a season."""
    faults = [Fault("a command crashed", "none", crash) for crash in season.crashes]
    rows = _load_rows(season)
    for site in season.world.sites:
        faults += _judge_site(season, site, rows)
        faults += _judge_requests(season, site)
        faults += _judge_alarms(season, site)
    return faults


def count_stories(season: Season) -> int:
    """The stories that ought to be in the database."""
    return sum(_was_to_be_had(season, site, s) for site in season.world.sites for s in site.stories)


def _load_rows(season: Season) -> dict[str, list[_Row]]:
    """The rows of each site, by its address."""
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    with closing(sqlite3.connect(season.database)) as db:
        older = defaultdict(list)
        for article_id, text in db.execute(
            "SELECT article_id, text FROM revisions ORDER BY article_id, revision"
        ):
            older[article_id].append(text)
        for article_id, url, title, text in db.execute("SELECT id, url, title, text FROM articles"):
            address = url.split("/")[2].partition(":")[0]
            rows[address].append(_Row(article_id, url, title or "", (*older[article_id], text)))
    return rows


def _judge_site(season: Season, site: NewsSite, rows: dict[str, list[_Row]]) -> Iterator[Fault]:
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in rows[site.address]:
        story = _story_of(site, row.versions[-1])
        if story is None:
            trouble = _troubles_of(season, site, None)
            yield Fault("a row that is no story", trouble, f"{row.url}: {row.versions[-1][:90]!r}")
            continue
        found[story.number].append(row)
        yield from _judge_versions(season, site, story, row)
    for story in site.stories:
        count = len(found[story.number])
        trouble = _troubles_of(season, site, story)
        if count > 1:
            urls = ", ".join(row.url for row in found[story.number])
            yield Fault("a story with several rows", trouble, urls)
        if count == 0 and _was_to_be_had(season, site, story):
            yield Fault("a story without a row", trouble, f"{site.address}{story.path}")


def _judge_versions(season: Season, site: NewsSite, story: Story, row: _Row) -> Iterator[Fault]:
    trouble = _troubles_of(season, site, story)
    true = [_normal(text) for _, text in story.versions]
    numbers = []
    for version in row.versions:
        number = next((n for n, text in enumerate(true) if _is_version(version, text)), None)
        if number is None:
            yield Fault("a version that never was", trouble, f"{row.url}: {_oddity(version, true)}")
        else:
            numbers.append(number)
    if numbers != sorted(set(numbers)):
        yield Fault("versions out of order or twice", trouble, f"{row.url}: {numbers}")
    is_there = story.is_there(season.world.now)
    if is_there and numbers and numbers[-1] != len(true) - 1:
        yield Fault("not the newest version", trouble, f"{row.url}: {numbers} of {len(true)}")


def _normal(text: Text) -> frozenset[str]:
    return frozenset("".join(p.split()) for p in (*text.paragraphs, text.heading))


def _lines(text: str) -> frozenset[str]:
    return frozenset("".join(line.split()) for line in text.split("\n") if line.strip())


def _is_version(stored: str, true: frozenset[str]) -> bool:
    """Whether a stored text is a version whole, and nothing else."""
    return _lines(stored) == true


def _oddity(stored: str, true: list[frozenset[str]]) -> str:
    lines = _lines(stored)
    nearest = max(true, key=lambda version: len(version & lines))
    return f"lacks {len(nearest - lines)} lines, has {[x[:60] for x in lines - nearest][:2]} more"


def _story_of(site: NewsSite, text: str) -> Story | None:
    """The story whose paragraphs most of a text is."""
    lines = _lines(text)
    for story in site.stories:
        known = frozenset().union(*(_normal(version) for _, version in story.versions))
        if lines and len(lines & known) * 2 > len(lines):
            return story
    return None


def _was_to_be_had(season: Season, site: NewsSite, story: Story) -> bool:
    """Whether a story stood in the lists of a healthy site for a day at least."""
    hours = 0
    moment = max(story.published_at, START)
    while moment < season.world.now and hours < 24:
        moment += timedelta(hours=1)
        if not story.is_there(moment):
            break
        is_healthy = not season.world.active(site, moment)
        hours += is_healthy and story in site.listed(moment)
    return hours >= 24


def _troubles_of(season: Season, site: NewsSite, story: Story | None) -> str:
    """The troubles a story has lived through, the latest first."""
    since = story.published_at - timedelta(days=1) if story is not None else START
    names = [
        t.kind.name
        for t in sorted(season.world.troubles, key=lambda t: t.start, reverse=True)
        if t.site is site and (story is None or t.end > since)
    ]
    return ", ".join(dict.fromkeys(names[:3])) or "none"


def _judge_requests(season: Season, site: NewsSite) -> Iterator[Fault]:
    days: Counter[tuple[str, str]] = Counter()
    busy_until: datetime | None = None
    for now, path, status in season.world.asked[site.address]:
        if path == "/search":
            yield Fault("robots.txt was not obeyed", "none", site.address)
        days[f"{now:%m-%d}", path] += 1
        if busy_until is not None and now < busy_until and path != "/robots.txt":
            yield Fault("asked before Retry-After was over", "429", f"{site.address}{path} {now}")
        if status == 429 and path != "/robots.txt":
            busy_until = now + timedelta(hours=2)
    for (day, path), count in days.items():
        most = _MOST_A_DAY if site.find(path, season.world.now) else _MOST_OF_A_TARGET
        if count > most:
            moment = next(n for n, p, _ in season.world.asked[site.address] if f"{n:%m-%d}" == day)
            names = ", ".join(t.kind.name for t in season.world.active(site, moment)) or "none"
            yield Fault("asked too often", names, f"{site.address}{path}: {count} on {day}")


def _judge_alarms(season: Season, site: NewsSite) -> Iterator[Fault]:
    """Each trouble has its line within a day, and none two days after all is well."""
    troubles = [t for t in season.world.troubles if t.site is site]
    said = {at: [p for p in problems if _is_about(p, site)] for at, problems in season.checks}
    for trouble in troubles:
        window = [at for at in said if trouble.start <= at <= trouble.end + timedelta(days=1)]
        # One that no request met, because nothing new was published meanwhile, is nobody's to know.
        met = any(trouble.start <= at < trouble.end for at in season.world.shown[site.address])
        if trouble.kind.is_alarming and met and window and not any(said[at] for at in window):
            detail = f"{site.name}, {trouble.start:%m-%d} to {trouble.end:%m-%d}"
            yield Fault("trouble without an alarm", trouble.kind.name, detail)
    for at, problems in said.items():
        is_over = all(t.end + _GRACE < at or t.start > at for t in troubles)
        past = [t for t in troubles if t.end <= at]
        if problems and is_over:
            name = max(past, key=lambda t: t.end).kind.name if past else "none"
            message = str(problems[0].get("message"))[:90]
            yield Fault("an alarm when all is well", name, f"{site.name} {at:%m-%d}: {message}")


def _is_about(problem: dict[str, object], site: NewsSite) -> bool:
    text = f"{problem.get('subject')} {problem.get('message')}"
    return site.name in text or site.address + ":" in text
