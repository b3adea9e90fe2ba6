"""A page as arrays: its block-level nodes and the texts of its segments."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from scraper.extract.classify.characters import CLASSES, count_characters
from scraper.extract.classify.stop_words import STOP_WORDS
from scraper.extract.segment import Segmentation

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

# Tags that have a number of their own; all others share number 0.
TAGS: Final = (
    "* a abbr address article aside b blockquote body button caption center cite code dd details "
    "div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i img "
    "label legend li main mark nav ol p pre q s section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul html dialog menu"
).split()
TAG_NUMBERS: Final = {tag: number for number, tag in enumerate(TAGS)}

# Ancestors whose mere presence says much about a segment: one flag each.
FLAGGED: Final = (
    "article main aside nav footer header form ul ol table blockquote figure dl button "
    "section details p li"
).split()
_FLAGS: Final = {tag: 1 << bit for bit, tag in enumerate(FLAGGED)}

_FIRST_WORDS, _LAST_WORDS = 8, 2
_HEAD_CHARS, _TAIL_CHARS = 64, 20  # where a segment's first and last words are looked for
_UNSPACED_WORD = 5  # letters and signs of a word in Thai, Lao, Burmese and Khmer, about
_SAMPLE_CHARS = 300  # enough of a segment to count the words that hold sentences together


@dataclass(frozen=True, slots=True)
class Tree:
    """The M block-level nodes of a page as arrays of M numbers each.

    Attributes:
        tags: From `TAG_NUMBERS`; 0 for every tag without a number.
        parents: -1 for the root.
        flags: One bit for each of `FLAGGED` that the node or an ancestor is.
        starts: First segment in the node; `ends` is one past its last.
        up: The nearest ancestor that holds more segments; the root for itself.
        node_marks: Which of `marks` the node has.
        marks: The distinct values of `Node.marks`.
    """

    tags: Ints
    parents: Ints
    depths: Ints
    flags: Ints
    starts: Ints
    ends: Ints
    up: Ints
    node_marks: Ints
    marks: list[str]


@dataclass(frozen=True, slots=True)
class Texts:
    """The N segments' texts as arrays of N numbers each.

    Attributes:
        counts: (N, len(CLASSES)) characters of each class.
        units: Words; each CJK character by itself, and of Thai and the like five make one.
        stops: Words that hold sentences together; estimated beyond the first 300 characters.
        prose: Characters outside links, where the text is long and hardly linked; else 0.
    """

    counts: Floats
    units: Floats
    chars: Floats
    link_chars: Floats
    stops: Floats
    prose: Floats


def read_tree(segmentation: Segmentation) -> Tree:
    """The nodes of a page as arrays, one entry a node."""
    nodes = segmentation.nodes
    tags = [node.tag for node in nodes]
    parents = _ints([node.parent for node in nodes])
    starts = _ints([node.start for node in nodes])
    ends = _ints([node.end for node in nodes])
    marks = [node.marks for node in nodes]
    distinct = {name: number for number, name in enumerate(dict.fromkeys(marks))}
    return Tree(
        tags=_ints(map(TAG_NUMBERS.get, tags, repeat(0))),
        parents=parents,
        depths=_ints([node.depth for node in nodes]),
        flags=_gather_flags(_ints(map(_FLAGS.get, tags, repeat(0))), parents),
        starts=starts,
        ends=ends,
        up=_find_up(parents, starts, ends),
        node_marks=_ints(map(distinct.__getitem__, marks)),
        marks=list(distinct),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


# Both of the following double the distance they look up the tree at each step, so that a page of
# a thousand levels takes ten steps.
def _gather_flags(flags: Ints, parents: Ints) -> Ints:
    """For each node its own flags and those of all its ancestors."""
    ancestor = np.maximum(parents, 0)
    while ancestor.any():
        flags = flags | flags.take(ancestor)
        ancestor = ancestor.take(ancestor)
    gathered: Ints = flags | flags[0]
    return gathered


def _find_up(parents: Ints, starts: Ints, ends: Ints) -> Ints:
    """For each node the nearest ancestor that holds more segments; the root for itself."""
    above = np.maximum(parents, 0)
    alike = (starts.take(above) == starts) & (ends.take(above) == ends)
    top = np.where(alike, above, np.arange(len(parents)))
    while not np.array_equal(top, higher := top.take(top)):
        top = higher
    up: Ints = above.take(top)
    return up


def read_texts(segmentation: Segmentation, words: list[tuple[str, ...]]) -> Texts:
    """The texts of a page as arrays, one entry a segment.

    Args:
        segmentation: The page.
        words: First and last words of each segment, from `edge_words`.
    """
    segments = segmentation.segments
    strings = [segment.text for segment in segments]
    counts = count_characters(strings)
    by_name = {name: counts[:, index] for index, name in enumerate(CLASSES)}
    wide = by_name["han"] + by_name["kana"] + by_name["particle"]
    chars = counts.sum(axis=1)
    unspaced = by_name["unspaced"] // _UNSPACED_WORD
    units = wide + by_name["space"] + (chars > wide) + unspaced
    link_chars = np.array([segment.link_chars for segment in segments], dtype=np.float32)
    in_link = np.array(
        [segmentation.nodes[segment.node].in_link for segment in segments], dtype=bool
    )
    link_chars = np.where(in_link, chars, np.minimum(link_chars, chars))
    stops = np.array(
        [_count_stop_words(text, known) for text, known in zip(strings, words, strict=True)],
        dtype=np.float32,
    )
    stops *= np.maximum(chars / _SAMPLE_CHARS, 1)
    # Kana is grammar for a good part, and of running text in any language a third is.
    stops += by_name["particle"] + 0.3 * by_name["kana"] + 0.35 * unspaced
    long_enough = units >= 12
    prose = np.where(long_enough & (link_chars < 0.4 * chars), chars - link_chars, 0.0)
    return Texts(counts, units, chars, link_chars, stops, prose.astype(np.float32))


def _count_stop_words(text: str, words: tuple[str, ...]) -> int:
    """How many words of the first `_SAMPLE_CHARS` hold sentences together."""
    if len(text) > _HEAD_CHARS:
        return sum(map(STOP_WORDS.__contains__, text[:_SAMPLE_CHARS].lower().split()))
    return sum(map(STOP_WORDS.__contains__, words))


def edge_words(text: str) -> tuple[str, ...]:
    """The first eight and the last two words of a text, in lower case.

    Of a text without spaces, pairs of its first characters come with them.
    """
    words = text[:_HEAD_CHARS].lower().split()
    if len(words) <= 2 and not text.isascii():
        words += [text[i : i + 2] for i in range(min(len(text) - 1, 10))]
    elif len(words) > _FIRST_WORDS:
        del words[_FIRST_WORDS:]
    if len(text) > _HEAD_CHARS:
        words += text[-_TAIL_CHARS:].lower().split()[-_LAST_WORDS:]
    return tuple(words)
