"""How good predictions on unseen pages are, and how much they should be trusted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

import numpy as np
import numpy.typing as npt

from pipelines.train.dataset import Example
from pipelines.train.labels import split_units
from scraper.extract.classify.confidence import measure_certainty
from scraper.extract.classify.main_content import choose_segments
from scraper.extract.classify.network import Scores

Floats = npt.NDArray[np.float32]
RIGHT_F1 = 0.9  # what the confidence is the probability of reaching


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well one page was read by a net that had not seen its site.

    Attributes:
        precision: Share of the kept words that the gold has; 0 where only passages are known.
        recall: Share of the gold's words that are kept; 0 where only passages are known.
        f1: Over the bag of words against the gold text; None where only passages are known.
        certainty: The measures that the confidence is computed from.
    """

    example: Example
    precision: float
    recall: float
    f1: float | None
    certainty: Floats


def judge(example: Example, scores: Scores) -> Verdict:
    """Compare what would be kept of a page with its gold."""
    kept = choose_segments(scores.segments, example.features.units)
    certainty = measure_certainty(scores, kept, example.features)
    if example.gold is None:
        return Verdict(example, 0.0, 0.0, None, certainty)
    chosen = "\n".join(t for t, k in zip(example.texts, kept, strict=True) if k)
    found, gold = Counter(split_units(chosen)), Counter(split_units(example.gold))
    both = (found & gold).total()
    precision, recall = both / max(1, found.total()), both / max(1, gold.total())
    return Verdict(
        example, precision, recall, 2 * both / max(1, found.total() + gold.total()), certainty
    )


def summarize(verdicts: Sequence[Verdict]) -> list[tuple[str, int, float, float, float]]:
    """For each corpus, page type and language: pages, mean precision, recall and F1."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.f1 is not None:
            groups.setdefault(verdict.example.corpus, []).append(verdict)
            if verdict.example.corpus == "wcxb":
                groups.setdefault(f"wcxb {verdict.example.kind}", []).append(verdict)
            if verdict.example.language is not None:
                name = f"{verdict.example.corpus} {verdict.example.language}"
                groups.setdefault(name, []).append(verdict)
    return [
        (
            name,
            len(group),
            mean(v.precision for v in group),
            mean(v.recall for v in group),
            mean(v.f1 or 0.0 for v in group),
        )
        for name, group in sorted(groups.items())
    ]


def fit_confidence(verdicts: Sequence[Verdict], *, penalty: float = 0.5) -> Floats:
    """Weights of a logistic regression from certainty to whether the page is right.

    Newton's method; a ridge keeps it well posed. Every page counts alike.
    """
    scored = [v for v in verdicts if v.f1 is not None]
    x = np.stack([v.certainty for v in scored]).astype(np.float64)
    y = np.array([(v.f1 or 0.0) >= RIGHT_F1 for v in scored], dtype=np.float64)
    weights = np.zeros(x.shape[1])
    ridge = penalty * np.eye(x.shape[1])
    ridge[0, 0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + ridge @ weights
        curvature = x.T @ (x * (p * (1 - p))[:, None]) + ridge + 1e-6 * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    return weights.astype(np.float32)


def rate_unseen(verdicts: Sequence[Verdict]) -> list[tuple[float, bool]]:
    """Confidence and truth of each page, the confidence fitted without the page's fold."""
    rated = []
    for fold in sorted({v.example.fold for v in verdicts}):
        weights = fit_confidence([v for v in verdicts if v.example.fold != fold])
        for verdict in verdicts:
            if verdict.example.fold == fold and verdict.f1 is not None:
                value = float(verdict.certainty @ weights)
                rated.append((1 / (1 + float(np.exp(-value))), verdict.f1 >= RIGHT_F1))
    return rated


def tabulate_reliability(
    rated: Sequence[tuple[float, bool]],
    edges: Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0),
) -> list[tuple[float, float, int, float, float]]:
    """For each range of confidence: its bounds, pages, mean confidence, share that is right."""
    rows = []
    for low, high in pairwise(edges):
        inside = [r for r in rated if low <= r[0] < high or (high == 1.0 and r[0] == 1.0)]
        if inside:
            rows.append(
                (low, high, len(inside), mean(r[0] for r in inside), mean(r[1] for r in inside))
            )
    return rows
