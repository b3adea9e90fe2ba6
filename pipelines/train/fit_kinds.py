"""The judgement of what kind a page is: fitted on what nets say of pages they have not seen."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from pipelines.train.dataset import find_kind
from pipelines.train.labelled_pages import LabelledPage
from scraper.errors import ExtractionError
from scraper.extract.classify.features import Floats
from scraper.extract.classify.network import KINDS, Model, load_model
from scraper.extract.extractor import ExtractOptions, read_html
from scraper.extract.page_kind.kind_of_page import join_signs

_NO_ADDRESSES = frozenset({"daniel"})  # they are cut down to the host, which no real one is
_PENALTY = 0.3
_STEPS = 200


@dataclass(frozen=True, slots=True)
class KindSample:
    """A page with the measures its kind is judged by, and its kind as a number of `KINDS`."""

    fold: int
    measures: Floats
    kind: int


def measure_kinds(pages: Iterable[LabelledPage], nets: Sequence[Path]) -> list[KindSample]:
    """Every page as the net sees it that was trained without its site.

    Args:
        pages: Those whose kind is known.
        nets: The files of the nets, by fold.
    """
    with ProcessPoolExecutor(2) as pool:
        samples = pool.map(partial(_measure, tuple(nets)), pages, chunksize=8)
        return [sample for sample in samples if sample is not None]


def _measure(nets: tuple[Path, ...], page: LabelledPage) -> KindSample | None:
    url = None if page.corpus in _NO_ADDRESSES else page.url
    options = ExtractOptions(model=_load(nets[page.fold]))
    try:
        reading = read_html(page.html, url, None, options)
    except ExtractionError:
        return None
    measures = join_signs(reading.classification.kinds, reading.kind_signs)
    return KindSample(page.fold, measures, KINDS.index(find_kind(page.kind)))


@lru_cache(maxsize=8)
def _load(path: Path) -> Model:
    return load_model(path)


def fit_kinds(samples: Sequence[KindSample]) -> Floats:
    """(len(KINDS), M) weights of a multinomial logistic regression with a ridge."""
    x = torch.from_numpy(np.stack([sample.measures for sample in samples]))
    y = torch.tensor([sample.kind for sample in samples])
    weights = torch.zeros(len(KINDS), x.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        fault = functional.cross_entropy(x @ weights.T, y, reduction="sum")
        value = fault + _PENALTY * weights[:, 1:].square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    fitted: Floats = weights.detach().numpy().astype(np.float32)
    return fitted


def rate_kinds(samples: Sequence[KindSample]) -> list[tuple[int, Floats]]:
    """The kind of each page and what is said of it by weights fitted without its fold."""
    rated = []
    for fold in sorted({sample.fold for sample in samples}):
        weights = fit_kinds([sample for sample in samples if sample.fold != fold])
        for sample in samples:
            if sample.fold == fold:
                raised = np.exp(weights @ sample.measures)
                rated.append((sample.kind, (raised / raised.sum()).astype(np.float32)))
    return rated
