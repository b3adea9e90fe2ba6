"""Cutting and joining texts: a link stays on its words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blocks import CellLink, Link, Table
from scraper.linked_text import LinkedText, fit_links, join_texts, make_table, split_table

_URL = "https://a.example/"
_Marks = list[tuple[str, str | None]]


@st.composite
def _texts(draw: st.DrawFn) -> LinkedText:
    text = ""
    links = []
    for number in range(draw(st.integers(0, 5))):
        words = draw(st.text("ab \n\x1b\u2028\r🌧", max_size=6))
        if draw(st.booleans()) and words.strip():
            links.append(Link(words, f"{_URL}{number}", None, len(text)))
        text += words
    return LinkedText(text, tuple(links))


def _marks(whole: LinkedText) -> _Marks:
    """Each sign with where it leads; fails where a link does not stand where it says."""
    marks: _Marks = [(sign, None) for sign in whole.text]
    position = 0
    for link in whole.links:
        end = link.offset + len(link.text)
        assert position <= link.offset
        assert whole.text[link.offset : end] == link.text != ""
        marks[link.offset : end] = [(sign, link.url) for sign in link.text]
        position = end
    return marks


def _seen(marks: _Marks) -> _Marks:
    """Without white space, which may fall out of a link whose end it is at."""
    return [mark for mark in marks if not mark[0].isspace()]


@given(_texts(), st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_cut_keeps_what_is_inside(whole: LinkedText, start: int, end: int) -> None:
    part = whole.cut(start, end)
    assert part.text == whole.text[start:end]
    assert _seen(_marks(part)) == _seen(_marks(whole)[start:end])
    assert all(link.text == link.text.strip() for link in part.links)


@given(_texts())
def test_lines_are_those_of_the_text(whole: LinkedText) -> None:
    lines = list(whole.lines())
    assert [line.text for line in lines] == whole.text.splitlines()
    assert _seen([mark for line in lines for mark in _marks(line)]) == _seen(_marks(whole))


@given(_texts())
def test_runs_are_the_whole_text(whole: LinkedText) -> None:
    runs = list(whole.runs())
    assert all(text for text, _ in runs)
    marks = [(sign, link.url if link else None) for text, link in runs for sign in text]
    assert marks == _marks(whole)


@given(_texts(), st.sampled_from(["a", "ab+", r"\x1b.?", r"[ \n]", "a b|b"]))
@settings(max_examples=150, deadline=None)
def test_what_is_taken_out_leaves_links_on_their_words(whole: LinkedText, unwanted: str) -> None:
    pattern = re.compile(unwanted, re.DOTALL)
    gone = {i for match in pattern.finditer(whole.text) for i in range(*match.span())}
    kept = [mark for place, mark in enumerate(_marks(whole)) if place not in gone]
    assert _marks(whole.without(pattern)) == kept


@given(st.lists(_texts(), max_size=4), st.sampled_from(["", " ", "\n", "\t"]))
def test_joined_texts_keep_their_links(texts: list[LinkedText], separator: str) -> None:
    whole = join_texts(separator, texts)
    expected: _Marks = []
    for place, part in enumerate(texts):
        expected += [(sign, None) for sign in separator] if place else []
        expected += _marks(part)
    assert _marks(whole) == expected


_ODD = st.builds(
    Link,
    st.text("ab ", max_size=3),
    st.sampled_from([_URL, "http://b.example/", "javascript:x", "ftp://a.example/", "/a", ""]),
    st.none(),
    st.integers(-3, 12),
)


@given(st.text("ab ", max_size=10), st.lists(_ODD, max_size=6))
@settings(max_examples=150, deadline=None)
def test_links_of_a_foreign_record_are_kept_where_they_fit(text: str, links: list[Link]) -> None:
    whole = fit_links(text, links)
    _marks(whole)
    assert whole.text == text
    assert set(whole.links) <= set(links)
    assert all(link.url.startswith(("https://", "http://")) for link in whole.links)
    for link in set(links) - set(whole.links):  # each that was left out has a reason
        end = link.offset + len(link.text)
        overlaps = any(
            link.offset < kept.offset + len(kept.text) and kept.offset < end for kept in whole.links
        )
        stands = link.offset >= 0 and text[link.offset : end] == link.text != ""
        assert overlaps or not stands or not link.url.startswith("http")


@given(st.lists(st.lists(_texts(), max_size=3), max_size=3), st.none() | _texts())
def test_table_comes_apart_as_it_was_made(
    rows: list[list[LinkedText]], caption: LinkedText | None
) -> None:
    above, cells = split_table(make_table(rows, caption))
    assert above == (caption or LinkedText(""))
    assert [[_marks(cell) for cell in row] for row in cells] == [
        [_marks(cell) for cell in row] for row in rows
    ]


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (-1, 0), (0, -1)])
def test_link_of_a_cell_that_is_not_there_is_left_out(place: tuple[int, int]) -> None:
    table = Table((("a",),), None, (CellLink("a", _URL, None, 0, *place),))
    assert split_table(table) == (LinkedText(""), [[LinkedText("a")]])
