"""Whether the words of an address are found again in what the page says.

A story's address often repeats its headline. Where none of those words stands on the page, another
page may have been sent in the story's place.
"""

import re
from functools import lru_cache
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote

from scraper.urls.web_urls import split_normal

_OPENING_CHARS: Final = 1_500
_FEWEST_WORDS: Final = 2
_MEANINGFUL_CHARS: Final = 4
_STEM_CHARS: Final = 5  # endings differ between a slug and a headline: "voted" and "votes"
_MOST_SLUG_CHARS: Final = 400
_MOST_TITLE_CHARS: Final = 400
_ENDING: Final = re.compile(r"\.[a-z]{2,5}$")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_DIGIT: Final = re.compile(r"\d")
# Letters without a spelling in Latin here: such a text cannot be compared with a Latin slug.
_FOREIGN: Final = re.compile(
    "[\u0530-\u0fff\u1000-\u109f\u10a0-\u10ff\u1100-\u13ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LETTER: Final = re.compile(r"[^\W\d_]")

_CYRILLIC: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџў",
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya "
        "i i ie g d j l n c dz u".split(),
        strict=True,
    )
)
_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
_LATIN: Final = dict(zip("ßøæåłđðþıœħ", "ss o ae a l d d th i oe h".split(), strict=True))
_SPELLINGS: Final = {
    ord(letter): latin.replace("_", "") for letter, latin in (_CYRILLIC | _GREEK | _LATIN).items()
}
# Each pair is one sound that sites spell in either way: "München" is muenchen or munchen,
# "Хабаровск" khabarovsk or habarovsk, "ντ" nt or d. Both sides are led to the shorter spelling.
_ALIKE: Final = (
    ("shch", "s"), ("sch", "s"), ("tch", "h"), ("ch", "h"), ("kh", "h"), ("sh", "s"), ("zh", "z"),
    ("th", "t"), ("ts", "c"), ("tz", "c"), ("ks", "x"), ("ph", "f"), ("gk", "g"), ("mp", "b"),
    ("nt", "d"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ie", "e"), ("j", "i"), ("y", "i"),
    ("w", "v"),
)  # fmt: skip
_TWICE: Final = re.compile(r"(.)\1+")


def slug_echo(url: str, title: str | None, text: str) -> float | None:
    """The share of the words of an address that are found in a title or the first part of a text.

    Words have four letters or more, or three where there are too few of those; numbers and ids are
    no words. Accents and the usual spellings of other letters in Latin make no difference.

    Args:
        url: Normalised.
        title: Of the page; None when it has none.
        text: Its main content.

    Returns:
        0 to 1; None when the address says nothing (fewer than two words, an id) or in letters that
        cannot be compared with those of the text. A slug in another language than the text has no
        echo either: 0.0 alone proves nothing.

    Example:
        >>> slug_echo("https://example.org/a/hochwasser-in-muenchen-81", "Hochwasser: München", "")
        1.0
        >>> slug_echo("https://example.org/a/storm-hits-coast", "Page not found", "Try the search.")
        0.0
        >>> slug_echo("https://example.org/a/48213", "Storm hits coast", "") is None
        True
    """
    words = _slug_words(url)
    if words is None:
        return None
    said = f"{(title or '')[:_MOST_TITLE_CHARS]} {text[:_OPENING_CHARS]}".lower()
    if not _are_comparable(words, said):
        return None
    found = {_skeleton(word)[:_STEM_CHARS] for word in _split(said)}
    run_together = "".join(_split(said)) if _FOREIGN.search("".join(words)) else ""
    wanted = [word in run_together or _skeleton(word)[:_STEM_CHARS] in found for word in words]
    return sum(wanted) / len(wanted)


@lru_cache(maxsize=4_096)
def _slug_words(url: str) -> tuple[str, ...] | None:
    """The meaningful words of the segment with most of them, of the last two; None when too few."""
    path = unquote(split_normal(url)[1][-_MOST_SLUG_CHARS:]).lower()
    segments = [segment for segment in path.split("/") if segment][-2:]
    best: list[str] = []
    for segment in reversed(segments):
        words = [w for w in _split(_ENDING.sub("", segment)) if not _DIGIT.search(w)]
        long_ones = [word for word in words if len(word) >= _MEANINGFUL_CHARS]
        if len(long_ones) < _FEWEST_WORDS:
            long_ones = [word for word in words if len(word) >= _MEANINGFUL_CHARS - 1]
        if len(long_ones) > len(best):
            best = long_ones
    return tuple(dict.fromkeys(best)) if len(set(best)) >= _FEWEST_WORDS else None


def _are_comparable(words: tuple[str, ...], said: str) -> bool:
    slug_is_foreign = _FOREIGN.search("".join(words)) is not None
    foreign = len(_FOREIGN.findall(said))
    if slug_is_foreign:
        return foreign > 0
    return 2 * foreign <= len(_LETTER.findall(said))


def _split(text: str) -> list[str]:
    if not text.isascii():
        text = _MARKS.sub("", normalize("NFKD", text))
    return _WORD.findall(text)


def _skeleton(word: str) -> str:
    """A word in Latin letters, led to the shortest of its usual spellings."""
    if not word.isascii():
        word = word.translate(_SPELLINGS)
    for long, short in _ALIKE:
        if long in word:
            word = word.replace(long, short)
    return _TWICE.sub(r"\1", word)
