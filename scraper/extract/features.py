"""What the classifier sees of a page: numbers and words for each segment, in arrays."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from scraper.extract.characters import CLASSES, count_characters
from scraper.extract.segment import Segmentation
from scraper.extract.stop_words import STOP_WORDS

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

# Tags that have a number of their own; all others share number 0.
TAGS: Final = (
    "* a abbr address article aside b blockquote body button caption center cite code dd details "
    "div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i img "
    "label legend li main mark nav ol p pre q s section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul html dialog menu"
).split()
_TAG_NUMBERS: Final = {tag: number for number, tag in enumerate(TAGS)}

# Ancestors whose mere presence says much about a segment: one flag each.
_FLAGGED: Final = (
    "article main aside nav footer header form ul ol table blockquote figure dl button "
    "section details p li"
).split()
_FLAGS: Final = {tag: 1 << bit for bit, tag in enumerate(_FLAGGED)}
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

LEVELS: Final = 4  # how many containers of growing extent are described around each segment
_FIRST_WORDS, _LAST_WORDS = 8, 2
_HEAD_CHARS, _TAIL_CHARS = 64, 20  # where a segment's first and last words are looked for
_SAMPLE_CHARS = 300  # enough of a segment to count the words that hold sentences together
_LETTERS: Final = re.compile(r"\w+")
_MARK_WORD: Final = re.compile(r"[a-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Features:
    """The classifier's view of a page of N segments and M block-level nodes.

    Attributes:
        numbers: (N, F) measures, most of them between 0 and 1 or logarithms.
        tags: (N, 4) numbers of the segment's own tag, its parent's, its grandparent's, and of the
            first inline element in it.
        nodes: (N,) the node that holds the segment.
        parents: (M,) parent of each node; -1 for the root.
        depths: (M,)
        node_marks: (M,) which of `marks` the node has.
        marks: The distinct values of `Node.marks` on the page.
        words: For each segment its first and last words, lower case.
        spans: (N, LEVELS, 2) first and one-past-last segment of the containers around it.
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
    spans: Ints
    units: Floats


@dataclass(frozen=True, slots=True)
class _Tree:
    """The nodes as arrays; `up` leads to the nearest ancestor that holds more segments."""

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
class _Texts:
    """The segments' texts as arrays."""

    counts: Floats
    units: Floats
    chars: Floats
    link_chars: Floats
    stops: Floats
    prose: Floats


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
    tree = _read_tree(segmentation)
    words = [_edge_words(segment.text) for segment in segmentation.segments]
    texts = _read_texts(segmentation, words)
    nodes = np.array([segment.node for segment in segmentation.segments], dtype=np.int64)
    spans, levels = _find_containers(tree, nodes)
    columns = [
        _text_columns(segmentation, texts),
        _place_columns(segmentation, tree, texts, nodes),
        _container_columns(tree, texts, levels),
        _candidate_columns(tree, texts, nodes),
        _repetition_columns(segmentation, tree, texts, nodes),
        _title_columns(words, title),
        _stated_columns(segmentation, stated_body),
    ]
    return Features(
        numbers=np.concatenate(columns, axis=1, dtype=np.float32),
        tags=_tag_columns(segmentation, tree, nodes),
        nodes=nodes,
        parents=tree.parents,
        depths=tree.depths,
        node_marks=tree.node_marks,
        marks=tree.marks,
        words=words,
        spans=spans,
        units=texts.units,
    )


