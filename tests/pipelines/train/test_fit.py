"""The net that learns and the net that ships are the same function."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the [train] extra is not installed")
pytest.importorskip("rapidfuzz", reason="the [train] extra is not installed")

from pipelines.train.dataset import Example, build_vocabulary, make_example
from pipelines.train.export_weights import add_arrays, save_model
from pipelines.train.fit import FitOptions, fit, predict, prepare
from pipelines.train.judge import fit_confidence, judge, rate_unseen, tabulate_reliability
from pipelines.train.labelled_pages import LabelledPage
from scraper.extract.classify.network import load_model, score_page

LINES = (
    "The river rose by two metres in one night, and the lower bridge was closed.",
    "Farmers moved their animals to the old airfield, which lies on higher ground.",
    "Nobody was hurt, the mayor said, but the damage would be felt for years.",
    "The council met in the evening and agreed to pay for new pumps.",
)


def example(number: int) -> Example:
    story = [f"{line} Reporter {number} saw it." for line in LINES[number % 3 :]]
    links = "".join(f"<li><a href=/{i}>Section {i}</a></li>" for i in range(6))
    html = (
        f"<title>Flood {number}</title><nav class=menu><ul>{links}</ul></nav><div class=story>"
        + "".join(f"<p>{line}</p>" for line in story)
        + "</div><footer class=foot>Imprint and contact</footer>"
    )
    page = LabelledPage(
        "invented",
        str(number),
        f"site{number}.example",
        None,
        html.encode(),
        "\n".join(story),
        (),
        (),
        "article",
    )
    made = make_example(page)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [example(number) for number in range(24)]


def test_a_net_learns_and_its_file_says_the_same(examples: list[Example], tmp_path: Path) -> None:
    vocabulary = build_vocabulary(examples)
    assert "menu" in vocabulary.marks
    prepared = prepare(examples, vocabulary)
    options = FitOptions(epochs=12, rows_per_batch=120, width=16, rate=1e-2)
    network = fit(prepared, options)
    save_model(network, vocabulary, tmp_path / "net.npz")
    verdicts = []
    model = load_model(tmp_path / "net.npz")
    for page in prepared:
        learned = 1 / (1 + np.exp(-predict(network, page)))
        scores = score_page(page.example.features, model)
        assert (
            np.abs(learned - scores.segments).max() < 0.02
        )  # weights are stored in half precision
        verdicts.append(judge(page.example, scores))
    assert np.mean([verdict.f1 or 0 for verdict in verdicts]) > 0.95
    add_arrays(tmp_path / "net.npz", confidence=fit_confidence(verdicts))
    assert "confidence" in load_model(tmp_path / "net.npz").arrays
    rows = tabulate_reliability(rate_unseen(verdicts))
    assert sum(row[2] for row in rows) == len(verdicts)


def test_the_same_seed_gives_the_same_net(examples: list[Example]) -> None:
    prepared = prepare(examples[:8], build_vocabulary(examples[:8]))
    options = FitOptions(epochs=1, rows_per_batch=60, width=8)
    first, second = fit(prepared, options), fit(prepared, options)
    assert np.array_equal(predict(first, prepared[0]), predict(second, prepared[0]))


def test_pages_of_one_site_share_a_fold() -> None:
    assert len({example(3).fold for _ in range(3)}) == 1
