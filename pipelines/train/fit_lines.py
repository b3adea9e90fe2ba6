"""Fit the net that reads flattened pages: python -m pipelines.train.fit_lines FOLDER.

FOLDER holds labelled pages (`labelled_pages.load_pages`). Each is flattened by inscriptis and shown
in three forms: as it comes, as a browser saves it, and as archives of text hold it. Five nets, each
fitted without the sites of one fold, give the figures of the card; one fitted on all is shipped.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import torch
from inscriptis import get_text
from torch import nn

from pipelines.train.labelled_pages import FOLDS, load_pages
from pipelines.train.labels import align_text, split_units
from scraper.extract.plain_text.line_features import (
    FEATURE_COUNT,
    WORD_BUCKETS,
    Floats,
    Ints,
    line_features,
    line_words,
)
from scraper.extract.plain_text.line_network import DILATIONS
from scraper.extract.plain_text.lines import Line, parse_lines

_CORPORA: Final = ("wcxb", "fundus_parsers", "magic", "readability")
_WIDTH: Final = 32  # channels; they make a net of 41,000 weights, for 1,690 pages to fit
_EMBEDDING: Final = 12
_EPOCHS: Final = 10
_BATCH_PAGES: Final = 16
_MAX_LINES: Final = 1000  # longer pages are cut for training; hardly any gold lies beyond
_OUTPUT: Final = Path(__file__).parents[2] / "scraper/extract/plain_text/weights.npz"


@dataclass(frozen=True, slots=True)
class Sample:
    """A page in one of its forms, with a target and a weight for each line."""

    fold: int
    group: str
    form: int
    gold: str
    texts: tuple[str, ...]
    features: Floats
    words: Ints
    targets: Floats
    weights: Floats


def read_samples(folder: Path) -> list[Sample]:
    """All labelled pages in all forms."""
    samples: list[Sample] = []
    for page in load_pages(folder, _CORPORA):
        if not page.text:
            continue
        flat = get_text(page.html.decode("utf-8", "replace"))
        lines = parse_lines(flat.splitlines())[:_MAX_LINES]
        if not lines:
            continue
        texts = tuple(line.text for line in lines)
        labels = align_text(texts, page.text)
        targets = (labels.matched / np.maximum(labels.units, 1)).astype(np.float32)
        # A line of a hundred words counts for five of one word: short ones are hard to tell.
        weights = np.log2(1.5 + labels.units).astype(np.float32)
        words = line_words(lines)
        group = f"{page.corpus}.{page.kind}"
        samples.extend(
            Sample(page.fold, group, form, page.text, texts, features, words, targets, weights)
            for form, features in enumerate(map(line_features, _forms(lines)))
        )
    return samples


def _forms(lines: Sequence[Line]) -> tuple[Sequence[Line], ...]:
    """Lines as they come, as browsers save them, and as WET files hold them."""
    saved = [replace(line, indent=4, bullet="•" if line.bullet else "") for line in lines]
    archived = [
        replace(line, indent=0, bullet="", blank_before=0, cells=(line.text,)) for line in lines
    ]
    return lines, saved, archived


class Network(nn.Module):
    """The arithmetic of `scraper.extract.plain_text.line_network`, over padded batches."""

    def __init__(self, mean: Floats, scale: Floats) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.tensor(mean), requires_grad=False)
        self.scale = nn.Parameter(torch.tensor(scale), requires_grad=False)
        self.embedding = nn.Embedding(WORD_BUCKETS, _EMBEDDING, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.enter = nn.Linear(FEATURE_COUNT + _EMBEDDING, _WIDTH)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(_WIDTH, _WIDTH, 3, padding=d, dilation=d) for d in DILATIONS
        )
        self.page = nn.Linear(2 * _WIDTH, _WIDTH)
        self.leave = nn.Linear(_WIDTH, 1)
        self.dropout = nn.Dropout(0.15)

    def forward(
        self, features: torch.Tensor, words: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """Logits (B, N) of features (B, N, F), words (B, N, W) and a mask (B, N) of real lines."""
        present = (words > 0).float().unsqueeze(-1)
        embedded = (self.embedding(words) * present).sum(2) / present.sum(2).clamp(min=1)
        inputs = torch.cat([(features - self.mean) / self.scale, self.dropout(embedded)], -1)
        here = mask.unsqueeze(-1)
        state = torch.relu(self.enter(inputs)) * here
        for block, convolution in enumerate(self.convolutions):
            added = torch.relu(convolution(state.transpose(1, 2)).transpose(1, 2))
            state = (state + self.dropout(added)) * here
            if block == 1:
                mean = state.sum(1) / here.sum(1).clamp(min=1)
                highest = state.masked_fill(here == 0, -1e9).amax(1)
                state = (state + self.page(torch.cat([mean, highest], -1)).unsqueeze(1)) * here
        logits: torch.Tensor = self.leave(state).squeeze(-1)
        return logits


def _batch(samples: Sequence[Sample]) -> tuple[torch.Tensor, ...]:
    size = max(len(sample.texts) for sample in samples)

    def padded(rows: list[Floats] | list[Ints]) -> torch.Tensor:
        shape = [(0, 0)] * (rows[0].ndim - 1)
        return torch.tensor(np.stack([np.pad(r, [(0, size - len(r)), *shape]) for r in rows]))

    mask = padded([np.ones(len(sample.texts), np.float32) for sample in samples])
    return (
        padded([sample.features for sample in samples]),
        padded([sample.words for sample in samples]),
        mask,
        padded([sample.targets for sample in samples]),
        padded([sample.weights for sample in samples]) * mask,
    )


def fit(samples: list[Sample], *, seed: int) -> Network:
    """A net fitted on `samples`."""
    torch.manual_seed(seed)
    shuffle = random.Random(seed)  # noqa: S311 - an order of training, not a secret
    stacked = np.concatenate([sample.features for sample in samples])
    network = Network(stacked.mean(0), stacked.std(0) + 1e-3)
    batches_per_epoch = len(samples) // 2 // _BATCH_PAGES + 1
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=4e-3, total_steps=_EPOCHS * batches_per_epoch + 1
    )
    for _ in range(_EPOCHS):
        seen = shuffle.sample(samples, len(samples) // 2)  # each page in one or two of its forms
        order = sorted(seen, key=lambda s: len(s.texts) * shuffle.uniform(0.8, 1.25))
        batches = [order[i : i + _BATCH_PAGES] for i in range(0, len(order), _BATCH_PAGES)]
        shuffle.shuffle(batches)
        for batch in batches:
            features, words, mask, targets, weights = _batch(batch)
            logits = network(features, words, mask)
            losses = nn.functional.binary_cross_entropy_with_logits(
                logits, targets, reduction="none"
            )
            # Each page counts alike, as it does in the figures.
            loss = ((losses * weights).sum(1) / weights.sum(1).clamp(min=1)).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    network.eval()
    return network


def predict(network: Network, sample: Sample) -> Floats:
    """How likely each line of a sample is main content."""
    with torch.no_grad():
        features, words, mask, _, _ = _batch([sample])
        return np.asarray(torch.sigmoid(network(features, words, mask))[0].numpy())


def word_f1(sample: Sample, probabilities: Floats, threshold: float) -> float:
    """F1 of the bags of words of the kept lines and of the gold text."""
    kept = (t for t, p in zip(sample.texts, probabilities, strict=True) if p > threshold)
    found, gold = Counter(split_units("\n".join(kept))), Counter(split_units(sample.gold))
    return 2 * (found & gold).total() / max(1, found.total() + gold.total())


def weights_of(network: Network) -> dict[str, Floats]:
    """The net's arrays under the names that inference reads, in half precision."""
    short = {"enter": "in", "leave": "out", "embedding.weight": "embedding"}
    arrays: dict[str, Floats] = {}
    for full_name, array in network.state_dict().items():
        name = full_name.replace("convolutions.", "conv")
        for old, new in short.items():
            name = name.replace(old, new)
        arrays[name] = array.numpy().astype(np.float16)
    return arrays


def main() -> None:
    """Fit, measure out of fold, write the weights and their card."""
    samples = read_samples(Path(sys.argv[1]))
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for fold in range(FOLDS):
        network = fit([s for s in samples if s.fold != fold], seed=fold)
        for sample in samples:
            if sample.fold == fold:
                found = predict(network, sample)
                row = tuple(word_f1(sample, found, t) for t in (0.4, 0.5, 0.6))
                scores.setdefault(f"{sample.group}.form{sample.form}", []).append(row)  # type: ignore[arg-type]  # three thresholds
    table = {n: [round(float(x), 4) for x in np.mean(r, axis=0)] for n, r in scores.items()}
    np.savez_compressed(_OUTPUT, **weights_of(fit(samples, seed=FOLDS)))  # type: ignore[arg-type]  # arrays by name
    card = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "pages": len(samples) // 3,
        "word_f1_out_of_fold": table,
        "columns": "thresholds 0.4, 0.5, 0.6; forms: inscriptis, browser, archive",
    }
    _OUTPUT.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))  # noqa: T201 - the figures are what this is run for


if __name__ == "__main__":
    main()
