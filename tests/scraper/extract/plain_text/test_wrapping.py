"""Text wrapped at a fixed width reads as it was before."""

import textwrap
import time

import pytest

from scraper.extract.plain_text.wrapping import unwrap_lines

_PARAGRAPHS = [
    "The council met on Tuesday and talked for four hours about the wall in the harbour, which has "
    "been sinking since the winter of the great storm.",
    "A heading",
    "Nobody had counted the boats, and nobody knew who would have to pay for the stones; the mayor "
    "promised to ask the state, as she has done every year, and to come back in the autumn.",
    "• an item that is rather long, so that it has to go on in the next line of the text as well",
    "• a short item",
]


@pytest.mark.parametrize("width", [64, 72, 80])
@pytest.mark.parametrize("indent", ["", "    "])
def test_wrapped_paragraphs_are_joined(width: int, indent: str) -> None:
    wrapped: list[str] = []
    for paragraph in _PARAGRAPHS * 4:
        lines = textwrap.wrap(
            paragraph,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        wrapped += [*lines, ""]
    assert [line.strip() for line in unwrap_lines(wrapped) if line] == _PARAGRAPHS * 4


def test_short_lines_that_people_broke_stay() -> None:
    poem = ["The rain is on the river,", "the river on the sea,", "and nobody remembers"] * 5
    assert unwrap_lines(poem) == poem
    menu = ["Home", "World", "A very long entry of a menu that nobody ever reads", "Contact"] * 5
    assert unwrap_lines(menu) == menu


def test_long_lines_are_not_wrapped_text() -> None:
    lines = ["word " * 15, "word " * 40]
    assert unwrap_lines(lines * 8) == lines * 8


def test_lines_that_all_go_on_take_no_longer_than_their_number() -> None:
    line = "The ferry was late again, and nobody on the quay knew when it would come, nor why. "
    start = time.process_time()
    joined = unwrap_lines([line] * 100_000)  # 45 seconds, joined one to all before it
    assert time.process_time() - start < 4
    assert joined == [" ".join([line.strip()] * 100_000)]
