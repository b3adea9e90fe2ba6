"""Sites that publish, correct, move and delete stories: what is true at any moment."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from tests.benchmarks.season.words import Language, Text, correct, person, write_text

Lists = Literal["feed", "sitemap", "links", "feed and front"]

_LISTED_STORIES: Final = 25
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "en", "de", "ja")
_LISTS: Final[tuple[Lists, ...]] = ("feed", "sitemap", "links", "feed and front")
_BEFORE: Final = 6  # stories a site has when the season begins


@dataclass(frozen=True, slots=True)
class Story:
    """A story with all that will ever happen to it.

    Attributes:
        number: Its own in the whole season.
        path: Where it is published.
        author: Its byline.
        versions: When each was published, and what it says; at least one.
        moved_at: When its address changes to `new_path`; None for never.
        new_path: None when it never moves.
        deleted_at: When it is gone; None for never.
        says_deleted: 404 or 410.
    """

    number: int
    path: str
    author: str
    versions: tuple[tuple[datetime, Text], ...]
    moved_at: datetime | None = None
    new_path: str | None = None
    deleted_at: datetime | None = None
    says_deleted: int = 404

    @property
    def published_at(self) -> datetime:
        """When its first version was published."""
        return self.versions[0][0]

    def text_at(self, now: datetime) -> Text:
        """What it says; the first version before it is published."""
        return next((t for at, t in reversed(self.versions) if at <= now), self.versions[0][1])

    def changed_at(self, now: datetime) -> datetime:
        """When its current version was published."""
        return max((at for at, _ in self.versions if at <= now), default=self.published_at)

    def path_at(self, now: datetime) -> str:
        """Its address."""
        moved = self.moved_at is not None and self.moved_at <= now
        return self.new_path if moved and self.new_path else self.path

    def is_there(self, now: datetime) -> bool:
        """Whether it is published and not deleted."""
        return self.published_at <= now and (self.deleted_at is None or now < self.deleted_at)


@dataclass(frozen=True, slots=True)
class NewsSite:
    """One site and all its stories.

    Attributes:
        name: Of the source.
        address: The loopback address it is served at.
        language: Its stories'.
        lists: How its stories are found.
        is_dated: Whether addresses have the day in them.
        names_canonical: Whether pages name their address as canonical.
        has_validators: Whether answers can be asked for conditionally.
        stories: In the order they are published.
    """

    name: str
    address: str
    language: Language
    lists: Lists
    is_dated: bool
    names_canonical: bool
    has_validators: bool
    stories: tuple[Story, ...] = field(repr=False)

    def listed(self, now: datetime) -> list[Story]:
        """The stories that its lists name, the newest first."""
        there = [story for story in self.stories if story.is_there(now)]
        return sorted(there, key=lambda story: story.published_at, reverse=True)[:_LISTED_STORIES]

    def find(self, path: str, now: datetime) -> Story | None:
        """The story with an address now or before, whether or not it is deleted."""
        for story in self.stories:
            if path in {story.path, story.new_path} and story.published_at <= now:
                return story
        return None


def plan_sites(seed: int, count: int, start: datetime, days: int) -> list[NewsSite]:
    """The sites of a season: the same for the same seed.

    Args:
        seed: Draws everything.
        count: How many sites.
        start: When the season begins.
        days: For how many days they publish.
    """
    return [_plan_site(random.Random(f"{seed}/{n}"), n, start, days) for n in range(count)]


def _plan_site(rng: random.Random, index: int, start: datetime, days: int) -> NewsSite:
    language, is_dated = _LANGUAGES[index % len(_LANGUAGES)], rng.random() < 0.5
    moments = [start - timedelta(hours=rng.uniform(2, 60)) for _ in range(_BEFORE)]
    for day in range(days):
        count = rng.choice((0, 1, 1, 1, 2))
        moments += [start + timedelta(days=day, hours=rng.uniform(0, 24)) for _ in range(count)]
    end = start + timedelta(days=days)
    stories = tuple(
        _plan_story(rng, language, index * 10_000 + n, moment, end, is_dated=is_dated)
        for n, moment in enumerate(sorted(moments), 1)
    )
    return NewsSite(
        name=f"site-{index:02}",
        address=f"127.0.1.{index + 1}",
        language=language,
        lists=_LISTS[(index // 2) % len(_LISTS)],
        is_dated=is_dated,
        names_canonical=rng.random() < 0.7,
        has_validators=rng.random() < 0.6,
        stories=stories,
    )


def _plan_story(
    rng: random.Random,
    language: Language,
    number: int,
    moment: datetime,
    end: datetime,
    *,
    is_dated: bool,
) -> Story:
    text = write_text(rng, language, number)
    versions = [(moment, text)]
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        later = versions[-1][0] + timedelta(hours=rng.uniform(1, 30))
        if later < end:
            versions.append((later, correct(rng, language, versions[-1][1])))
    folder = f"{moment:%Y/%m/%d}" if is_dated else rng.choice(("news", "stories", "local"))
    slug = f"{_slug(text.title, language)}-{number}"
    fate = rng.random()
    after = moment + timedelta(hours=rng.uniform(8, 72))
    is_moved, is_deleted = fate < 0.05 and after < end, fate > 0.96 and after < end
    return Story(
        number=number,
        path=f"/{folder}/{slug}",
        author=person(rng),
        versions=tuple(versions),
        moved_at=after if is_moved else None,
        new_path=f"/archive/{slug}" if is_moved else None,
        deleted_at=after if is_deleted else None,
        says_deleted=rng.choice((404, 410)),
    )


def _slug(title: str, language: Language) -> str:
    if language == "ja":
        return "report"
    words = [w for w in title.lower().replace(":", "").split() if w.isascii()]
    return "-".join(words[:6])
