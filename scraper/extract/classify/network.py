"""The classifier's net in numpy: dilated convolutions over the sequence of segments.

The arithmetic is that of `pipelines.train.torch_network`, where its weights come from. Five
residual blocks of kernel 3 (Yu and Koltun, "Multi-Scale Context Aggregation by Dilated
Convolutions", 2016); two of them also see the means of the containers a segment stands in and of
the segments that are of a kind with it, and what a few queries found on the whole page. Two heads
read articles and other pages; a gate says which of them is to be believed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, repeat
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from scraper.extract.classify.features import LEVELS, MARK_WORD_OR_END, Features, Floats, Ints

# For each level further up, as in training (`pipelines.train.dataset.bag_marks`): an ancestor ten
# levels above a segment counts a fifth of its own node.
_FAR_DECAY: Final = 0.85

Kind = Literal["article", "list", "forum", "product", "document"]
KINDS: Final[tuple[Kind, ...]] = ("article", "list", "forum", "product", "document")
"""What a page is by its make: what is news or prose, and what is something else."""

# Rows are gathered by `take` everywhere: indexing with an array does the same four times slower.


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and vocabulary of one net.

    Attributes:
        mark_numbers: Row of `mark_table`, from 1, for each word of class names and the like; -1 for
            the NUL that stands between the marks of one element and the next.
        word_numbers: Row of `word_table` for each word of text.
        arrays: The layers by name, as written by `pipelines.train.export_weights`.
    """

    mark_numbers: dict[str, int]
    word_numbers: dict[str, int]
    arrays: dict[str, npt.NDArray[np.float32]]

    @property
    def dilations(self) -> list[int]:
        """How many segments apart the rows are that each block's convolution sees."""
        return [int(dilation) for dilation in self.arrays["dilations"]]

    @property
    def pool_after(self) -> list[int]:
        """Numbers of the blocks that also see the means of containers and of like segments."""
        return [int(block) for block in self.arrays["pool_after"]]


