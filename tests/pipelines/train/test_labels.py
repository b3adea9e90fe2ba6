"""Gold text aligned with a page's segments."""

import pytest

pytest.importorskip("rapidfuzz", reason="the [train] extra is not installed")

from pipelines.train.labels import align_passages, align_text, split_units

STORY = [
    "The river rose by two metres in one night.",
    "The lower bridge was closed before dawn.",
    "Nobody was hurt, the mayor said.",
]


def shares(segments: list[str], gold: str) -> list[float]:
    labels = align_text(segments, gold)
    return [round(float(m / u), 2) for m, u in zip(labels.matched, labels.units, strict=True)]


def test_what_the_gold_holds_is_wanted_and_nothing_else() -> None:
    segments = ["Home", "Sport and weather", *STORY, "All rights reserved"]
    assert shares(segments, "\n".join(STORY)) == [0, 0, 1, 1, 1, 0]


def test_single_words_that_happen_to_occur_do_not_count() -> None:
    menu = "The night sport mayor one lower weather two river closed"
    assert shares([menu, *STORY], "\n".join(STORY))[0] < 0.5


def test_text_that_the_gold_has_elsewhere_is_found() -> None:
    assert min(shares([STORY[2], STORY[0], STORY[1]], "\n".join(STORY))) > 0.8


def test_han_characters_are_units_of_their_own() -> None:
    assert split_units("河水 rose 两米") == ["河", "水", "rose", "两", "米"]


def test_passages_label_only_what_they_touch() -> None:
    labels = align_passages(["a b c d", "x y z", "other"], ["b c"], ["y z"])
    assert labels.matched.tolist() == [4, 0, -1]
    assert labels.gold_units == 0
