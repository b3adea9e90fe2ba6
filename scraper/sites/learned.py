"""What a site repeats: boxes that stand in many of its articles and belong to none of them."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

MIN_PAGES: Final = 5  # fewer pages of a site say nothing about what it repeats
# Of sites with six pages and more, each page read with what the others repeat, these gain most word
# F1 for what they take away wrongly (`tests/benchmarks/site_learning.py`). A lower share or numbers
# that count as equal take away the prices of shops and the data of tables.
_LEAST_SHARE: Final = 0.5
_LEAST_PAGES: Final = 3
_SURE: Final = 0.8


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

        0 for what the site does not repeat on half of its pages. The bar is below 1 whatever is
        repeated: what is plainly an article's own text stays, be it the refrain of a series.

        Example:
            >>> KnownBlocks(10, {"a": 9, "b": 3}).limit("a")
            0.8
        """
        count = self.counts.get(fingerprint, 0)
        if self.pages < MIN_PAGES or count < _LEAST_PAGES or count < _LEAST_SHARE * self.pages:
            return 0.0
        return _SURE


def fingerprint_text(tag: str, text: str) -> str:
    """A short name for a piece of text in an element, in whatever case it is.

    Example:
        >>> fingerprint_text("p", "Share this") == fingerprint_text("p", "SHARE THIS")
        True
    """
    plain = f"{tag} {text.lower()}"
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()


def count_blocks(pages: Iterable[Iterable[str]]) -> KnownBlocks:
    """What a site repeats, from the fingerprints of each of its article pages.

    A text that a page has twice counts once; what only one page has is left out.
    """
    counts: Counter[str] = Counter()
    size = 0
    for fingerprints in pages:
        counts.update(set(fingerprints))
        size += 1
    return KnownBlocks(size, {name: count for name, count in counts.items() if count > 1})