def load_model(path: Path | None = None) -> Model:
    """The model in the file `path`; the one that ships with the library when None.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if path is None:
        return _shipped_model()
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    mark_words, words = (_read_words(arrays.pop(name)) for name in ("mark_words", "words"))
    return Model(
        {word: number for number, word in enumerate(mark_words, 1)} | {"\0": -1},
        {word: number for number, word in enumerate(words, 1)},
        {name: array.astype(np.float32) for name, array in arrays.items()},
    )


@cache
def _shipped_model() -> Model:
    return load_model(Path(str(files("scraper.extract.classify") / "model" / "segments.npz")))


def _read_words(stored: npt.NDArray[np.uint8]) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


@dataclass(frozen=True, slots=True)
class Scores:
    """What the net says of a page.

    Attributes:
        segments: (N,) how likely each segment is main content, 0 to 1.
        kinds: (len(KINDS),) how likely the page is of each kind; they sum to 1.
    """

    segments: Floats
    kinds: Floats

    @property
    def other(self) -> float:
        """How likely the page is something other than an article, 0 to 1."""
        return 1 - float(self.kinds[0])


def score_page(features: Features, model: Model) -> Scores:
    """How likely each segment of a page is main content, and how likely the page is no article."""
    # Matrices this small are multiplied sooner by one thread than shared out among several: with
    # two, a page took 67 ms of processor time instead of 21.
    with _blas().limit(limits=1, user_api="blas"):
        return _score(features, model)


def _score(features: Features, model: Model) -> Scores:
    arrays = model.arrays
    x = _embed(features, model) @ arrays["first.weight"] + arrays["first.bias"]
    np.maximum(x, 0, out=x)
    pool_after, alike = model.pool_after, _sort_alike(features)
    for block, dilation in enumerate(model.dilations):
        y = _convolve(x, arrays[f"conv{block}.weight"], dilation)
        y += arrays[f"conv{block}.bias"]
        if block in pool_after:
            pool = pool_after.index(block)
            y += _pool(x, features, alike, arrays[f"pool{pool}.weight"])
            y += arrays[f"pool{pool}.bias"]
            y += _look_around(x, arrays, pool)
        np.maximum(y, 0, out=y)
        x += y
    both = x @ arrays["last.weight"] + arrays["last.bias"]
    kinds = _judge_page(x, _sigmoid(both).max(axis=1), arrays)
    other = 1 - kinds[0]
    return Scores(_sigmoid(both[:, 0] + (both[:, 1] - both[:, 0]) * other), kinds)


def _sigmoid(logits: npt.NDArray[np.floating]) -> Floats:
    result: Floats = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return result


def _look_around(x: Floats, arrays: dict[str, Floats], pool: int) -> Floats:
    """What the queries find on the whole page, and how each segment lies to it.

    Each query is a softmax over all segments: where it looks most is a place, and what stands there
    is known to every segment, with its distance and how much of the query has been passed.
    """
    logits = 2 * (x @ arrays[f"query{pool}.weight"] + arrays[f"query{pool}.bias"])
    share = np.exp(logits - logits.max(axis=0))
    share /= share.sum(axis=0)
    found = share.T @ (x @ arrays[f"value{pool}.weight"] + arrays[f"value{pool}.bias"])
    place = np.arange(len(x), dtype=np.float32)
    distance = place[:, None] - place @ share
    columns = [
        np.tanh(distance / 3),
        np.sign(distance) * np.log1p(np.abs(distance)) / 5,
        np.cumsum(share, axis=0),
        share,
    ]
    weight, bias = arrays[f"out{pool}.weight"], arrays[f"out{pool}.bias"]
    # What was found is the same for all segments of the page: through its part of the layer once.
    of_page = found.ravel() @ weight[: found.size] + bias
    result: Floats = np.concatenate(columns, axis=1) @ weight[found.size :] + of_page
    return result


def _judge_page(x: Floats, kept: Floats, arrays: dict[str, Floats]) -> Floats:
    """(len(KINDS),) from the mean over the page and that over what either head would keep."""
    means = [x.mean(axis=0), kept @ x / max(float(kept.sum()), 1e-3)]
    hidden = np.concatenate(means) @ arrays["gate0.weight"] + arrays["gate0.bias"]
    logits = np.maximum(hidden, 0) @ arrays["gate1.weight"] + arrays["gate1.bias"]
    raised = np.exp(logits - logits.max())
    result: Floats = raised / raised.sum()
    return result


def _embed(features: Features, model: Model) -> Floats:
    arrays = model.arrays
    near, far = _embed_marks(features, model)
    words = _embed_words(features, model)
    tags = [arrays[f"tags{i}"].take(column, axis=0) for i, column in enumerate(features.tags.T)]
    return np.concatenate([features.numbers, near, far, words, *tags], axis=1)


def _embed_words(features: Features, model: Model) -> Floats:
    numbers = _look_up(chain.from_iterable(features.words), model.word_numbers)
    bags = np.repeat(np.arange(len(features.words)), list(map(len, features.words)))
    return _sum_bags(numbers, bags, len(features.words), model.arrays["word_table"])


def _look_up(words: Iterable[str], numbers: dict[str, int]) -> Ints:
    """The number of each word, 0 for one that is not in the vocabulary."""
    return np.fromiter(map(numbers.get, words, repeat(0)), np.int64)


def _sum_bags(numbers: Ints, bags: Ints, count: int, table: Floats) -> Floats:
    """For each bag the sum of its rows, over the square root of their number.

    Args:
        numbers: Rows of `table`; 0 for none.
        bags: The bag each of them is in, from 0, in ascending order.
        count: How many bags there are.
        table: One row a word.
    """
    known = np.flatnonzero(numbers)
    bags = bags[known]
    sizes = np.bincount(bags, minlength=count)
    filled = np.flatnonzero(sizes)
    result = np.zeros((count, table.shape[1]), dtype=np.float32)
    if len(filled):
        starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]])
        scale = sizes[filled, None].astype(np.float32) ** -0.5
        result[filled] = np.add.reduceat(table.take(numbers[known], axis=0), starts, axis=0) * scale
    return result


def _embed_marks(features: Features, model: Model) -> tuple[Floats, Floats]:
    """What the marks of the innermost three ancestors say, and those of all of them."""
    by_mark = _sum_bags(
        *_look_up_marks(features.marks, model.mark_numbers),
        len(features.marks),
        model.arrays["mark_table"],
    )
    by_node = by_mark.take(features.node_marks, axis=0)
    half = by_node.shape[1] // 2
    # The root has no parent: -1, the last row.
    near_of = np.concatenate([by_node[:, :half], np.zeros((1, half), np.float32)])
    parents = np.append(features.parents, -1)
    node = features.nodes
    near = near_of.take(node, axis=0)
    for weight in model.arrays["mark_decay"][1:]:
        node = parents[node]
        near += weight * near_of.take(node, axis=0)
    return near, _sum_paths(by_node[:, half:], features).take(features.nodes, axis=0)


def _look_up_marks(marks: list[str], numbers: dict[str, int]) -> tuple[Ints, Ints]:
    """The words of all marks by number, each once for each of the marks, and whose they are."""
    # All in one go, because a call for each costs more than the work: no page can hold a NUL.
    found = _look_up(MARK_WORD_OR_END.findall("\0".join(marks)), numbers)
    whose = np.cumsum(found < 0)
    known = np.flatnonzero(found > 0)
    keys = whose[known] * (len(numbers) + 1) + found[known]
    keys.sort()  # and each once: far sooner than np.unique
    keys = keys[np.diff(keys, prepend=-1) > 0]
    bags, rows = np.divmod(keys, len(numbers) + 1)
    return rows, bags


def _sum_paths(values: Floats, features: Features) -> Floats:
    """For each node its value and, with decay, those of its ancestors: one step a level."""
    order = np.argsort(features.depths, kind="stable")
    ends = np.cumsum(np.bincount(features.depths))
    parents = features.parents
    total = values.copy()
    for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        level = order[start:end]
        total[level] += _FAR_DECAY * total.take(parents[level], axis=0)
    return total


def _convolve(x: Floats, weight: Floats, dilation: int) -> Floats:
    """Each row of x with those `dilation` before and after it, zeros beyond, times the weight."""
    padded = np.zeros((len(x) + 2 * dilation, x.shape[1]), dtype=np.float32)
    padded[dilation:-dilation] = x
    rows = len(x)
    taps = [padded[step * dilation : step * dilation + rows] for step in range(3)]
    return np.concatenate(taps, axis=1) @ weight


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Segments sorted by one of the ways to be alike.

    Attributes:
        groups: (N,) the group of each segment.
        order: (N,) the segments, those of one group one after the other.
        starts: Where in `order` each group begins.
        sizes: (groups, 1) how many segments are in each.
    """

    groups: Ints
    order: Ints
    starts: Ints
    sizes: Floats


