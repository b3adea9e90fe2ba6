"""How many words a text has, whatever it is written in."""

import re
from typing import Final

# Scripts that put no space between words: Thai, Lao, Burmese and Khmer; Han and kana.
_UNSPACED_LETTERS: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# Of translations of one text: a Thai word has about as many letters as an English one, and two
# characters of Chinese or Japanese say what a word says.
_LETTERS_A_WORD: Final = 5
_IDEOGRAPHS_A_WORD: Final = 2


def count_words(text: str) -> int:
    """The words of a text: counted at spaces, and estimated by length where no spaces part them.

    Example:
        >>> count_words("Rain in the hills"), count_words("丘に雨が降る"), count_words("ฝนตกบนเขา")
        (4, 3, 2)
    """
    if text.isascii():
        return len(text.split())
    rest, count = text, 0
    for script, size in (
        (_UNSPACED_LETTERS, _LETTERS_A_WORD),
        (_IDEOGRAPHS, _IDEOGRAPHS_A_WORD),
    ):
        runs = script.findall(rest)
        if runs:
            count += sum(-(-len(run) // size) for run in runs)
            rest = script.sub(" ", rest)
    # Punctuation that stood among such letters is no word of its own.
    return count + sum(any(map(str.isalnum, word)) for word in rest.split())
