"""Labelled pages as arrays, worked out once and kept beside the run."""

import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipelines.train.labelled_pages import LabelledPage, load_pages
from pipelines.train.labels import Labels, align_passages, align_text
from pipelines.train.splicing import splice
from pipelines.train.splicing.splice import make_spliced
from scraper.errors import ExtractionError
from scraper.extract.classify.features import Features, describe_segments, split_marks
from scraper.extract.classify.network import Kind
from scraper.extract.dom import parse_html
from scraper.extract.encoding import find_encoding
from scraper.extract.segment import segment_page
from scraper.extract.structured.stated_body import find_stated_body
from scraper.extract.structured.structured_data import parse_structured_data

CORPORA = (
    "wcxb",
    "trafeval",
    "fundus_parsers",
    "magic",
    "readability",
    "n4k",
    "daniel",
    "omnivore",
)
# Those whose articles are copied with foreign material set in: their gold texts are whole.
SPLICED = ("wcxb", "n4k", "fundus_parsers", "magic", "daniel")
_FOUND_AGAIN = 0.85  # of a copy's gold; of less, splicing went wrong
MAX_SEGMENTS = 4000  # longer pages are cut for training; the model itself takes any length

_KINDS: dict[str, Kind] = {
    "collection": "list",
    "listing": "list",
    "forum": "forum",
    "product": "product",
    "documentation": "document",
    "service": "document",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One page ready for training: what the net sees of it, and what it should answer.

    Attributes:
        corpus: The collection it is from; `name` is unique there.
        site: Registered domain; all pages of one are in one `fold`.
        kind: Type of the page, as the collection gives it: article, forum, product …
        language: As the collection gives it; None where it does not.
        texts: The segments' texts.
        gold: The whole main content; None where only passages are labelled.
    """

    corpus: str
    name: str
    site: str
    fold: int
    kind: str
    language: str | None
    features: Features
    labels: Labels
    texts: tuple[str, ...]
    gold: str | None


def build_examples(folder: Path, cache: Path | None, seed: int = 1) -> list[Example]:
    """All labelled pages under `folder` that have any text, from `cache` where it exists.

    With them come spliced copies, which `seed` chooses: see `is_copy`.
    """
    if cache is not None and cache.exists():
        with cache.open("rb") as file:
            examples: list[Example] = pickle.load(file)  # noqa: S301 - written by this function
        return examples
    with ProcessPoolExecutor(2) as pool:
        made = pool.map(make_example, load_pages(folder, CORPORA), chunksize=8)
        examples = [example for example in made if example is not None]
        articles = (page for page in load_pages(folder, SPLICED) if page.kind == "article")
        copies = pool.map(make_example, make_spliced(articles, seed), chunksize=8)
        examples += [copy for copy in copies if copy is not None and _is_sound(copy)]
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with cache.open("wb") as file:
            pickle.dump(examples, file, protocol=pickle.HIGHEST_PROTOCOL)
    return examples


def find_kind(kind: str) -> Kind:
    """Which of the net's kinds a collection's is: an article, where it is none of the others."""
    return _KINDS.get(kind, "article")


def is_copy(example: Example) -> bool:
    """Whether a page was made by splicing: for learning only, as its like is not met anywhere."""
    return example.corpus == splice.CORPUS


def _is_sound(copy: Example) -> bool:
    return bool(copy.labels.matched.sum() >= _FOUND_AGAIN * copy.labels.gold_units)


def make_example(page: LabelledPage) -> Example | None:
    """A page's features and labels; None when it has no text at all."""
    try:
        root = parse_html(page.html, encoding=find_encoding(page.html, None))
    except ExtractionError:
        return None
    structured = parse_structured_data(root)
    segmentation = segment_page(root)
    del segmentation.segments[MAX_SEGMENTS:]
    for node in segmentation.nodes:
        node.start = min(node.start, MAX_SEGMENTS)
        node.end = min(node.end, MAX_SEGMENTS)
    if not segmentation.segments:
        return None
    features = describe_segments(
        segmentation,
        title=root.findtext(".//title"),
        stated_body=find_stated_body(structured),
    )
    texts = [segment.text for segment in segmentation.segments]
    if page.text:
        labels = align_text(texts, page.text)
    elif page.wanted or page.unwanted:
        labels = align_passages(texts, page.wanted, page.unwanted)
    else:
        return None
    return Example(
        page.corpus,
        page.name,
        page.site,
        page.fold,
        page.kind,
        page.language,
        features,
        labels,
        tuple(texts),
        page.text,
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that get an embedding, numbered from 1; every other word has number 0."""

    marks: tuple[str, ...]
    words: tuple[str, ...]


def build_vocabulary(
    examples: Iterable[Example], *, min_mark_sites: int = 6, min_word_sites: int = 20
) -> Vocabulary:
    """The words seen on enough sites to mean something on a site never seen: 3,000 at most.

    Args:
        examples: The pages; those of sites that judge the net must not be among them.
        min_mark_sites: On how many sites a word of class names must occur.
        min_word_sites: The same for words of text: more, so that names are hardly among them.
    """
    mark_sites: dict[str, set[str]] = {}
    word_sites: dict[str, set[str]] = {}
    for example in examples:
        for marks in example.features.marks:
            for word in split_marks(marks):
                mark_sites.setdefault(word, set()).add(example.site)
        for words in example.features.words:
            for word in words:
                word_sites.setdefault(word, set()).add(example.site)
    return Vocabulary(
        _most_spread(mark_sites, min_mark_sites, 3000),
        _most_spread(word_sites, min_word_sites, 3000),
    )


def _most_spread(sites: dict[str, set[str]], at_least: int, limit: int) -> tuple[str, ...]:
    spread = Counter({word: len(found) for word, found in sites.items() if len(found) >= at_least})
    ranked = sorted(spread.items(), key=lambda item: (-item[1], item[0]))
    return tuple(word for word, _ in ranked[:limit])


@dataclass(frozen=True, slots=True)
class Bags:
    """Numbered words of N segments, those of one after those of the other.

    Attributes:
        ids: (W,) the words.
        near: (W,) weight of each in the sum over the innermost three ancestors.
        far: (W,) weight of each in the sum over all ancestors.
        sizes: (N,) how many words each segment has.
    """

    ids: npt.NDArray[np.int32]
    near: npt.NDArray[np.float32]
    far: npt.NDArray[np.float32]
    sizes: npt.NDArray[np.int64]


def bag_marks(features: Features, numbers: dict[str, int], decay: Sequence[float]) -> Bags:
    """The words of all ancestors' marks: `near` weighs the innermost three, `far` all."""
    own: list[tuple[list[int], float]] = []
    for marks in features.marks:
        words = split_marks(marks)
        known = [numbers[word] for word in words if word in numbers]
        own.append((known, len(known) ** -0.5 if known else 0.0))
    ids: list[int] = []
    near: list[float] = []
    far: list[float] = []
    sizes: list[int] = []
    parents, node_marks = features.parents.tolist(), features.node_marks.tolist()
    for start in features.nodes.tolist():
        node, step, size = start, 0, len(ids)
        while node >= 0 and step < 60:  # beyond, 0.85**60 is nothing
            known, weight = own[node_marks[node]]
            if known:
                ids += known
                near += [weight * decay[step] if step < len(decay) else 0.0] * len(known)
                far += [weight * 0.85**step] * len(known)
            node, step = parents[node], step + 1
        sizes.append(len(ids) - size)
    return Bags(
        np.array(ids, dtype=np.int32),
        np.array(near, dtype=np.float32),
        np.array(far, dtype=np.float32),
        np.array(sizes, dtype=np.int64),
    )


def bag_words(features: Features, numbers: dict[str, int]) -> Bags:
    """The first and last words of each segment, each with the same weight."""
    ids: list[int] = []
    weights: list[float] = []
    sizes: list[int] = []
    for words in features.words:
        known = [numbers[word] for word in words if word in numbers]
        ids += known
        if known:
            weights += [len(known) ** -0.5] * len(known)
        sizes.append(len(known))
    weight = np.array(weights, dtype=np.float32)
    return Bags(np.array(ids, dtype=np.int32), weight, weight, np.array(sizes, dtype=np.int64))
