"""How many words a text has, whatever it is written in."""

import re
from typing import Final

# Scripts that put no space between words: Thai, Lao, Burmese and Khmer; Han and kana.
_UNSPACED: Final = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
_UNSPACED_LETTERS: Final = re.compile(f"{_UNSPACED}+")
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# Of translations of one text: a Thai word has about as many letters as an English one, and two
# characters of Chinese or Japanese say what a word says.
_LETTERS_A_WORD: Final = 5
_IDEOGRAPHS_A_WORD: Final = 2
_UNSPACED_WORD: Final = re.compile(
    f"{_UNSPACED}{{{_LETTERS_A_WORD}}}(?={_UNSPACED})"  # not at the end of a run
)
# Of them those that hold sentences together, in Thai, Lao, Khmer and Burmese.
_JOINING_WORD: Final = re.compile(
    "ที่|และ|ของ|ใน|การ|ได้|เป็น|ให้|จะ|ว่า|ไม่|กับ|แต่|เมื่อ|ซึ่ง|จาก|โดย|นี้|มี"
    "|ທີ່|ແລະ|ຂອງ|ໃນ|ໄດ້|ເປັນ|ມີ|និង|ដែល|នៅ|បាន|ជា|មាន|သည်|များ|ကို|တွင်|မှ"
)


def count_joining_words(text: str) -> int:
    """Words that hold sentences together, in scripts that put no space between words.

    Example:
        >>> count_joining_words("ฝนตกที่บนเขาและในเมือง"), count_joining_words("Rain and mud")
        (3, 0)
    """
    return 0 if text.isascii() else len(_JOINING_WORD.findall(text))


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script that puts no space between words, Han and kana not.

    Such scripts end no sentence with a stop either: a space does.
    """
    return not text.isascii() and _UNSPACED_LETTERS.search(text) is not None


def spaced_out(text: str) -> str:
    """The text with a space after every few letters of a script that puts none between words.

    What counts words or letters a word at spaces then finds as many as in other languages, though
    not the words that people read. Han and kana stay as they are.

    Example:
        >>> spaced_out("ฝนตกบนเขา")
        'ฝนตกบ นเขา'
    """
    if text.isascii():
        return text
    return _UNSPACED_WORD.sub(r"\g<0> ", text)


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
