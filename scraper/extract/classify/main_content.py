"""Which segments are main content, why, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from scraper.errors import ExtractionError
from scraper.extract.classify.boilerplate_labels import recognize_label
from scraper.extract.classify.confidence import rate_confidence
from scraper.extract.classify.features import Floats, describe_segments
from scraper.extract.classify.network import KINDS, Model, load_model, score_page
from scraper.extract.segment import Segmentation
from scraper.sites.learned import KnownBlocks, fingerprint_text

Reason = Literal[
    "model",
    "rule body",
    "rule remove",
    "known boilerplate",
    "advertising label",
    "teaser label",
    "byline",
    "copy",
    "comment",
    "second opinion",
    "between",
    "box",
]

_CELL_TAGS: Final = frozenset({"td", "th"})  # "Share" above a column of numbers is no button
_OPINIONS: Final = frozenset({"model", "second opinion"})
_LEAST: Final = 0.1  # nothing below is kept, however little a page has
_FEWEST_UNITS: Final = 10  # words; what is shorter is the name of a page that scripts draw
_LEAST_LETTERS: Final = 8  # what has fewer, as "2." or "12 %", repeats and is no boilerplate
_MAX_SEGMENTS: Final = 200_000  # far beyond any page that people read; bounds time and memory


@dataclass(frozen=True, slots=True)
class Classification:
    """What was decided about each segment of a page, in the segments' order.

    Attributes:
        kept: Whether the segment is main content.
        probabilities: How likely it is main content, 0 to 1, as the model sees it.
        reasons: What decided.
        confidence: 0 to 1, how likely the main content as a whole is right.
        kinds: How likely the page is of each of `KINDS`, by its make alone.
    """

    kept: Sequence[bool]
    probabilities: Floats
    reasons: Sequence[Reason]
    confidence: float
    kinds: Floats

    @property
    def barred(self) -> frozenset[int]:
        """Segments dropped for a reason of their own: what is kept beside them changes nothing."""
        pairs = zip(self.kept, self.reasons, strict=True)
        return frozenset(i for i, (k, r) in enumerate(pairs) if not k and r not in _OPINIONS)

    def without(self, indexes: Sequence[int], reason: Reason) -> "Classification":
        """The classification with these segments dropped as well, for this reason."""
        return self._decided(indexes, reason, keep=False)

    def with_text(self, indexes: Sequence[int], reason: Reason) -> "Classification":
        """The classification with these segments kept as well, for this reason."""
        return self._decided(indexes, reason, keep=True)

    def _decided(self, indexes: Sequence[int], reason: Reason, *, keep: bool) -> "Classification":
        if not indexes:
            return self
        kept, reasons = list(self.kept), list(self.reasons)
        for index in indexes:
            kept[index], reasons[index] = keep, reason
        return replace(self, kept=kept, reasons=reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a page besides its tree.

    Attributes:
        title: The page's title: segments are compared with it.
        stated_body: The article's text as structured data gives it.
        known: What the site repeats on its pages; None while nothing was learned of it.
        forced: For each segment True or False where a site rule decides, None where it does not;
            None for a page without rules.
        model: The net; None for the one that ships with the library.
    """

    title: str | None = None
    stated_body: str | None = None
    known: KnownBlocks | None = None
    forced: Sequence[bool | None] | None = None
    model: Model | None = None


_NO_HINTS: Final = Hints()


def classify_segments(segmentation: Segmentation, *, hints: Hints = _NO_HINTS) -> Classification:
    """Decide about every segment of a page; nothing is kept of a page without text.

    Raises:
        ExtractionError: The page has more pieces of text than anything people read.
    """
    count = len(segmentation.segments)
    if count > _MAX_SEGMENTS:
        raise ExtractionError(
            f"the page has {count:,} pieces of text; more than {_MAX_SEGMENTS:,} are not read"
        )
    if not count:
        unknown = np.full(len(KINDS), 1 / len(KINDS), np.float32)
        return Classification([], np.zeros(0, np.float32), [], 0.0, unknown)
    features = describe_segments(segmentation, title=hints.title, stated_body=hints.stated_body)
    model = hints.model or load_model()
    scores = score_page(features, model)
    probabilities = scores.segments
    kept = choose_segments(probabilities, features.units)
    confidence = rate_confidence(scores, kept, features, model.arrays["confidence"])
    reasons: list[Reason] = ["model"] * count
    decided: list[bool] = kept.tolist()
    _drop_labels(segmentation, decided, reasons)
    if hints.known is not None:
        _drop_known(segmentation, hints.known, probabilities, decided, reasons)
    if hints.forced is not None:  # last: what a person says of the site outweighs all before
        _obey_rules(hints.forced, decided, reasons)
    return Classification(decided, probabilities, reasons, confidence, scores.kinds)


def choose_segments(probabilities: Floats, units: Floats) -> npt.NDArray[np.bool_]:
    """Which segments to keep for the highest word F1 that can be expected of the page.

    With segments in the order of their probability, the expected F1 of keeping the first k is twice
    the words expected to be right over the words kept and the words expected to be wanted (Ye et
    al., "Optimizing F-Measures: A Tale of Two Approaches", 2012). On a page where much is doubtful
    that keeps more than a fixed threshold would.
    """
    order = np.argsort(-probabilities, kind="stable")
    size = np.maximum(units[order], 1)
    wanted = np.cumsum(size * probabilities[order], dtype=np.float64)
    f1 = 2 * wanted / (np.cumsum(size, dtype=np.float64) + wanted[-1])
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order[: int(np.argmax(f1)) + 1]] = True
    kept &= probabilities > _LEAST
    if units[kept].sum() < _FEWEST_UNITS:
        kept[:] = False
    return kept


def _drop_labels(segmentation: Segmentation, kept: list[bool], reasons: list[Reason]) -> None:
    for index, segment in enumerate(segmentation.segments):
        label = recognize_label(segment.text)
        if label and segmentation.nodes[segment.node].tag not in _CELL_TAGS:
            kept[index] = False
            reasons[index] = label


def _drop_known(
    segmentation: Segmentation,
    known: KnownBlocks,
    probabilities: Floats,
    kept: list[bool],
    reasons: list[Reason],
) -> None:
    for index, segment in enumerate(segmentation.segments):
        # The numbers of lists and the cells of tables are the same everywhere and still content.
        if kept[index] and _says_something(segment.text):
            tag = segmentation.nodes[segment.node].tag
            if probabilities[index] <= known.limit(fingerprint_text(tag, segment.text)):
                kept[index] = False
                reasons[index] = "known boilerplate"


def _says_something(text: str) -> bool:
    # Nearly every text does in its first words.
    return any(sum(map(str.isalpha, part)) >= _LEAST_LETTERS for part in (text[:32], text))


def _obey_rules(forced: Sequence[bool | None], kept: list[bool], reasons: list[Reason]) -> None:
    for index, wanted in enumerate(forced):
        if wanted is not None:
            kept[index] = wanted
            reasons[index] = "rule body" if wanted else "rule remove"
