"""What the classifier sees of a page: numbers and words for each segment, in arrays."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from scraper.extract.classify.columns import (
    candidate_columns,
    container_columns,
    place_columns,
    stated_columns,
    tag_columns,
    text_columns,
    title_columns,
)
from scraper.extract.classify.page_arrays import (
    TAGS,
    Floats,
    Ints,
    Tree,
    edge_words,
    read_texts,
    read_tree,
)
from scraper.extract.classify.repetition import (
    ALIKE,
    copy_columns,
    group_alike,
    markup_columns,
    number_texts,
)
from scraper.extract.segment import Segmentation

__all__ = [
    "ALIKE",
    "LEVELS",
    "TAGS",
    "Features",
    "Floats",
    "Ints",
    "describe_segments",
    "split_marks",
]

LEVELS: Final = 4  # how many containers of growing extent are described around each segment
_MARK_WORD: Final = re.compile(r"[a-z]{2,24}")
MARK_WORD_OR_END: Final = re.compile(rf"{_MARK_WORD.pattern}|\0")  # in marks joined by NUL


@dataclass(frozen=True, slots=True)
class Features:
    """The classifier's view of a page of N segments and M block-level nodes.

    Attributes:
        numbers: (N, F) measures, most of them between 0 and 1 or logarithms.
        tags: (N, 4) numbers of the segment's own tag, its parent's, its grandparent's, and of the
            first inline element in it.
        nodes: (N,) the node that holds the segment.
        parents: (M,) parent of each node; -1 for the root.
        depths: (M,) how many nodes are above each; 0 for the root.
        node_marks: (M,) which of `marks` the node has.
        marks: The distinct values of `Node.marks` on the page.
        words: For each segment its first and last words, lower case.
        containers: (K, 2) first and one-past-last segment of the containers around segments.
        levels: (N, LEVELS) which of `containers` are around it, from the innermost.
        alike: (N, ALIKE) which segments of the page it is of a kind with, one number a group.
        units: (N,) words, and CJK characters each counted by itself.
    """

    numbers: Floats
    tags: Ints
    nodes: Ints
    parents: Ints
    depths: Ints
    node_marks: Ints
    marks: list[str]
    words: list[tuple[str, ...]]
    containers: Ints
    levels: Ints
    alike: Ints
    units: Floats

    @property
    def spans(self) -> Ints:
        """(N, LEVELS, 2) the containers around each segment."""
        return self.containers[self.levels]


@lru_cache(maxsize=20_000)
def split_marks(marks: str) -> tuple[str, ...]:
    """The words of a node's marks: runs of ASCII letters, each once.

    Example:
        >>> split_marks("post-body__text 17 post")
        ('post', 'body', 'text')
    """
    return tuple(dict.fromkeys(_MARK_WORD.findall(marks)))


def describe_segments(
    segmentation: Segmentation, *, title: str | None, stated_body: str | None = None
) -> Features:
    """The features of every segment of a page that has at least one.

    Args:
        segmentation: What the walk saw.
        title: The page's title as far as it is known: segments are compared with it.
        stated_body: The article's text as the page's own structured data gives it; often shortened
            or missing, so that it counts as one witness among others.
    """
    tree = read_tree(segmentation)
    words = [edge_words(segment.text) for segment in segmentation.segments]
    texts = read_texts(segmentation, words)
    nodes = np.array([segment.node for segment in segmentation.segments], dtype=np.int64)
    ids = number_texts(segmentation)
    alike = group_alike(tree, nodes)
    used, levels = _find_containers(tree, nodes)
    containers = np.stack([tree.starts[used], tree.ends[used]], axis=1)
    columns = [
        text_columns(segmentation, texts),
        place_columns(segmentation, tree, texts, nodes),
        container_columns(containers, texts, levels),
        candidate_columns(tree, texts, nodes),
        markup_columns(tree, texts, nodes, ids, alike[:, 0]),
        copy_columns(ids, texts.chars),
        title_columns(words, title),
        stated_columns(segmentation, stated_body),
    ]
    return Features(
        numbers=np.concatenate(columns, axis=1, dtype=np.float32),
        tags=tag_columns(segmentation, tree, nodes),
        nodes=nodes,
        parents=tree.parents,
        depths=tree.depths,
        node_marks=tree.node_marks,
        marks=tree.marks,
        words=words,
        containers=containers,
        levels=levels,
        alike=alike,
        units=texts.units,
    )


def _find_containers(tree: Tree, nodes: Ints) -> tuple[Ints, Ints]:
    """The nodes (K,) that are containers, and which of them (N, LEVELS) are around each segment."""
    level = np.where(tree.ends[nodes] - tree.starts[nodes] > 1, nodes, tree.up[nodes])
    levels = [level]
    for _ in range(LEVELS - 1):
        level = tree.up[level]
        levels.append(level)
    stacked = np.stack(levels, axis=1)
    is_used = np.zeros(len(tree.up), dtype=bool)
    is_used[stacked] = True
    return np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[stacked]
