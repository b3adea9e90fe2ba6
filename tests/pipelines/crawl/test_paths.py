"""Globs on the path."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.globs import compile_glob, is_wanted


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("/news/**", "/news/2026/03/a.html", True),
        ("/news/**", "/newsletter", False),
        ("/news/*", "/news/a", True),
        ("/news/*", "/news/2026/a", False),
        ("/**/live", "/a/b/live", True),
        ("/**/live", "/live", True),
        ("/*/[0-9]*.html", "/news/7-days.html", True),
        ("/*/[!0-9]*.html", "/news/7-days.html", False),
        ("*.html", "/news/2026/a.html", True),
        ("/a.b", "/axb", False),
        ("/a?", "/ab", True),
        ("/a?", "/a/", False),
        ("/news", "/news/", False),
    ],
)
def test_a_glob_is_about_the_whole_path(glob: str, path: str, matches: bool) -> None:
    assert bool(compile_glob(glob).match(path)) is matches


def test_exclude_outranks_include_and_none_means_all() -> None:
    url = "https://example.org/news/video/a?x=/sport/"
    assert is_wanted(url, (), ())
    assert is_wanted(url, ("/news/**",), ())
    assert not is_wanted(url, ("/sport/**",), ())
    assert not is_wanted(url, ("/news/**",), ("/**/video/**",))
    assert is_wanted("https://example.org", ("/",), ())


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_glob(glob: str, path: str) -> None:
    assert isinstance(compile_glob(glob), re.Pattern)
    compile_glob(glob).match(path)
