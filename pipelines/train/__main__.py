"""Train the shipped model: `python -m pipelines.train PAGES` writes weights and their card.

Five nets are trained without one fifth of the sites each, and judged on it; one on all pages. What
they say of pages they have not seen gives the confidence, and with what pages state the page kinds.
"""

import argparse
import dataclasses
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch

from pipelines.train.card import write_card
from pipelines.train.dataset import CORPORA, Example, build_examples, build_vocabulary, is_copy
from pipelines.train.export_weights import add_arrays, save_model
from pipelines.train.fit import FitOptions, fit, prepare
from pipelines.train.fit_kinds import fit_kinds, measure_kinds, rate_kinds
from pipelines.train.judge import Verdict, fit_confidence, judge
from pipelines.train.labelled_pages import FOLDS, load_pages
from scraper.extract.classify.network import load_model, score_page


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path, help="folder of <corpus>/cases.jsonl and their pages")
    parser.add_argument("--output", type=Path, default=Path("scraper/extract/classify/model"))
    parser.add_argument("--folds", type=Path, default=Path("tests/benchmarks/fold_models"))
    parser.add_argument("--cache", type=Path, help="where to keep the features between runs")
    parser.add_argument("--reuse", action="store_true", help="keep the nets that are there")
    parser.add_argument("--epochs", type=int, default=FitOptions().epochs)
    parser.add_argument("--seed", type=int, default=FitOptions().seed)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    options = dataclasses.replace(FitOptions(), epochs=chosen.epochs, seed=chosen.seed)
    examples = build_examples(chosen.pages, chosen.cache, chosen.seed)
    paths = [chosen.folds / f"{fold}.npz" for fold in range(FOLDS)]
    shipped = chosen.output / "segments.npz"
    for fold, path in enumerate(paths):
        if not (chosen.reuse and path.exists()):
            train([example for example in examples if example.fold != fold], options, path)
    if not (chosen.reuse and shipped.exists()):
        train(examples, options, shipped)
    verdicts = [v for fold, path in enumerate(paths) for v in judge_fold(examples, fold, path)]
    add_arrays(shipped, confidence=fit_confidence(verdicts))
    for fold, path in enumerate(paths):
        others = [verdict for verdict in verdicts if verdict.example.fold != fold]
        add_arrays(path, confidence=fit_confidence(others))
    samples = measure_kinds(load_pages(chosen.pages, CORPORA), paths)
    add_arrays(shipped, kinds=fit_kinds(samples))
    for fold, path in enumerate(paths):
        add_arrays(path, kinds=fit_kinds([sample for sample in samples if sample.fold != fold]))
    trained_at = datetime.now(UTC).date()
    write_card(chosen.output / "CARD.md", verdicts, rate_kinds(samples), options, trained_at)


def judge_fold(examples: Sequence[Example], fold: int, path: Path) -> list[Verdict]:
    """Judge the net that was trained without one fold on the pages left out."""
    model = load_model(path)
    left_out = [e for e in examples if e.fold == fold and not is_copy(e)]
    return [judge(example, score_page(example.features, model)) for example in left_out]


def train(examples: Sequence[Example], options: FitOptions, path: Path) -> None:
    """Train one net on `examples` and write it to `path`."""
    started = time.monotonic()
    vocabulary = build_vocabulary(examples)
    network = fit(prepare(examples, vocabulary), options, log=True)
    save_model(network, vocabulary, path)
    print(f"{path}: {len(examples)} pages, {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201 - progress of a command


if __name__ == "__main__":
    main()
