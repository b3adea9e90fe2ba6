"""What a site repeats: boxes that stand in many of its articles and belong to none of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

_DIGITS: Final = re.compile(r"\d+")
_MIN_PAGES: Final = 5  # fewer pages of a site say nothing about what it repeats
_OFTEN, _VERY_OFTEN = 0.2, 0.5  # shares of the pages


@dataclass(frozen=True, slots=True)
class KnownBlocks:
    """How often the pages of one site showed the same piece of text in the same element.

    Attributes:
        pages: How many article pages were looked at.
        counts: On how many of them each fingerprint was seen.
    """

    pages: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def limit(self, fingerprint: str) -> float:
        """The probability a segment must exceed to be kept although the site repeats it.

        0 for what the site does not repeat. The bar is below 1 for the most frequent texts as well:
        what is plainly an article's own text stays, be it the refrain of a series.

        Example:
            >>> KnownBlocks(10, {"a": 9, "b": 3}).limit("a")
            0.97
        """
        if self.pages < _MIN_PAGES:
            return 0.0
        count = self.counts.get(fingerprint, 0)
        share = count / self.pages
        if count < 3 or share < _OFTEN:
            return 0.0
        return 0.97 if share >= _VERY_OFTEN else 0.85


def fingerprint_text(tag: str, text: str) -> str:
    """A short name for a piece of text in an element; numbers in it do not count.

    Example:
        >>> fingerprint_text("p", "12 comments") == fingerprint_text("p", "7 Comments")
        True
    """
    plain = _DIGITS.sub("0", f"{tag} {text.lower()}")
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()


def count_blocks(pages: Iterable[Iterable[str]]) -> KnownBlocks:
    """What a site repeats, from the fingerprints of each of its article pages."""
    counts: Counter[str] = Counter()
    size = 0
    for fingerprints in pages:
        counts.update(set(fingerprints))
        size += 1
    return KnownBlocks(size, {name: count for name, count in counts.items() if count > 1})
