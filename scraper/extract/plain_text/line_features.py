"""What is measured of each line of a flattened page: its shape, its place, its words.

Indentation, empty lines and bullets differ between the tools that flatten pages, and archives have
none of them; the net is trained on all forms, so each feature is only a hint.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from scraper.extract.classify.characters import CLASSES, count_characters
from scraper.extract.classify.stop_words import STOP_WORDS
from scraper.extract.plain_text.lines import Line
from scraper.extract.words import count_joining_words, count_words, is_unspaced, spaced_out

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WORD_BUCKETS: Final = 2048  # for hashes of words: no vocabulary, so that any language has words
WORDS_PER_LINE: Final = 8  # the first five and the last three say what a line is
_SHARES: Final = ("upper", "digit", "comma", "stop", "colon", "quote", "separator", "symbol")
_CJK: Final = ("han", "kana", "particle")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।؟][\"'”’»)\]」]*$")
_DATE: Final = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./:]\d{1,2}\b")
_CREDIT: Final = re.compile(r"©|\(c\)|copyright|all rights reserved|getty|reuters|\bap photo", re.I)
_ADDRESS: Final = re.compile(r"https?://|www\.|@\w")
_LEAST_SENTENCE_WORDS: Final = 10  # of a line without a stop, in scripts that have none
_SAMPLE_CHARS: Final = 40
FEATURE_COUNT: Final = 35  # columns of `line_features`; the net was fitted to them as they are


def line_features(lines: Sequence[Line]) -> Floats:
    """(N, FEATURE_COUNT) numbers of N lines."""
    texts = [line.text for line in lines]
    counts = count_characters([spaced_out(text) for text in texts])
    # A space between two clauses is their stop in scripts that have neither elsewhere.
    clauses = np.array([text.count(" ") if is_unspaced(text) else 0 for text in texts], np.float32)
    counts[:, CLASSES.index("stop")] += clauses
    column = {name: counts[:, index] for index, name in enumerate(CLASSES)}
    chars = np.maximum(counts.sum(axis=1), 1)
    cjk = sum((column[name] for name in _CJK), start=np.zeros(len(lines), np.float32))
    words = column["space"] + 1 + 0.6 * cjk
    indents = np.array([line.indent for line in lines], np.float32)
    blanks = np.array([line.blank_before for line in lines], np.float32)
    long_line = chars > 100
    usual = float(np.median(indents[long_line])) if long_line.any() else 0.0
    seen = Counter(text.lower() for text in texts)
    prose = np.where(long_line, chars, 0)
    before = np.cumsum(prose) - prose
    total = max(float(prose.sum()), 1.0)
    rank = np.arange(len(lines), dtype=np.float32)
    columns = [
        np.log1p(chars) / 5,
        np.log1p(words) / 4,
        np.minimum(chars / words, 15) / 10,
        *(column[name] / chars for name in _SHARES),
        cjk / chars,
        np.array([_stop_share(text) for text in texts], np.float32),
        np.array([_ends_sentence(text) for text in texts], np.float32),
        np.array([text[-1] in ":：" for text in texts], np.float32),
        np.array([text[-1] in "?？؟" for text in texts], np.float32),
        np.array([text[0].isupper() for text in texts], np.float32),
        np.array([text[0].islower() for text in texts], np.float32),
        np.array([text.isupper() for text in texts], np.float32),
        np.array([bool(line.bullet) for line in lines], np.float32),
        np.array([line.is_numbered for line in lines], np.float32),
        np.array([len(line.cells) > 1 for line in lines], np.float32),
        np.array([bool(_DATE.search(text[:200])) for text in texts], np.float32),
        np.array([bool(_CREDIT.search(text[-200:])) for text in texts], np.float32),
        np.array([bool(_ADDRESS.search(text[:300])) for text in texts], np.float32),
        np.array([min(seen[text.lower()], 4) - 1 for text in texts], np.float32) / 3,
        np.clip(indents - usual, -20, 20) / 10,
        np.clip(np.diff(indents, prepend=indents[:1]), -12, 12) / 6,
        np.minimum(blanks, 3) / 3,
        np.minimum(np.append(blanks[1:], 1.0), 3) / 3,
        rank / max(len(lines), 1),
        np.minimum(rank, 60) / 60,
        np.minimum(rank[::-1], 60) / 60,
        before / total,
        np.full(len(lines), np.log1p(len(lines)) / 7),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def line_words(lines: Sequence[Line]) -> Ints:
    """(N, WORDS_PER_LINE) buckets of the words of each line; 0 where it has fewer."""
    buckets = np.zeros((len(lines), WORDS_PER_LINE), np.int64)
    for row, line in enumerate(lines):
        words = line.text.lower().split(None, 40)
        chosen = words if len(words) <= WORDS_PER_LINE else [*words[:5], *words[-3:]]
        for place, word in enumerate(chosen):
            bare = word.strip(".,:;!?\"'()[]“”‘’«»")[:20]
            buckets[row, place] = 1 + zlib.crc32(bare.encode()) % (WORD_BUCKETS - 1)
    return buckets


def _stop_share(text: str) -> float:
    words = text.lower().split(None, 60)[:60]
    share = sum(word in STOP_WORDS for word in words) / len(words)
    if text.isascii() or not (joining := count_joining_words(text)):
        return share
    return max(share, min(1.0, joining / count_words(text)))


def _ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does: a long one in any way where no stop is written."""
    if _SENTENCE_END.search(text[-6:]):
        return True
    return is_unspaced(text[:_SAMPLE_CHARS]) and count_words(text) >= _LEAST_SENTENCE_WORDS
