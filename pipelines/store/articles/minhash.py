"""Telling syndicated and mirrored copies of an article from articles that merely share a subject.

A text becomes the set of its three-word shingles (Broder 1997). MinHash keeps a signature of fixed
size whose equal places estimate the Jaccard similarity of two such sets; its bands, looked up in an
index, find candidates without comparing with every article (Leskovec, Rajaraman, Ullman, "Mining of
Massive Datasets", chapter 3). Candidates are few, so each is then compared exactly.
"""

import re
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Words, and each Chinese, Japanese or Korean character by itself.
_EASTERN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TOKEN: Final = re.compile(rf"{_EASTERN.pattern}|[^\W_]+")
_WORD: Final = re.compile(r"\w+")  # the same where neither stands, in two thirds of the time
_SHINGLE_WORDS: Final = 3  # with longer ones each word that is edited takes more of them away
_BANDS: Final = 16
_ROWS_PER_BAND: Final = (
    4  # 16 bands of 4: 99% of pairs with Jaccard 0.7 meet, 1% of those with 0.15
)

# Below this many shingles two texts are alike by accident: "Subscribe to read on".
MIN_SHINGLES: Final = 40
# The knee between cut-down agency copy, which shares most of the shorter text, and reports written
# from one form, which share little (tests/pipelines/store/test_minhash.py). Lower ones find no more
# of the edited copies of tests/benchmarks/crawl/copies.py: those not found share no band.
MIN_JACCARD: Final = 0.55
MIN_CONTAINMENT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are: `jaccard` of the shingle sets, `containment` of the smaller one."""

    jaccard: float
    containment: float

    @property
    def is_duplicate(self) -> bool:
        """Whether one is a copy of the other, edited or cut; each of the bounds is enough."""
        return self.jaccard >= MIN_JACCARD or self.containment >= MIN_CONTAINMENT


def _fixed_coefficients() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """A factor and an offset for each hash function; fixed, as keys are stored for years."""
    generator = np.random.Generator(np.random.PCG64(20_240_229))
    size = _BANDS * _ROWS_PER_BAND
    factors, offsets = generator.integers(0, 1 << 63, (2, size), dtype=np.uint64)
    return (factors << np.uint64(1)) | np.uint64(1), offsets


_FACTORS, _OFFSETS = _fixed_coefficients()
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads neighbouring values


def find_shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of every run of three words, without case and punctuation, each once, sorted.

    Example:
        >>> len(find_shingles("Rain, rain, go away"))
        2
    """
    text = text.lower()
    token = _TOKEN if "_" in text or _EASTERN.search(text) else _WORD
    tokens = token.findall(text)
    # Most words of a text are repeated: each is hashed once.
    hash_of = {token: crc32(token.encode()) for token in set(tokens)}
    words = np.fromiter(map(hash_of.__getitem__, tokens), np.uint64, len(tokens))
    runs = words[: max(0, len(words) - _SHINGLE_WORDS + 1)].copy()
    for place in range(1, _SHINGLE_WORDS):
        runs = (runs ^ (runs >> np.uint64(31))) * _MIX + words[place : place + len(runs)]
    runs.sort()  # a tenth of the time of np.unique
    return runs[np.concatenate([[True], runs[1:] != runs[:-1]])] if len(runs) else runs


def find_band_keys(shingles: NDArray[np.uint64]) -> tuple[int, ...]:
    """Keys under which a text is filed: two copies share at least one, two strangers none.

    Returns:
        16 signed 64-bit integers, as SQLite stores them; nothing for a text too short to judge.
    """
    if len(shingles) < MIN_SHINGLES:
        return ()
    # Multiply-shift hashing (Dietzfelbinger 1997): the high half of factor * x + offset.
    hashes = _FACTORS[:, None] * shingles
    hashes += _OFFSETS[:, None]
    rows = (hashes.min(axis=1) >> np.uint64(32)).reshape(_BANDS, _ROWS_PER_BAND)
    keys = np.arange(_BANDS, dtype=np.uint64)  # the same minima in two bands are two keys
    for place in range(_ROWS_PER_BAND):
        keys = (keys ^ (keys >> np.uint64(29)) ^ rows[:, place]) * _MIX
    return tuple(int(key) for key in keys.astype(np.int64))


def compare_shingles(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Likeness:
    """Exact likeness of two shingle sets; none at all when either is too small to judge."""
    smaller = min(len(first), len(second))
    if smaller < MIN_SHINGLES:
        return Likeness(0.0, 0.0)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return Likeness(shared / (len(first) + len(second) - shared), shared / smaller)
