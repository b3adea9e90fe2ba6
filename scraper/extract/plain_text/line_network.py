"""Which lines are main content: a small convolutional net in numpy over the sequence of lines.

`pipelines.train.fit_lines` fits the weights; its network must do the same arithmetic.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import numpy as np

from scraper.extract.plain_text.line_features import Floats, line_features, line_words
from scraper.extract.plain_text.lines import Line

DILATIONS: Final = (1, 2, 4, 8)  # one a block: together they see 15 lines to either side


def line_probabilities(lines: Sequence[Line]) -> Floats:
    """(N,) how likely each line is main content."""
    if not lines:
        return np.zeros(0, np.float32)
    return run_network(_load_weights(), lines)


def run_network(weights: Mapping[str, Floats], lines: Sequence[Line]) -> Floats:
    """(N,) how likely each of N lines is main content, by the net with these weights.

    Args:
        weights: The layers by name, as `pipelines.train.fit_lines` writes them.
        lines: The page; at least one.
    """
    words = line_words(lines)
    embedded = weights["embedding"][words] * (words > 0)[:, :, None]
    embedded = embedded.sum(axis=1) / np.maximum((words > 0).sum(axis=1), 1)[:, None]
    inputs = (line_features(lines) - weights["mean"]) / weights["scale"]
    joined = np.concatenate([inputs, embedded], axis=1)
    state = np.maximum(joined @ weights["in.weight"].T + weights["in.bias"], 0)
    for block, dilation in enumerate(DILATIONS):
        state = state + np.maximum(
            _convolve(state, weights[f"conv{block}.weight"], dilation)
            + weights[f"conv{block}.bias"],
            0,
        )
        if block == 1:  # from here on each line is seen together with a summary of the page
            overall = np.concatenate([state.mean(axis=0), state.max(axis=0)])
            state = state + overall @ weights["page.weight"].T + weights["page.bias"]
    logits = state @ weights["out.weight"][0] + weights["out.bias"][0]
    probabilities: Floats = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return probabilities


def _convolve(state: Floats, kernel: Floats, dilation: int) -> Floats:
    """A kernel (out, in, 3) over rows `dilation` apart, with nothing beyond the ends."""
    result = state @ kernel[:, :, 1].T
    if len(state) > dilation:
        result[dilation:] += state[:-dilation] @ kernel[:, :, 0].T
        result[:-dilation] += state[dilation:] @ kernel[:, :, 2].T
    return result


@cache
def _load_weights() -> dict[str, Floats]:
    source = files("scraper.extract.plain_text").joinpath("weights.npz")
    with as_file(source) as path, np.load(path) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
