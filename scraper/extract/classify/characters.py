"""What a text is made of: counts of character classes for all segments of a page at once."""

from collections.abc import Sequence
from functools import cache
from typing import Final
from unicodedata import category

import numpy as np
import numpy.typing as npt

CLASSES: Final = (
    "other",
    "space",
    "lower",
    "upper",
    "letter",
    "digit",
    "comma",
    "stop",
    "colon",
    "quote",
    "separator",
    "symbol",
    "han",
    "kana",
    "particle",
    "unspaced",
)
_INDEX: Final = {name: index for index, name in enumerate(CLASSES)}

# One character, one class; what is not named here follows from the character's Unicode properties.
_NAMED: Final = {
    "comma": ",;،؛、，；",
    "stop": ".!?…。！？।؟",
    "colon": ":：",
    "quote": "\"'“”‘’«»„‚「」『』《》",
    "separator": "|•·›‹→←↑↓/\\>▶▸►–—_-",
    "symbol": "$€£¥%+@#©®™=*&~^",
    # Han characters that are grammar rather than names and nouns: they are rare in menus.
    "particle": "的了是在和有就不也都而及与但這这那我你他她它們们",
}
# Thai, Lao, Burmese, Khmer: words are written without spaces between them.
_UNSPACED: Final = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800))


@cache
def _class_table() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x3000):
        char = chr(code)
        if char.isspace():
            table[code] = _INDEX["space"]
        elif char.isdigit():
            table[code] = _INDEX["digit"]
        elif category(char).startswith("M"):  # vowel signs of Hindi, Thai, Arabic: parts of words
            table[code] = _INDEX["letter"]
        elif char.isalpha():
            cased = "lower" if char.islower() else "upper" if char.isupper() else "letter"
            table[code] = _INDEX[cased]
    table[0x3041:0x3100] = _INDEX["kana"]
    table[0x3400:0xA000] = _INDEX["han"]
    table[0xA000:0xD7B0] = _INDEX["letter"]  # mostly Hangul
    for start, end in _UNSPACED:
        block = table[start:end]
        block[block == _INDEX["letter"]] = _INDEX["unspaced"]
    for name, chars in _NAMED.items():
        table[[ord(char) for char in chars]] = _INDEX[name]
    return table


def count_characters(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """(N, len(CLASSES)) how many characters of each class each of N texts has."""
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # Clipped: all beyond the basic plane, emoji and rare Han, count as its last point, "other".
    kinds = _class_table().take(codes, mode="clip")
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    owner = np.repeat(np.arange(len(texts), dtype=np.int64) * len(CLASSES), sizes)
    counts = np.bincount(owner + kinds, minlength=len(texts) * len(CLASSES))
    return counts.reshape(len(texts), len(CLASSES)).astype(np.float32)
