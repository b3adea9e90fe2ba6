"""The measures of a page's N segments, one function a group of columns.

Logarithms are divided by what brings usual pages to about 1. The net was fitted to these numbers:
whoever changes a divisor or a bound has to train it anew.
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from scraper.extract.classify.characters import CLASSES
from scraper.extract.classify.page_arrays import FLAGGED, TAG_NUMBERS, Floats, Ints, Texts, Tree
from scraper.extract.segment import Segmentation

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LETTERS: Final = re.compile(r"\w+")


def text_columns(segmentation: Segmentation, texts: Texts) -> Floats:
    """(N, 34) length, links, punctuation and kinds of characters of each segment."""
    segments = segmentation.segments
    chars, units, counts = texts.chars, texts.units, texts.counts
    bold = np.array([segment.bold_chars for segment in segments], dtype=np.float32)
    links = np.array([segment.links for segment in segments], dtype=np.float32)
    last = [segment.text[-1] for segment in segments]
    first = [segment.text[0] for segment in segments]
    columns = [
        np.log1p(chars) / 6,
        np.log1p(units) / 5,
        (units <= 3).astype(np.float32),
        texts.link_chars / chars,
        (texts.link_chars >= 0.95 * chars).astype(np.float32),
        np.minimum(bold / chars, 1),
        np.log1p(links) / 3,
        np.minimum(texts.stops / units, 1),
        np.minimum(chars / units / 10, 2),
        np.log1p(counts[:, CLASSES.index("comma")]) / 2,
        np.log1p(counts[:, CLASSES.index("stop")]) / 2,
        np.array([char in '.!?…。！？।؟"”»」』' for char in last], dtype=np.float32),
        np.array([char in ":：" for char in last], dtype=np.float32),
        np.array([char in "?？؟" for char in last], dtype=np.float32),
        np.array([char.isupper() for char in first], dtype=np.float32),
        np.array([char.islower() for char in first], dtype=np.float32),
        np.array([char.isdigit() for char in first], dtype=np.float32),
        np.array([segment.raw is not None for segment in segments], dtype=np.float32),
    ]
    return np.concatenate([np.stack(columns, axis=1), counts / chars[:, None]], axis=1)


def place_columns(segmentation: Segmentation, tree: Tree, texts: Texts, nodes: Ints) -> Floats:
    """(N, 39) where each segment stands, what lies around it, and measures of the whole page.

    Args:
        segmentation: The page.
        tree: Its nodes.
        texts: Its texts.
        nodes: (N,) the node of each segment.
    """
    count = len(nodes)
    order = np.arange(count, dtype=np.float32)
    done = np.cumsum(texts.chars)
    total = done[-1]
    prose_done = np.cumsum(texts.prose)
    prose = max(1.0, float(prose_done[-1]))
    hidden = np.array(
        [segmentation.nodes[segment.node].hidden for segment in segmentation.segments],
        dtype=np.float32,
    )
    images = np.bincount(
        np.array([image.position for image in segmentation.images], dtype=np.int64),
        minlength=count + 1,
    )[:count]
    tags = [segmentation.nodes[segment.node].tag for segment in segmentation.segments]
    heading = np.array([tag in _HEADINGS for tag in tags], dtype=bool)
    first_heading = np.array([tag == "h1" for tag in tags], dtype=bool)
    flags = (tree.flags[nodes][:, None] >> np.arange(len(FLAGGED))) & 1
    page = [
        np.log1p(total) / 12,
        np.log1p(count) / 8,
        prose / total,
        texts.link_chars.sum() / total,
        np.log1p(len(tree.parents)) / 10,
        min(1.0, first_heading.sum() / 3),
        np.log1p((texts.prose > 0).sum()) / 5,
        texts.counts[:, CLASSES.index("han") :].sum() / total,
    ]
    columns = [
        order / count,
        np.log1p(order) / 8,
        np.log1p(count - 1 - order) / 8,
        (done - texts.chars) / total,
        (prose_done - texts.prose) / prose,
        hidden,
        np.log1p(images) / 2,
        np.log1p(tree.depths[nodes]) / 4,
        _distance_since(heading) / 5,
        _distance_since(first_heading) / 6,
        np.cumsum(first_heading) > 0,
        _distance_since(texts.prose > 0) / 5,
        _distance_since((texts.prose > 0)[::-1])[::-1] / 5,
    ]
    place = np.concatenate([np.stack(columns, axis=1), flags], axis=1)
    return np.concatenate([place, np.tile(page, (count, 1))], axis=1).astype(np.float32)


def _distance_since(mark: npt.NDArray[np.bool_]) -> Floats:
    """Logarithm of how many segments ago `mark` was last true; large where it never was."""
    order = np.arange(len(mark))
    last = np.maximum.accumulate(np.where(mark, order, -1))
    distance = np.where(last >= 0, order - last, 1000)
    result: Floats = np.log1p(distance).astype(np.float32)
    return result


def container_columns(containers: Ints, texts: Texts, levels: Ints) -> Floats:
    """(N, 8 * LEVELS) statistics of the containers around each segment.

    Args:
        containers: (K, 2) first and one-past-last segment of each container.
        texts: The page's texts.
        levels: (N, LEVELS) which of the containers are around each segment.
    """
    sums = np.zeros((len(texts.chars) + 1, 6), dtype=np.float64)
    base = [texts.chars, texts.link_chars, texts.prose, texts.stops, texts.units]
    short = (texts.units <= 4).astype(np.float32)
    np.cumsum(np.stack([*base, short], axis=1), axis=0, out=sums[1:])
    starts, ends = containers[:, 0], containers[:, 1]
    total = sums.take(ends, axis=0) - sums.take(starts, axis=0)
    size = np.maximum(ends - starts, 1)
    chars = np.maximum(total[:, 0], 1)
    page = np.maximum(sums[-1], 1)
    columns = np.stack(
        [
            np.log1p(chars) / 10,
            np.log1p(ends - starts) / 6,
            total[:, 1] / chars,
            total[:, 2] / chars,
            total[:, 2] / page[2],
            total[:, 3] / np.maximum(total[:, 4], 1),
            total[:, 5] / size,
            np.log1p(chars / size) / 6,
        ],
        axis=1,
        dtype=np.float32,
        casting="same_kind",
    )
    return columns.take(levels, axis=0).reshape(len(levels), -1)


def candidate_columns(tree: Tree, texts: Texts, nodes: Ints) -> Floats:
    """(N, 13) how each segment lies to the containers that look most like the article.

    One candidate has the best score in the manner of Readability; the others are the smallest
    containers that hold a given share of the page's prose.
    """
    parents = tree.parents
    value = np.where(
        texts.prose > 0,
        1 + texts.counts[:, CLASSES.index("comma")] + np.minimum(texts.prose / 100, 3),
        0,
    )
    score = np.zeros(len(parents))
    target = parents[nodes]
    for share in (1.0, 0.5, 0.25):  # to the parent, its parent, and one more
        valid = target >= 0
        score += np.bincount(target[valid], share * value[valid], minlength=len(parents))
        target = np.where(valid, parents[target], -1)
    done = np.concatenate([[0.0], np.cumsum(texts.prose)])
    linked = np.concatenate([[0.0], np.cumsum(texts.link_chars)])
    chars = np.concatenate([[0.0], np.cumsum(texts.chars)])
    held = done[tree.ends] - done[tree.starts]
    size = np.maximum(chars[tree.ends] - chars[tree.starts], 1)
    score *= 1 - (linked[tree.ends] - linked[tree.starts]) / size
    best = int(np.argmax(score))
    chosen = [best]
    for share in (0.5, 0.75, 0.9):
        enough = held >= share * done[-1]
        # Of several that hold the same segments the innermost.
        smallest = np.where(enough, tree.ends - tree.starts + 1 - tree.depths * 1e-4, np.inf)
        chosen.append(int(np.argmin(smallest)))
    order = np.arange(len(nodes))
    columns = []
    for node in chosen:
        start, end = tree.starts[node], tree.ends[node]
        columns += [
            (order >= start) & (order < end),
            np.log1p(np.maximum(start - order, 0)) / 6,
            np.log1p(np.maximum(order - end + 1, 0)) / 6,
        ]
    own = score[np.maximum(parents[nodes], 0)] / max(score[best], 1e-6)
    return np.stack([*columns, own], axis=1).astype(np.float32)


def title_columns(words: list[tuple[str, ...]], title: str | None) -> Floats:
    """(N, 4) how much of each segment is in the title and the reverse; where the headline stands.

    Args:
        words: First and last words of each segment, from `edge_words`.
        title: The page's title; the columns are 0 without one.
    """
    result = np.zeros((len(words), 4), dtype=np.float32)
    wanted = set(_title_words(title or ""))
    if not wanted:
        return result
    best, place = 0.0, -1
    for index, found in enumerate(words):
        shared = sum([word in wanted for word in found])
        if shared:
            inside, covered = shared / len(found), min(1.0, shared / len(wanted))
            result[index, 0], result[index, 1] = inside, covered
            if inside * covered > best:
                best, place = inside * covered, index
    if best >= 0.25:  # half of each is in the other; below, the words met by chance
        order = np.arange(len(words)) - place
        result[:, 2] = order >= 0
        result[:, 3] = np.log1p(np.abs(order)) / 6
    return result


def _title_words(title: str) -> list[str]:
    """The words of a title; where it has hardly any spaces, pairs of characters as well."""
    words = title.lower().split()
    if not title.isascii() and len(words) <= len(title) / 8:
        words += [title[i : i + 2] for i in range(len(title) - 1)]
    return words


def stated_columns(segmentation: Segmentation, stated_body: str | None) -> Floats:
    """(N, 3) whether structured data states an article's text, and whether a segment is in it."""
    segments = segmentation.segments
    result = np.zeros((len(segments), 3), dtype=np.float32)
    body = _squeeze(stated_body or "")
    if len(body) < 100:  # a summary in the wrong field says nothing about what is missing in it
        return result
    result[:, 0] = 1
    found = [
        len(text) >= 12 and text[:60] in body  # what is shorter stands in any body by chance
        for text in (_squeeze(segment.text[:200]) for segment in segments)
    ]
    result[:, 1] = found
    # A shortened body says nothing about what comes after its end.
    result[:, 2] = np.cumsum(found[::-1])[::-1] > 0
    return result


def _squeeze(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))


def tag_columns(segmentation: Segmentation, tree: Tree, nodes: Ints) -> Ints:
    """(N, 4) numbers of tags: of each segment's node, its parent, its grandparent, its inline."""
    tags = np.append(tree.tags, 0)  # the last for a parent of -1
    parents = np.append(tree.parents, -1)
    above = parents[nodes]
    numbers = TAG_NUMBERS
    inline = [
        0 if segment.inline is None else numbers.get(segment.inline.tag, 0)
        for segment in segmentation.segments
    ]
    return np.stack([tags[nodes], tags[above], tags[parents[above]], inline], axis=1)
