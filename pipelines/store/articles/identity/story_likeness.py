"""Whether two texts tell the same story: what merging two addresses, or two versions, rests on.

Copies of one text anywhere in the database are `duplicates`'s; there both texts are long. Here two
given texts are compared, however short they are: a wall has forty words.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.store.articles.minhash import find_shingles

_WORD: Final = re.compile(r"\w+")
_LONGEST_COMPARED_CHARS: Final = 60_000  # ten thousand words: what follows changes no answer

_FEWEST_SHINGLES: Final = 12
"""With fewer, one phrase that both use decides; titles and words are looked at instead."""

# Stories of one template share a sentence or two; versions of one keep most of theirs.
_SAME_JACCARD: Final = 0.7
_SAME_JACCARD_TITLED: Final = 0.3
_SAME_CONTAINMENT_TITLED: Final = 0.6
_REPEATED_JACCARD: Final = 0.8
_SHARED_JACCARD: Final = 0.3
_SHARED_CONTAINMENT: Final = 0.5


@dataclass(frozen=True, slots=True)
class StoryText:
    """What a version of a story says.

    Attributes:
        title: Its headline; None when it has none.
        text: Its main content.
    """

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class StoryLikeness:
    """How much two versions have in common.

    Attributes:
        jaccard: Runs of three words that both have, of all; of two short texts, words.
        containment: The same of the shorter one's.
        has_same_title: Whether both have a headline of the same words and numbers.
        length_ratio: Length of the second text by that of the first, above 1.0 where it grew.
    """

    jaccard: float
    containment: float
    has_same_title: bool
    length_ratio: float

    @property
    def is_same_story(self) -> bool:
        """Whether two addresses may be one: nothing less than most of the text will do."""
        if self.jaccard >= _SAME_JACCARD:
            return True
        return self.has_same_title and (
            self.jaccard >= _SAME_JACCARD_TITLED or self.containment >= _SAME_CONTAINMENT_TITLED
        )

    @property
    def is_repeated(self) -> bool:
        """Whether both are one text but for counters, dates and references, as walls are."""
        return self.jaccard >= _REPEATED_JACCARD

    @property
    def is_kept(self) -> bool:
        """Whether the second is plainly an edit of the first."""
        return self.jaccard >= _SHARED_JACCARD or self.containment >= _SHARED_CONTAINMENT


def compare_stories(first: StoryText, second: StoryText) -> StoryLikeness:
    """How much two versions have in common.

    Example:
        >>> old = StoryText("Ferry returns", "The ferry to Alder Bay sails again from Monday on.")
        >>> new = StoryText("Ferry returns", "The ferry to Alder Bay sails again from Tuesday on.")
        >>> compare_stories(old, new).is_same_story
        True
        >>> wall = StoryText("Before you continue", "We value your privacy.")
        >>> compare_stories(old, wall).is_same_story
        False
    """
    ratio = len(second.text) / max(len(first.text), 1)
    same_title = _has_same_title(first.title, second.title)
    if first.text == second.text:
        return StoryLikeness(1.0, 1.0, same_title, ratio)
    a, b = (find_shingles(story.text[:_LONGEST_COMPARED_CHARS]) for story in (first, second))
    if min(len(a), len(b)) < _FEWEST_SHINGLES:
        words = [
            set(_WORD.findall(s.text[:_LONGEST_COMPARED_CHARS].lower())) for s in (first, second)
        ]
        return _likeness(len(words[0] & words[1]), len(words[0]), len(words[1]), same_title, ratio)
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return _likeness(shared, len(a), len(b), same_title, ratio)


def tells_same_story(first: StoryText, second: StoryText) -> bool:
    """Whether two texts are one story, so that what led to both may be filed under one."""
    return compare_stories(first, second).is_same_story


def _likeness(shared: int, first: int, second: int, title: bool, ratio: float) -> StoryLikeness:
    union, smaller = first + second - shared, min(first, second)
    return StoryLikeness(
        jaccard=shared / union if union else 1.0,
        containment=shared / smaller if smaller else 0.0,
        has_same_title=title,
        length_ratio=ratio,
    )


def _has_same_title(first: str | None, second: str | None) -> bool:
    if not first or not second:
        return False
    return _WORD.findall(first.casefold()) == _WORD.findall(second.casefold())
