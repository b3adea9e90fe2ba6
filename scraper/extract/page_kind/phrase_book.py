"""The phrases of pages that stand in an article's place, and how they are found in a line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add
from typing import Final, cast
from unicodedata import normalize

from scraper.extract.page_kind.judgement import Cause

_PHRASES: Final = "phrases.txt"
_WORD: Final = re.compile(r"[^\W\d_]+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
# Thai, Lao, Burmese, Khmer, kana, Chinese; and Hangul, whose spaces are set one way or the other.
_UNSPACED: Final = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a page says that stands in an article's place.

    Attributes:
        words: As lines are folded; in scripts that put no space between words, without any.
        sought: What is looked for in a line.
        is_alone: Whether it counts only where it is all that a line says.
    """

    cause: Cause
    words: str
    sought: str
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line as phrases are looked for in it: its words in lower case, without accents and numbers.

    Attributes:
        joined: The words with a space before and after each.
        compact: The words without a space, where the script puts none between them; else "".
    """

    words: tuple[str, ...]
    joined: str
    compact: str

    @property
    def size(self) -> int:
        """Its words; two letters are one in scripts that put no space between words."""
        return max(len(self.words), len(self.compact) // 2)

    @property
    def letters(self) -> int:
        """How many letters it has, one for each space between words too."""
        return len(self.compact) or max(len(self.joined) - 2, 0)


@dataclass(frozen=True, slots=True)
class _Book:
    by_word: Mapping[str, tuple[Phrase, ...]]
    by_start: Mapping[str, tuple[Phrase, ...]]


def fold_lines(text: str) -> list[Line]:
    r"""The lines of a text as phrases are looked for in them.

    Example:
        >>> [line.joined for line in fold_lines("We and our 842 partners…\nTout accepté")]
        [' we and our partners ', ' tout accepte ']
    """
    text = text.lower()
    if text.isascii():
        return [_line(line, False) for line in text.split("\n")]
    # Once for all lines: that is most of the time a page takes.
    text = _MARKS.sub("", normalize("NFKD", text))
    is_unspaced = _UNSPACED.search(text) is not None
    return [_line(line, is_unspaced) for line in text.split("\n")]


def fold_line(text: str) -> Line:
    r"""What is all on one line, as phrases are looked for in it.

    Example:
        >>> fold_line("Page not\nfound (404)").words
        ('page', 'not', 'found')
    """
    return fold_lines(text.replace("\n", " "))[0]


def _line(text: str, may_be_unspaced: bool) -> Line:
    words = tuple(_WORD.findall(text))
    is_unspaced = may_be_unspaced and _UNSPACED.search(text)
    return Line(words, f" {' '.join(words)} ", "".join(words) if is_unspaced else "")


def find_phrases(line: Line, *, alone: bool = False) -> Iterator[Phrase]:
    """The phrases that stand in a line, in its order, some of them twice.

    Args:
        line: What is looked at.
        alone: Also those that count only where they are all that a line says.
    """
    book = _load_book()
    by_word = book.by_word
    for word in [word for word in line.words if word in by_word]:
        for phrase in by_word[word]:
            if (alone or not phrase.is_alone) and phrase.sought in line.joined:
                yield phrase
    if line.compact:
        starts = map(add, line.compact, line.compact[1:])
        for start in sorted(book.by_start.keys() & set(starts)):
            for phrase in book.by_start[start]:
                if (alone or not phrase.is_alone) and phrase.sought in line.compact:
                    yield phrase


@lru_cache(maxsize=1)
def _load_book() -> _Book:
    """Every phrase by its longest word, or its first two letters: few lines hold that alone."""
    by_word: dict[str, list[Phrase]] = {}
    by_start: dict[str, list[Phrase]] = {}
    text = files("scraper.extract.page_kind").joinpath(_PHRASES).read_text("utf-8")
    for cause, written in _read_phrases(text.splitlines()):
        line = fold_line(written)
        is_alone = written.startswith("=")
        if line.compact:
            phrase = Phrase(cause, line.compact, line.compact, is_alone)
            by_start.setdefault(line.compact[:2], []).append(phrase)
        elif line.words:
            phrase = Phrase(cause, line.joined.strip(), line.joined, is_alone)
            by_word.setdefault(max(line.words, key=len), []).append(phrase)
    return _Book(
        {word: tuple(phrases) for word, phrases in by_word.items()},
        {start: tuple(phrases) for start, phrases in by_start.items()},
    )


def _read_phrases(lines: Iterable[str]) -> Iterator[tuple[Cause, str]]:
    cause = ""
    for line in lines:
        if line.startswith("["):
            cause = line[1:].partition(" ")[0]
        elif line and not line.startswith("#"):
            yield cast(Cause, cause), line
