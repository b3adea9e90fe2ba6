"""Which segments a page's gold text is made of, found by aligning the two word by word."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq, Opcode

_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_MAX_UNITS = 60_000  # alignment takes memory in the product of both lengths


@dataclass(frozen=True, slots=True)
class Labels:
    """Targets of a page's segments.

    Attributes:
        matched: (N,) how many of a segment's units the gold has; -1 where nothing is known.
        units: (N,) how many units a segment has.
        gold_units: Units of the whole gold text; 0 where only passages are known.
    """

    matched: npt.NDArray[np.float32]
    units: npt.NDArray[np.float32]
    gold_units: int


def split_units(text: str) -> list[str]:
    """Words in lower case, and each Chinese or Japanese character by itself."""
    return _UNIT.findall(text.lower())


def align_text(segments: Sequence[str], gold: str) -> Labels:
    """Labels from a full gold text.

    The longest common subsequence of both word sequences says where each gold word stands on the
    page; lone matches inside other text are chance and do not count. What stands in another order
    than in the gold is then found by its three-word runs.
    """
    split = [split_units(text) for text in segments]
    sizes = np.array([len(units) for units in split], dtype=np.float32)
    wanted = split_units(gold)[:_MAX_UNITS]
    ids: dict[str, int] = {}
    page = [ids.setdefault(unit, len(ids)) for units in split for unit in units][:_MAX_UNITS]
    target = [ids.setdefault(unit, len(ids)) for unit in wanted]
    owner = np.repeat(np.arange(len(split)), sizes.astype(int))
    matched = np.zeros(len(split), dtype=np.float32)
    left = Counter(wanted)
    in_run = np.zeros(len(page), dtype=bool)
    for block in cast("list[Opcode]", LCSseq.opcodes(page, target)):
        if block.tag == "equal":
            in_run[block.src_start : block.src_end] = True
    # Three words in a row are no chance, nor are fewer where they are nearly the whole segment.
    run = _run_lengths(in_run)
    covered = np.bincount(owner[: len(page)], weights=in_run, minlength=len(split))
    solid = in_run & ((run >= 3) | (covered[owner[: len(page)]] >= 0.8 * sizes[owner[: len(page)]]))
    matched += np.bincount(owner[: len(page)], weights=solid, minlength=len(split))
    for index, units in enumerate(split):
        if matched[index] > 0.5 * len(units):
            left -= Counter(units)
    # The second look: nearly all runs of the segment are the gold's, and nearly all of its words
    # are still unmatched there, so that a second copy of a text is not labelled as well.
    runs = set(zip(wanted, wanted[1:], wanted[2:], strict=False))
    for index, units in enumerate(split):
        if len(units) < 4 or matched[index] > 0.5 * len(units):
            continue
        known = sum(three in runs for three in zip(units, units[1:], units[2:], strict=False))
        free = (Counter(units) & left).total()
        if known >= 0.8 * (len(units) - 2) and free >= 0.8 * len(units):
            matched[index] = free
            left -= Counter(units)
    return Labels(matched, sizes, len(wanted))


def _run_lengths(mark: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """For each position the length of the run of equal values it is in."""
    if not len(mark):
        return np.zeros(0, dtype=np.int64)
    group = np.concatenate([[0], np.cumsum(mark[1:] != mark[:-1])])
    lengths: npt.NDArray[np.int64] = np.bincount(group)[group]
    return lengths


def align_passages(
    segments: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> Labels:
    """Labels from passages that must and must not be there; every other segment is unknown."""
    texts = [" ".join(text.split()) for text in segments]
    sizes = np.array([len(split_units(text)) for text in texts], dtype=np.float32)
    matched = np.full(len(texts), -1.0, dtype=np.float32)
    for passages, share in ((unwanted, 0.0), (wanted, 1.0)):
        for passage in (" ".join(p.split()) for p in passages):
            for index, text in enumerate(texts):
                inside = len(text) > 20 and text in passage  # shorter ones stand in any passage
                if passage in text or inside:
                    matched[index] = share * sizes[index]
    return Labels(matched, sizes, 0)
