"""What a page says or draws several times: measures of its segments, one function a group.

The net was fitted to these numbers: whoever changes a divisor or a bound has to train it anew.
"""

from typing import Final

import numpy as np

from scraper.extract.classify.page_arrays import TAGS, Floats, Ints, Texts, Tree
from scraper.extract.segment import Segmentation

ALIKE: Final = 2  # ways in which segments can be of a kind
_LONG_CHARS: Final = 40  # a text that long is not the same as another by chance
_PATH_TAGS: Final = 5  # of the segment's own node and those above; ten are all that a key can hold


def number_texts(segmentation: Segmentation) -> Ints:
    """For each segment the number of its text: the same for the same text."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(segment.text, len(seen)) for segment in segmentation.segments])


def group_alike(tree: Tree, nodes: Ints) -> Ints:
    """(N, ALIKE) the group each segment is in: by its markup, and by the tags that lead to it.

    Args:
        tree: The page's nodes.
        nodes: (N,) the node of each segment.
    """
    kinds = _kinds(tree)
    above = np.where(tree.parents >= 0, kinds[tree.parents], 0)
    markup = (kinds * (int(kinds.max()) + 1) + above)[nodes]
    tags, parents = np.append(tree.tags + 1, 0), np.append(tree.parents, -1)
    path, node = np.zeros(len(nodes), dtype=np.int64), nodes
    for _ in range(_PATH_TAGS):
        path = path * (len(TAGS) + 1) + tags[node]
        node = parents[node]
    groups = [np.unique(keys, return_inverse=True)[1] for keys in (markup, path)]
    return np.stack(groups, axis=1)


def _kinds(tree: Tree) -> Ints:
    """A number for each node, the same for the same tag with the same marks."""
    return tree.tags * len(tree.marks) + tree.node_marks


def markup_columns(tree: Tree, texts: Texts, nodes: Ints, ids: Ints, markup: Ints) -> Floats:
    """(N, 11) how often a segment's markup and its text occur, and what others of its markup hold.

    Args:
        tree: The page's nodes.
        texts: The page's texts.
        nodes: The node of each segment.
        ids: The number of each segment's text, from `number_texts`.
        markup: The number of each segment's markup, from `group_alike`.
    """
    around = _kinds(tree)[np.maximum(tree.parents[nodes], 0)]
    result = []
    for group in (markup, np.unique(around, return_inverse=True)[1]):
        size = np.bincount(group)
        chars = np.bincount(group, weights=texts.chars)
        linked = np.bincount(group, weights=texts.link_chars)
        prose = np.bincount(group, weights=texts.prose)
        result += [
            np.log1p(size)[group] / 5,
            np.log1p(chars / size)[group] / 6,
            (linked / chars)[group],
            (prose / chars)[group],
        ]
    result.append(np.log1p(np.bincount(ids) - 1)[ids])
    before = np.concatenate([[False], markup[1:] == markup[:-1]])
    after = np.concatenate([before[1:], [False]])
    return np.stack([*result, before, after], axis=1).astype(np.float32)


def copy_columns(ids: Ints, chars: Floats) -> Floats:
    """(N, 8) whether each text stands before and after as well, and how much around it does.

    Pages hold their body twice, for two widths of screen, and forums quote what was said above.

    Args:
        ids: The number of each segment's text, from `number_texts`.
        chars: Its characters.
    """
    order = np.argsort(ids, kind="stable")
    same = ids[order][1:] == ids[order][:-1]
    earlier, later = np.full(len(ids), -1), np.full(len(ids), -1)
    earlier[order[1:][same]] = order[:-1][same]
    later[order[:-1][same]] = order[1:][same]
    is_long = chars >= _LONG_CHARS
    repeated = is_long & (earlier >= 0)
    share = np.full(len(ids), chars[repeated].sum() / chars.sum())
    runs = [column for other in (earlier, later) for column in _measure_runs(other, chars)]
    columns = [repeated, is_long & (later >= 0), earlier >= 0, *runs, share]
    return np.stack(columns, axis=1).astype(np.float32)


def _measure_runs(other: Ints, chars: Floats) -> tuple[Floats, Floats]:
    """The characters and the segments of the run of texts that stand elsewhere in the same order.

    Args:
        other: Where on the page the same text stands; -1 for nowhere.
        chars: Of each segment.
    """
    found = other >= 0
    goes_on = np.concatenate([[False], found[1:] & found[:-1] & (other[1:] == other[:-1] + 1)])
    run = np.cumsum(~goes_on)
    size = np.bincount(run, weights=chars)[run]
    count = np.bincount(run)[run]
    return np.where(found, np.log1p(size) / 8, 0), np.where(found, np.log1p(count) / 4, 0)
