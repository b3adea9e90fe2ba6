"""Which segments are kept, and what the confidence makes of it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.classify.confidence import rate_confidence
from scraper.extract.classify.features import describe_segments
from scraper.extract.classify.main_content import Hints, choose_segments, classify_segments
from scraper.extract.classify.network import Scores
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

PAGE = st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 200)), min_size=1, max_size=40)


def expected_f1(probabilities: np.ndarray, units: np.ndarray, kept: np.ndarray) -> float:
    right = float((probabilities * units)[kept].sum())
    return 2 * right / float(units[kept].sum() + (probabilities * units).sum() + 1e-9)


@given(PAGE)
def test_no_fixed_threshold_promises_a_higher_f1(page: list[tuple[float, int]]) -> None:
    probabilities = np.array([p for p, _ in page], dtype=np.float32)
    units = np.maximum(np.array([u for _, u in page], dtype=np.float32), 1)
    kept = choose_segments(probabilities, units)
    if not kept.any():
        return
    best = expected_f1(probabilities, units, kept)
    for threshold in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert best >= expected_f1(probabilities, units, probabilities > threshold) - 1e-5


@given(PAGE)
def test_what_is_kept_is_likelier_than_what_is_not(page: list[tuple[float, int]]) -> None:
    probabilities = np.array([p for p, _ in page], dtype=np.float32)
    kept = choose_segments(probabilities, np.array([u for _, u in page], dtype=np.float32))
    if kept.any() and not kept.all():
        assert probabilities[kept].min() >= probabilities[~kept].max()


def test_a_handful_of_words_is_no_article() -> None:
    sure = np.array([0.99, 0.99], dtype=np.float32)
    assert not choose_segments(sure, np.array([1, 2], dtype=np.float32)).any()
    assert choose_segments(sure, np.array([10, 20], dtype=np.float32)).all()


def test_a_page_without_text_has_no_content_and_no_confidence() -> None:
    result = classify_segments(segment_tree(parse_html("<div><img src=x></div>")))
    assert (list(result.kept), result.confidence) == ([], 0)


ARTICLE = np.array([1, 0, 0, 0, 0], dtype=np.float32)


def test_doubt_lowers_confidence() -> None:
    page = segment_tree(parse_html("".join(f"<p>{'some words of a story ' * 9}" for _ in "abcdef")))
    features = describe_segments(page, title=None)
    weights = np.array([-8, 10] + [0] * 10, dtype=np.float32)
    kept = np.ones(6, dtype=bool)
    ratings = [
        rate_confidence(Scores(np.full(6, p, dtype=np.float32), ARTICLE), kept, features, weights)
        for p in (0.5, 0.8, 0.99)
    ]
    assert ratings == sorted(ratings)
    assert ratings[0] < ratings[-1]
    assert (
        rate_confidence(Scores(np.zeros(6, dtype=np.float32), ARTICLE), ~kept, features, weights)
        == 0
    )


def test_the_title_and_the_stated_body_are_seen() -> None:
    body = "It has rained in the hills since Monday and the river is rising. " * 3
    page = segment_tree(parse_html(f"<h1>Rain in the hills</h1><p>{body}</p><p>Other</p>"))
    plain = describe_segments(page, title=None).numbers
    told = describe_segments(page, title="Rain in the hills", stated_body=body).numbers
    changed = (plain != told).any(axis=1)
    assert changed[0]
    assert changed[1]
    assert plain.shape == told.shape


def test_hints_may_force_every_segment() -> None:
    page = segment_tree(parse_html("<nav>Home</nav><p>Story</p>"))
    result = classify_segments(page, hints=Hints(forced=[True, False]))
    assert list(result.kept) == [True, False]
    assert list(result.reasons) == ["rule body", "rule remove"]
