"""Which legacy encoding undeclared bytes are in, guessed from the text as browsers do."""

import re
from typing import Final

# What a browser falls back to for readers of a language (HTML standard, 13.2.3.2, step 9).
_OF_LANGUAGE: Final = {
    code: encodings.split()
    for encodings, codes in {
        "windows-1251 koi8-r ibm866": "ru be bg sr mk kk ky mn tg",
        "windows-1251 koi8-u": "uk",
        "windows-1250 iso-8859-2": "cs sk pl hu sl hr bs ro sq",
        "windows-1253": "el",
        "windows-1254": "tr az ku",
        "windows-1255": "he iw yi",
        "windows-1256": "ar fa ur",
        "windows-1257": "et lt lv",
        "windows-1258": "vi",
        "cp874": "th",
        "windows-1252": "en de fr es it pt nl sv da nb no nn fi is ca eu gl ga af id ms sw",
    }.items()
    for code in codes.split()
}
# The commonest non-ASCII letters of the languages written in an encoding, likeliest first.
_LETTERS: Final = {
    "windows-1252": "éèêëàâäöüßñçåøæíóáãõúôîïìòùœ¿¡ÉÖÜÄÀÅØº",
    "windows-1251": "оеаинтсрвлкмдпуяыьгзбчйхжшющіїєў",
    "koi8-r": "оеаинтсрвлкмдпуяыьгзбчйхжшющ",
    "ibm866": "оеаинтсрвлкмдпуяыьгзбчйхжшющ",
    "windows-1253": "αοιετσνηυρπκμλςωάέήίόύώδγθχφβξ",
    "windows-1255": "יוהלאמרתבשנדםעקפחגסטכןצזךףץ",
    "windows-1256": "المينتروبهدعسقفكحجطصشخضذثغءئىةأإآؤپچگی",
    "cp874": "านรอกเงมยลวดทสตะปบคหแจพชขใไโผถธณญศษ่้ัีิู็ืึุำ์",
    "windows-1250": "ąęłńóśźżćčďěňřšťůúýžáéíőűöüăâîşţđŁŚŻŽŠČŘ",
    "iso-8859-2": "ąęłńóśźżćčďěňřšťůúýžáéíőűöüăâîşţđŁŚŻŽŠČŘ",
    "windows-1254": "çğıöşüİâîŞÇÖÜ",
    "windows-1257": "āčēģīķļņšūžąęėįųõäöü",
}
# Each encoding and the codec to try it with: Korean without the rare syllables that Windows added,
# since Japanese bytes are full of those.
_EAST_ASIAN: Final = {
    "euc-jp": "euc-jp",
    "cp932": "cp932",
    "cp949": "euc-kr",
    "gb18030": "gb18030",
    "big5hkscs": "big5hkscs",
}
# Alphabets that share their ASCII letters; those of the others lie beyond it altogether.
_LATIN: Final = ("windows-1252", "windows-1250", "iso-8859-2", "windows-1254", "windows-1257")
_KANA: Final = re.compile(r"[\u3041-\u30fe]")
_HALF_KANA: Final = re.compile(r"[\uff61-\uff9f]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# The commonest characters of running Chinese: those of both scripts, then each script's own.
_COMMON_HAN: Final = (
    "的一是在不了有和人中大上我以要他用生到作地出就分成可主年同工也能下子而方定行法所民得"
)
_COMMON: Final = {
    "gb18030": frozenset(_COMMON_HAN + "这为个国时来们于对会发动过说产种面后多学经"),
    "big5hkscs": frozenset(_COMMON_HAN + "這為個國時來們於對會發動過說產種面後多學經"),
}
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_MARKUP: Final = re.compile(
    rb"<script\b.*?</script|<style\b.*?</style|<!--.*?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
_SAMPLE_BYTES: Final = 32_768  # of text: some five thousand words
_SCANNED_BYTES: Final = 1_000_000  # of markup: bounds the time on long pages
# Running Japanese is a third kana and more, Korean mostly syllables; in running Chinese every
# seventh character is one of the hundred commonest. Misread bytes stay far below.
_LEAST_PLAUSIBLE: Final = 0.08


def guess_legacy_encoding(body: bytes, language: str | None = None) -> str:
    """The likeliest encoding of bytes that are not UTF-8 and come without a declaration.

    Args:
        body: The page.
        language: Primary language subtag the page states, lower case; None when it states none.
    """
    sample = _MARKUP.sub(b" ", body[:_SCANNED_BYTES])
    east_asian = _guess_east_asian(sample[:_SAMPLE_BYTES])
    if east_asian:
        return east_asian
    runs = _HIGH_RUN.findall(sample)[:_SAMPLE_BYTES]
    high = b" ".join(runs)[:_SAMPLE_BYTES]
    candidates = _OF_LANGUAGE.get(language or "")
    if not candidates:
        # Accented letters stand alone among ASCII ones; other alphabets fill whole words.
        is_latin = len(high) < 3 * len(runs)
        candidates = [name for name in _LETTERS if (name in _LATIN) == is_latin]
    return max(candidates, key=lambda encoding: _fitness(high, encoding))


def _guess_east_asian(sample: bytes) -> str | None:
    """A two-byte encoding in which the bytes are valid and read as its language; None without."""
    best, best_score = None, _LEAST_PLAUSIBLE
    for encoding, codec in _EAST_ASIAN.items():
        text = sample.decode(codec, "replace")
        damaged = text.count("\ufffd")
        letters = sum(character > "\x7f" for character in text) - damaged
        if letters and damaged * 50 <= letters:  # some characters are cut by tags or at the end
            score = _plausibility(encoding, text) / letters
            if score > best_score:
                best, best_score = encoding, score
    return best


def _plausibility(encoding: str, text: str) -> float:
    """How many characters are typical of the encoding's language, less those typical of no text.

    What is no Japanese reads as half-width kana in its encodings, what is no Korean as Han.
    """
    if encoding in {"euc-jp", "cp932"}:
        return len(_KANA.findall(text)) - 2 * len(_HALF_KANA.findall(text))
    if encoding == "cp949":
        return len(_HANGUL.findall(text)) - len(_HAN.findall(text))
    common = _COMMON[encoding]
    return sum(character in common for character in text)


def _fitness(high: bytes, encoding: str) -> int:
    """How many characters are letters that the encoding's languages use, less what is odd."""
    letters = _LETTERS.get(encoding, "")
    text = high.decode(encoding, "replace")
    return sum(character in letters for character in text) - 2 * text.count("\ufffd")
