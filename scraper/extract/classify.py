"""Which segments are main content, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.extract.segment import Segmentation


@dataclass(frozen=True, slots=True)
class Classification:
    """What was decided about each segment of a page, in the segments' order.

    Attributes:
        kept: Whether the segment is main content.
        probabilities: How likely it is main content, 0 to 1.
        confidence: 0 to 1, how likely the main content as a whole is right.
    """

    kept: Sequence[bool]
    probabilities: Sequence[float]
    confidence: float


def classify_segments(segmentation: Segmentation, *, title: str | None = None) -> Classification:
    """Label every segment of a page."""
    nodes = segmentation.nodes
    score: dict[int, float] = {}
    for segment in segmentation.segments:
        if not segment.text or nodes[segment.node].hidden:
            continue
        length = len(segment.text) - 2 * segment.link_chars
        if length < 40:
            continue
        value = float(length)
        for node in segmentation.ancestors(segment.node)[1:4]:
            score[node] = score.get(node, 0.0) + value
            value *= 0.6
    best = max(score, key=lambda node: score[node], default=-1)
    probabilities = []
    for segment in segmentation.segments:
        inside = best in segmentation.ancestors(segment.node)
        plain = segment.link_chars < 0.5 * len(segment.text) and segment.text != title
        probabilities.append(0.9 if inside and plain else 0.1)
    return Classification([p > 0.5 for p in probabilities], probabilities, 0.5)
