"""How likely the main content of a page is right, as a probability.

"Right" is a word F1 of at least 0.9 against what a person would mark. The measures below go through
a logistic regression whose weights were fitted on pages the model had not seen; the card beside the
weights has the reliability table.
"""

import numpy as np
import numpy.typing as npt

from scraper.extract.classify.features import Features, Floats
from scraper.extract.classify.network import Scores


def measure_certainty(scores: Scores, kept: npt.NDArray[np.bool_], features: Features) -> Floats:
    """(12,) what the confidence is computed from: how sure, how much and how whole the content is.

    Args:
        scores: What the net says of the page's N segments.
        kept: (N,) which of them are kept.
        features: The page, for the words of each segment.
    """
    probabilities, units = scores.segments, features.units
    weight = probabilities * units
    size = float(units[kept].sum())
    sure = float(weight[kept].sum())
    expected = float(weight.sum())
    f1 = 2 * sure / max(1.0, size + expected)
    doubtful = float((units * probabilities * (1 - probabilities)).sum()) / max(1.0, expected)
    places = np.flatnonzero(kept)
    spread = len(places) / (places[-1] - places[0] + 1) if len(places) else 0.0
    prose = float(units[kept & (units >= 20)].sum()) / max(1.0, size)
    return np.array(
        [
            1.0,
            f1,
            f1**4,  # tells 0.95 from 0.85 better than 0.6 from 0.5: 0.9 is what is asked about
            sure / max(1.0, size),
            doubtful,
            np.log1p(size) / 8,
            min(1.0, size / 100),
            size / max(1.0, float(units.sum())),
            spread,
            prose,
            np.log1p(len(places)) / 6,
            scores.other,  # on pages that are no articles people agree less
        ],
        dtype=np.float32,
    )


def rate_confidence(
    scores: Scores, kept: npt.NDArray[np.bool_], features: Features, weights: Floats
) -> float:
    """How likely what is kept of a page is right, 0 to 1; 0 when nothing is kept."""
    if not kept.any():
        return 0.0
    value = float(measure_certainty(scores, kept, features) @ weights)
    return round(float(1 / (1 + np.exp(-np.clip(value, -20, 20)))), 4)
