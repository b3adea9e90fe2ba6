"""The classifier's net in numpy: dilated convolutions over the sequence of segments.

The arithmetic is that of `pipelines.train.network`, where its weights come from. Five
residual blocks of kernel 3 (Yu and Koltun, "Multi-Scale Context Aggregation by Dilated
Convolutions", 2016); two of them also see the means of the containers a segment stands in.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from scraper.extract.features import LEVELS, Features, Floats, Ints, split_marks

_FAR_DECAY: Final = 0.85


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and vocabulary of one net.

    Attributes:
        mark_numbers: Row of `mark_table` for each word of class names and the like.
        word_numbers: Row of `word_table` for each word of text.
        arrays: The layers by name, as written by `pipelines.train.export`.
    """

    mark_numbers: dict[str, int]
    word_numbers: dict[str, int]
    arrays: dict[str, npt.NDArray[np.float32]]

    @property
    def dilations(self) -> list[int]:
        """One a block."""
        return [int(dilation) for dilation in self.arrays["dilations"]]

    @property
    def pool_after(self) -> list[int]:
        """The blocks that see container means."""
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
        {word: number for number, word in enumerate(mark_words, 1)},
        {word: number for number, word in enumerate(words, 1)},
        {name: array.astype(np.float32) for name, array in arrays.items()},
    )


@cache
def _shipped_model() -> Model:
    return load_model(Path(str(files("scraper.extract") / "model" / "segments.npz")))


def _read_words(stored: npt.NDArray[np.uint8]) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def score_segments(features: Features, model: Model) -> Floats:
    """How likely each segment is main content, 0 to 1."""
    # Matrices this small are multiplied sooner by one thread than shared out among several: with
    # two, a page took 67 ms of processor time instead of 21.
    with _blas().limit(limits=1, user_api="blas"):
        return _score(features, model)


def _score(features: Features, model: Model) -> Floats:
    arrays = model.arrays
    x = _embed(features, model) @ arrays["first.weight"] + arrays["first.bias"]
    np.maximum(x, 0, out=x)
    pool_after = model.pool_after
    containers = [_distinct(features.spans[:, level]) for level in range(LEVELS)]
    for block, dilation in enumerate(model.dilations):
        y = _convolve(x, arrays[f"conv{block}.weight"], dilation)
        y += arrays[f"conv{block}.bias"]
        if block in pool_after:
            pool = pool_after.index(block)
            y += _pool(x, containers, arrays[f"pool{pool}.weight"])
            y += arrays[f"pool{pool}.bias"]
        np.maximum(y, 0, out=y)
        x += y
    logits = x @ arrays["last.weight"] + arrays["last.bias"]
    result: Floats = (1 / (1 + np.exp(-np.clip(logits[:, 0], -30, 30)))).astype(np.float32)
    return result


def _embed(features: Features, model: Model) -> Floats:
    arrays = model.arrays
    near, far = _embed_marks(features, model)
    words = _embed_words(features, model)
    tags = [arrays[f"tags{i}"][features.tags[:, i]] for i in range(features.tags.shape[1])]
    return np.concatenate([features.numbers, near, far, words, *tags], axis=1)


def _embed_words(features: Features, model: Model) -> Floats:
    number_of = model.word_numbers.get
    found = [list(filter(None, map(number_of, words))) for words in features.words]
    return _sum_bags(found, model.arrays["word_table"])


def _sum_bags(bags: list[list[int]], table: Floats) -> Floats:
    """For each bag the sum of its rows, over the square root of their number."""
    sizes = np.array([len(bag) for bag in bags], dtype=np.int64)
    result = np.zeros((len(bags), table.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        rows = table[[number for bag in bags for number in bag]]
        starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]])
        scale = sizes[filled, None].astype(np.float32) ** -0.5
        result[filled] = np.add.reduceat(rows, starts, axis=0) * scale
    return result


def _embed_marks(features: Features, model: Model) -> tuple[Floats, Floats]:
    """What the marks of the innermost three ancestors say, and those of all of them."""
    number_of = model.mark_numbers.get
    bags = [list(filter(None, map(number_of, split_marks(marks)))) for marks in features.marks]
    by_mark = _sum_bags(bags, model.arrays["mark_table"])
    half = by_mark.shape[1] // 2
    near_of, far_of = by_mark[:, :half], by_mark[:, half:][features.node_marks]
    node = features.nodes
    near = near_of[features.node_marks[node]]
    for weight in model.arrays["mark_decay"][1:]:
        node = features.parents[node]
        up = near_of[features.node_marks[np.maximum(node, 0)]]
        near = near + np.where((node >= 0)[:, None], weight * up, 0)
        node = np.where(node >= 0, node, 0)
    return near, _sum_paths(far_of, features)[features.nodes]


def _sum_paths(values: Floats, features: Features) -> Floats:
    """For each node its value and, with decay, those of its ancestors: one step a level."""
    order = np.argsort(features.depths, kind="stable")
    ends = np.cumsum(np.bincount(features.depths))
    total = values.copy()
    for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        level = order[start:end]
        total[level] += _FAR_DECAY * total[features.parents[level]]
    return total


def _convolve(x: Floats, weight: Floats, dilation: int) -> Floats:
    padded = np.zeros((len(x) + 2 * dilation, x.shape[1]), dtype=np.float32)
    padded[dilation:-dilation] = x
    rows = len(x)
    taps = [padded[step * dilation : step * dilation + rows] for step in range(3)]
    return np.concatenate(taps, axis=1) @ weight


def _pool(x: Floats, containers: list[tuple[Ints, Ints]], weight: Floats) -> Floats:
    """Means over the containers around each segment and over the page, through one layer."""
    width = x.shape[1]
    sums = np.zeros((len(x) + 1, width), dtype=np.float64)
    np.cumsum(x, axis=0, out=sums[1:])
    result: Floats = (sums[-1] / len(x)).astype(np.float32) @ weight[LEVELS * width :]
    total: Floats = np.tile(result, (len(x), 1)).astype(np.float32)
    for level, (spans, inverse) in enumerate(containers):
        starts, ends = spans[:, 0], spans[:, 1]
        size = np.maximum(ends - starts, 1)[:, None]
        means = ((sums[ends] - sums[starts]) / size).astype(np.float32)
        total += (means @ weight[level * width : (level + 1) * width])[inverse]
    return total


def _distinct(spans: Ints) -> tuple[Ints, Ints]:
    """Distinct rows of `spans`, and for each row which of them it is."""
    key = spans[:, 0] * (int(spans.max()) + 1) + spans[:, 1]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return spans[first], inverse
