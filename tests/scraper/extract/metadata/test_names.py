"""From bylines to names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.metadata.authors.names import looks_like_name, split_names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ida Brunn", ("Ida Brunn",)),
        ("BY IDA BRUNN AND JON ÖST", ("Ida Brunn", "Jon Öst")),
        ("Written by: Ida Brunn | Updated 3 May 2031", ("Ida Brunn",)),
        ("Von Ida Brunn und Jon Öst, Redakteur", ("Ida Brunn", "Jon Öst")),
        ("Par Anne-Lise Favre et Luc d’Arcy, à Lyon", ("Anne-Lise Favre", "Luc d’Arcy")),
        ("Por María Núñez y José Peña", ("María Núñez", "José Peña")),
        ("Door Wouter van den Berg", ("Wouter van den Berg",)),
        ("Av Kåre Ødegård og Siri Lund", ("Kåre Ødegård", "Siri Lund")),
        ("Przez Łukasz Zięba", ("Łukasz Zięba",)),
        ("Автор: Анна Белова", ("Анна Белова",)),
        ("作者：王小明、李思", ("王小明", "李思")),
        ("記者 山田花子", ("山田花子",)),
        ("김민지 기자", ("김민지",)),
        ("Ida Brunn, Senior Reporter", ("Ida Brunn",)),
        ("Ida Brunn, Jon Öst and Ada Lind", ("Ida Brunn", "Jon Öst", "Ada Lind")),
        ("Ida Brunn, MD", ("Ida Brunn, MD",)),
        ("Ida Brunn (ida@bote.example)", ("Ida Brunn",)),
        ("Ida Brunn <ida@bote.example>", ("Ida Brunn",)),
        ("Ida Brunn/dpa", ("Ida Brunn", "dpa")),
        ("Von Ida Brunn und dpa", ("Ida Brunn", "dpa")),
        ("Par Ida Brunn avec AFP", ("Ida Brunn", "AFP")),
        ("By Ida Brunn in Varnholt", ("Ida Brunn",)),
        ("Tekst: Kåre Ødegård", ("Kåre Ødegård",)),
        ("Από τη Μαρία Παππά", ("Μαρία Παππά",)),
        ("بقلم سارة خوري", ("سارة خوري",)),
        ("记者王小明", ("王小明",)),
        ("本报记者 王小明 李思", ("王小明", "李思")),
        ("作者：王小明 编辑：李思", ("王小明",)),
        ("記者 王小明／台北報導", ("王小明",)),
        ("山田 花子", ("山田 花子",)),
        ("[기자] 김민지", ("김민지",)),
        ("Ida Brunn, Head of Ships and Harbour Affairs", ("Ida Brunn",)),
        ("Ida Brunn*, Jon Öst†", ("Ida Brunn", "Jon Öst")),
        ("https://bote.example/authors/ida", ()),
        ("admin", ()),
        ("By", ()),
        ("page.extra.author", ()),
        ("{{ author }}", ()),
        ("ida.k.lund", ("ida.k.lund",)),
        ("Bluesky", ()),
        ("Meet the Team", ()),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names_and_nothing_else(byline: str, names: tuple[str, ...]) -> None:
    assert split_names(byline) == names


@pytest.mark.parametrize(
    "text", ["Share this article", "In This Article", "Read more", "3 min", "x"]
)
def test_words_of_the_page_are_not_taken_for_names(text: str) -> None:
    assert not looks_like_name(text)
    assert split_names(text, trusted=False) == ()


@given(st.text(max_size=200))
def test_no_byline_is_too_strange(text: str) -> None:
    for name in split_names(text):
        assert name == name.strip()
        assert 0 < len(name) <= 80
