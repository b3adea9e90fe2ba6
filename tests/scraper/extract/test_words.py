"""Words are counted alike in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.words import count_words, spaced_out
from tests.scraper.extract.any_script.made_pages import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_about_as_many_words(code: str) -> None:
    english, other = (sum(map(count_words, LANGUAGES[name]["sentences"])) for name in ("en", code))
    assert 0.6 * english < other < 1.2 * english


@given(st.text())
def test_spacing_out_adds_spaces_alone(text: str) -> None:
    assert spaced_out(text).replace(" ", "") == text.replace(" ", "")


_LETTERS = st.text(st.sampled_from("ab ฝนตก雨丘かカд"))


@given(_LETTERS, _LETTERS)
def test_two_texts_have_the_words_of_both(one: str, other: str) -> None:
    assert count_words(f"{one} {other}") == count_words(one) + count_words(other)
