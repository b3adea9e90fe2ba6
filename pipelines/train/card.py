"""The card beside the weights: what the model was made from, and what it can do."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.train.fit import FitOptions
from pipelines.train.judge import RIGHT_F1, Verdict, rate_unseen, summarize, tabulate_reliability
from scraper.extract.classify.features import Floats
from scraper.extract.classify.network import KINDS


def write_card(
    path: Path,
    verdicts: Sequence[Verdict],
    kinds: Sequence[tuple[int, Floats]],
    options: FitOptions,
    trained_at: date,
) -> None:
    """Write the figures of judged pages as Markdown to `path`."""
    pages = Counter(verdict.example.corpus for verdict in verdicts)
    sites = len({verdict.example.site for verdict in verdicts})
    lines = [
        "# The segment classifier",
        "",
        f"Trained {trained_at.isoformat()} on {len(verdicts)} pages of {sites} sites: "
        + ", ".join(f"{name} {count}" for name, count in sorted(pages.items()))
        + ".",
        "",
        "All figures are out of fold: five nets were trained, each without a fifth of the sites,",
        "and judged on the sites it had not seen. The shipped net was then trained on all pages.",
        "",
        "Options: " + ", ".join(f"{k} {v}" for k, v in dataclasses.asdict(options).items()) + ".",
        "",
        "## Words of the kept segments against the gold text",
        "",
        "| corpus | pages | precision | recall | F1 |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {count} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"
            for name, count, precision, recall, f1 in summarize(verdicts)
        ),
        "",
        f"## Confidence: how often pages reach a word F1 of {RIGHT_F1}",
        "",
        "| confidence | pages | mean confidence | reached |",
        "|---|---:|---:|---:|",
        *(
            f"| {low:.2f} to {high:.2f} | {count} | {said:.3f} | {right:.3f} |"
            for low, high, count, said, right in tabulate_reliability(rate_unseen(verdicts))
        ),
        "",
        *_kind_lines(kinds),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _kind_lines(kinds: Sequence[tuple[int, Floats]]) -> list[str]:
    """What pages are taken for, and how often what is said with a probability is so."""
    table = np.zeros((len(KINDS), len(KINDS)), dtype=int)
    for kind, said in kinds:
        table[kind, int(said.argmax())] += 1
    is_other = np.array([kind > 0 for kind, _ in kinds])
    said_other = np.array([said.argmax() > 0 for _, said in kinds])
    rated = [(float(said.max()), int(said.argmax()) == kind) for kind, said in kinds]
    return [
        "## Kinds of pages: what is said of each",
        "",
        "| | " + " | ".join(KINDS) + " | right |",
        "|---|" + "---:|" * (len(KINDS) + 1),
        *(
            f"| {kind} | "
            + " | ".join(map(str, row))
            + f" | {row[number] / max(1, row.sum()):.3f} |"
            for number, (kind, row) in enumerate(zip(KINDS, table, strict=True))
        ),
        "",
        f"Article or not: {(is_other == said_other).mean():.3f} right.",
        "",
        "| probability | pages | mean probability | right |",
        "|---|---:|---:|---:|",
        *(
            f"| {low:.2f} to {high:.2f} | {count} | {said:.3f} | {right:.3f} |"
            for low, high, count, said, right in tabulate_reliability(rated)
        ),
    ]