def _sort_alike(features: Features) -> list[_Likeness]:
    kinds = []
    for groups in features.alike.T:
        sizes = np.bincount(groups)
        order = np.argsort(groups, kind="stable")
        kinds.append(
            _Likeness(groups, order, np.cumsum(sizes) - sizes, sizes[:, None].astype("f4"))
        )
    return kinds


def _pool(x: Floats, features: Features, alike: list[_Likeness], weight: Floats) -> Floats:
    """Means over the containers around each segment, the page and its like, through one layer."""
    count, width = x.shape
    sums = np.zeros((count + 1, width), dtype=np.float64)
    np.cumsum(x, axis=0, out=sums[1:])
    starts, ends = features.containers[:, 0], features.containers[:, 1]
    size = np.maximum(ends - starts, 1)[:, None]
    means = ((sums.take(ends, axis=0) - sums.take(starts, axis=0)) / size).astype(np.float32)
    of_containers, of_page, *of_alike = np.split(
        weight, np.arange(LEVELS, len(weight) // width) * width
    )
    around: Floats = means.take(features.levels, axis=0).reshape(count, -1) @ of_containers
    around += (sums[-1] / count).astype(np.float32) @ of_page
    for kind, layer in zip(alike, of_alike, strict=True):
        # Through the layer first: there are fewer groups than segments.
        total = np.add.reduceat(x.take(kind.order, axis=0), kind.starts, axis=0)
        around += (total / kind.sizes @ layer).take(kind.groups, axis=0)
    return around
