"""Whether a page says what its address says: the strongest sign that it is the right one."""

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from scraper.urls.web_urls import split_normal

_WORD: Final = re.compile(r"[^\W\d_]+")
_EXTENSION: Final = re.compile(r"(?i)\.(?:s?html?|php\d?|aspx?|jsp|cms|amp)$")
_SHORTEST_WORD: Final = 4
_FEWEST_WORDS: Final = 2
_STEM: Final = 5  # letters: endings differ between a slug and a headline, "voted" and "votes"
_LOOKED_AT_CHARS: Final = 3_000
_SPELLINGS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))
_LETTERS: Final = str.maketrans(
    {
        **{
            "ß": "ss",
            "ø": "o",
            "æ": "ae",
            "å": "a",
            "ł": "l",
            "đ": "d",
            "ı": "i",
            "þ": "th",
            "ð": "d",
        },
        **dict(zip("абвгдезийклмнопрстуфыэі", "abvgdeziyklmnoprstufyei", strict=True)),
        **{
            "ё": "e",
            "ж": "zh",
            "х": "kh",
            "ц": "ts",
            "ч": "ch",
            "ш": "sh",
            "щ": "shch",
            "ъ": "",
            "ь": "",
        },
        **{"ю": "yu", "я": "ya", "ї": "yi", "є": "ye", "ґ": "g"},
        **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
        **{"θ": "th", "χ": "ch", "ψ": "ps"},
    }
)


def slug_echo(url: str, title: str | None, text: str) -> float | None:
    """The share of the words of an address that the page repeats in its title or its first part.

    Returns:
        0.0 to 1.0; None when the address has no words to speak of, or the page is in a script that
        its Latin words cannot be compared with.

    Example:
        >>> slug_echo("https://example.org/2026/storm-hits-the-coast", "Storm hits coast", "…")
        1.0
        >>> slug_echo("https://example.org/storm-hits-coast", "Before you continue", "We value …")
        0.0
        >>> slug_echo("https://example.org/?p=123", "Storm hits coast", "…") is None
        True
    """
    words = _slug_words(url)
    if len(words) < _FEWEST_WORDS:
        return None
    said = _fold(f"{title or ''} {text[:_LOOKED_AT_CHARS]}")
    if _is_latin(words) and sum(map(str.isascii, said)) < len(said) / 2:
        return None
    stems = {word[:_STEM] for word in _WORD.findall(said)}
    run_together = said.replace(" ", "")
    found = sum(w[:_STEM] in stems or (not w.isascii() and w in run_together) for w in words)
    return found / len(words)


@lru_cache(maxsize=4_096)
def _slug_words(url: str) -> tuple[str, ...]:
    _, path, _ = split_normal(url)
    segments = [segment for segment in path.split("/") if segment]
    best: tuple[str, ...] = ()
    for segment in segments[-2:]:  # the slug may stand before an id
        words = _WORD.findall(_fold(_EXTENSION.sub("", unquote(segment))))
        kept = tuple(dict.fromkeys(w for w in words if len(w) >= _SHORTEST_WORD or not w.isascii()))
        best = kept if len(kept) >= len(best) else best
    return best


def _is_latin(words: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in words)


def _fold(text: str) -> str:
    """Lower case, without accents, other alphabets in Latin letters, as slugs are made."""
    lower = text.casefold()
    if lower.isascii():
        plain = lower
    else:
        marks = unicodedata.normalize("NFD", lower.translate(_LETTERS))
        plain = "".join(c for c in marks if not unicodedata.combining(c)).translate(_LETTERS)
    for spelling, letter in _SPELLINGS:
        plain = plain.replace(spelling, letter)
    return plain