def _read_tree(segmentation: Segmentation) -> _Tree:
    nodes = segmentation.nodes
    parents = [node.parent for node in nodes]
    starts = [node.start for node in nodes]
    ends = [node.end for node in nodes]
    flag_of = _FLAGS.get
    flags: list[int] = []
    up: list[int] = []
    for index, (node, parent) in enumerate(zip(nodes, parents, strict=True)):
        if parent < 0:
            flags.append(flag_of(node.tag, 0))
            up.append(index)
            continue
        flags.append(flags[parent] | flag_of(node.tag, 0))
        same = starts[parent] == starts[index] and ends[parent] == ends[index]
        up.append(up[parent] if same else parent)
    distinct: dict[str, int] = {}
    return _Tree(
        tags=np.array([_TAG_NUMBERS.get(node.tag, 0) for node in nodes], dtype=np.int64),
        parents=np.array(parents, dtype=np.int64),
        depths=np.array([node.depth for node in nodes], dtype=np.int64),
        flags=np.array(flags, dtype=np.int64),
        starts=np.array(starts, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        up=np.array(up, dtype=np.int64),
        node_marks=np.array(
            [distinct.setdefault(node.marks, len(distinct)) for node in nodes], dtype=np.int64
        ),
        marks=list(distinct),
    )


def _read_texts(segmentation: Segmentation, words: list[tuple[str, ...]]) -> _Texts:
    segments = segmentation.segments
    strings = [segment.text for segment in segments]
    counts = count_characters(strings)
    by_name = {name: counts[:, index] for index, name in enumerate(CLASSES)}
    wide = by_name["han"] + by_name["kana"] + by_name["particle"]
    units = wide + by_name["space"] + (counts.sum(axis=1) > wide)
    chars = counts.sum(axis=1)
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
    stops += by_name["particle"] + 0.3 * by_name["kana"]
    long_enough = units >= 12
    prose = np.where(long_enough & (link_chars < 0.4 * chars), chars - link_chars, 0.0)
    return _Texts(counts, units, chars, link_chars, stops, prose.astype(np.float32))


def _count_stop_words(text: str, words: tuple[str, ...]) -> int:
    """How many words of the first `_SAMPLE_CHARS` hold sentences together."""
    if len(text) > _HEAD_CHARS:
        return sum(map(STOP_WORDS.__contains__, text[:_SAMPLE_CHARS].lower().split()))
    return sum(map(STOP_WORDS.__contains__, words))


def _find_containers(tree: _Tree, nodes: Ints) -> tuple[Ints, Ints]:
    """Spans (N, LEVELS, 2) and nodes (N, LEVELS) of the containers around each segment."""
    level = np.where(tree.ends[nodes] - tree.starts[nodes] > 1, nodes, tree.up[nodes])
    levels = [level]
    for _ in range(LEVELS - 1):
        level = tree.up[level]
        levels.append(level)
    stacked = np.stack(levels, axis=1)
    return np.stack([tree.starts[stacked], tree.ends[stacked]], axis=2), stacked


def _text_columns(segmentation: Segmentation, texts: _Texts) -> Floats:
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


def _place_columns(segmentation: Segmentation, tree: _Tree, texts: _Texts, nodes: Ints) -> Floats:
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
    flags = (tree.flags[nodes][:, None] >> np.arange(len(_FLAGGED))) & 1
    page = [
        np.log1p(total) / 12,
        np.log1p(count) / 8,
        prose / total,
        texts.link_chars.sum() / total,
        np.log1p(len(tree.parents)) / 10,
        min(1.0, first_heading.sum() / 3),
        np.log1p((texts.prose > 0).sum()) / 5,
        texts.counts[:, -3:].sum() / total,
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


def _container_columns(tree: _Tree, texts: _Texts, levels: Ints) -> Floats:
    """Statistics of the containers around each segment, worked out once a node."""
    sums = np.zeros((len(texts.chars) + 1, 6), dtype=np.float64)
    base = [texts.chars, texts.link_chars, texts.prose, texts.stops, texts.units]
    short = (texts.units <= 4).astype(np.float32)
    np.cumsum(np.stack([*base, short], axis=1), axis=0, out=sums[1:])
    used, inverse = np.unique(levels, return_inverse=True)
    total = sums[tree.ends[used]] - sums[tree.starts[used]]
    size = tree.ends[used] - tree.starts[used]
    chars = np.maximum(total[:, 0], 1)
    page = np.maximum(sums[-1], 1)
    columns = np.stack(
        [
            np.log1p(chars) / 10,
            np.log1p(size) / 6,
            total[:, 1] / chars,
            total[:, 2] / chars,
            total[:, 2] / page[2],
            total[:, 3] / np.maximum(total[:, 4], 1),
            total[:, 5] / np.maximum(size, 1),
            np.log1p(chars / np.maximum(size, 1)) / 6,
        ],
        axis=1,
    )
    return columns[inverse.reshape(levels.shape)].reshape(len(levels), -1).astype(np.float32)


def _candidate_columns(tree: _Tree, texts: _Texts, nodes: Ints) -> Floats:
    """How each segment lies to the containers that look most like the article.

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
    for share in (1.0, 0.5, 0.25):
        valid = target >= 0
        np.add.at(score, target[valid], share * value[valid])
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


def _repetition_columns(
    segmentation: Segmentation, tree: _Tree, texts: _Texts, nodes: Ints
) -> Floats:
    """How often the same markup and the same text occur, and what the like of it holds."""
    parents = tree.parents
    kinds = tree.tags * len(tree.marks) + tree.node_marks
    above = np.where(parents >= 0, kinds[parents], 0)
    signatures = kinds * (int(kinds.max()) + 1) + above
    result = []
    for key in (signatures[nodes], kinds[np.maximum(parents[nodes], 0)]):
        _, group, size = np.unique(key, return_inverse=True, return_counts=True)
        chars = np.bincount(group, weights=texts.chars)
        linked = np.bincount(group, weights=texts.link_chars)
        prose = np.bincount(group, weights=texts.prose)
        result += [
            np.log1p(size)[group] / 5,
            np.log1p(chars / size)[group] / 6,
            (linked / chars)[group],
            (prose / chars)[group],
        ]
    seen: dict[str, int] = {}
    ids = np.array([seen.setdefault(segment.text, len(seen)) for segment in segmentation.segments])
    result.append(np.log1p(np.bincount(ids) - 1)[ids])
    before = np.concatenate([[False], signatures[nodes][1:] == signatures[nodes][:-1]])
    after = np.concatenate([before[1:], [False]])
    return np.stack([*result, before, after], axis=1).astype(np.float32)


def _title_columns(words: list[tuple[str, ...]], title: str | None) -> Floats:
    """How much of each segment is in the title and the reverse; and where the headline stands."""
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
    if best >= 0.25:
        order = np.arange(len(words)) - place
        result[:, 2] = order >= 0
        result[:, 3] = np.log1p(np.abs(order)) / 6
    return result


def _title_words(title: str) -> list[str]:
    words = title.lower().split()
    if not title.isascii() and len(words) <= len(title) / 8:
        words += [title[i : i + 2] for i in range(len(title) - 1)]
    return words


def _stated_columns(segmentation: Segmentation, stated_body: str | None) -> Floats:
    """Whether the page's structured data speaks of an article's text, and has the segment in it."""
    segments = segmentation.segments
    result = np.zeros((len(segments), 3), dtype=np.float32)
    body = _squeeze(stated_body or "")
    if len(body) < 100:
        return result
    result[:, 0] = 1
    found = [
        len(text) >= 12 and text[:60] in body
        for text in (_squeeze(segment.text[:200]) for segment in segments)
    ]
    result[:, 1] = found
    # A shortened body says nothing about what comes after its end.
    result[:, 2] = np.cumsum(found[::-1])[::-1] > 0
    return result


def _squeeze(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))


def _edge_words(text: str) -> tuple[str, ...]:
    """The words a reader's eye catches first and last; pairs of characters without spaces."""
    words = text[:_HEAD_CHARS].lower().split()
    if len(words) <= 2 and not text.isascii():
        words += [text[i : i + 2] for i in range(min(len(text) - 1, 10))]
    elif len(words) > _FIRST_WORDS:
        del words[_FIRST_WORDS:]
    if len(text) > _HEAD_CHARS:
        words += text[-_TAIL_CHARS:].lower().split()[-_LAST_WORDS:]
    return tuple(words)


def _tag_columns(segmentation: Segmentation, tree: _Tree, nodes: Ints) -> Ints:
    tags = np.append(tree.tags, 0)  # the last for a parent of -1
    parents = np.append(tree.parents, -1)
    above = parents[nodes]
    numbers = _TAG_NUMBERS
    inline = [
        0 if segment.inline is None else numbers.get(segment.inline.tag, 0)
        for segment in segmentation.segments
    ]
    return np.stack([tags[nodes], tags[above], tags[parents[above]], inline], axis=1)
