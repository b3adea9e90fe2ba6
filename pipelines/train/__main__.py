"""Train the shipped model: `python -m pipelines.train PAGES` writes weights and their card.

Five nets are trained without one fifth of the sites each, and judged on it; then one on all pages.
"""

import argparse
import dataclasses
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch

from pipelines.train.card import write_card
from pipelines.train.dataset import Example, build_examples, build_vocabulary
from pipelines.train.export_weights import save_model, set_confidence
from pipelines.train.fit import FitOptions, fit, prepare
from pipelines.train.judge import Verdict, fit_confidence, judge
from pipelines.train.labelled_pages import FOLDS
from scraper.extract.classify.network import load_model, score_segments


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path, help="folder of <corpus>/cases.jsonl and their pages")
    parser.add_argument("--output", type=Path, default=Path("scraper/extract/classify/model"))
    parser.add_argument("--folds", type=Path, default=Path("tests/benchmarks/fold_models"))
    parser.add_argument("--cache", type=Path, help="where to keep the features between runs")
    parser.add_argument("--epochs", type=int, default=FitOptions().epochs)
    parser.add_argument("--seed", type=int, default=FitOptions().seed)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    options = dataclasses.replace(FitOptions(), epochs=chosen.epochs, seed=chosen.seed)
    examples = build_examples(chosen.pages, chosen.cache)
    verdicts = [
        verdict
        for fold in range(FOLDS)
        for verdict in judge_fold(examples, fold, options, chosen.folds)
    ]
    shipped = chosen.output / "segments.npz"
    train(examples, options, shipped)
    set_confidence(shipped, fit_confidence(verdicts))
    for fold in range(FOLDS):
        others = [verdict for verdict in verdicts if verdict.example.fold != fold]
        set_confidence(fold_path(chosen.folds, fold), fit_confidence(others))
    write_card(chosen.output / "CARD.md", verdicts, options, datetime.now(UTC).date())


def fold_path(folder: Path, fold: int) -> Path:
    """The file of the net that has not seen the sites of `fold`."""
    return folder / f"{fold}.npz"


def judge_fold(
    examples: Sequence[Example], fold: int, options: FitOptions, folder: Path
) -> list[Verdict]:
    """Train without one fold, keep the net in `folder`, and judge it on the pages left out."""
    path = fold_path(folder, fold)
    train([example for example in examples if example.fold != fold], options, path)
    model = load_model(path)
    left_out = [example for example in examples if example.fold == fold]
    return [judge(example, score_segments(example.features, model)) for example in left_out]


def train(examples: Sequence[Example], options: FitOptions, path: Path) -> None:
    """Train one net on `examples` and write it to `path`."""
    started = time.monotonic()
    vocabulary = build_vocabulary(examples)
    network = fit(prepare(examples, vocabulary), options, log=True)
    save_model(network, vocabulary, path)
    print(f"{path}: {len(examples)} pages, {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201 - progress of a command


if __name__ == "__main__":
    main()
