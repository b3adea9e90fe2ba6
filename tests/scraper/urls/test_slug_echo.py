"""How much of an address the page repeats, in whatever spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls.slug_echo import slug_echo

HOST = "https://tidewater.example"


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("harbour-toll-doubles-overnight", "Harbour toll doubles overnight"),
        ("2031/05/03/harbour-toll-doubles-91823.html", "Toll in the harbour doubled"),
        ("ueberschwemmung-in-koeln-gross", "Große Überschwemmung in Köln"),
        ("uberschwemmung-koln-gross", "Große Überschwemmung in Köln"),
        ("blabaer-og-rodgrod", "Blåbær og rødgrød"),
        ("blaabaer-og-roedgroed", "Blåbær og rødgrød"),
        ("lodz-zolw-uciekl", "Łódź: żółw uciekł"),
        ("etudiants-a-l-hopital", "Étudiants à l’hôpital"),
        ("istanbul-bogazi-kapandi", "İstanbul Boğazı kapandı"),
        ("habarovsk-zhdet-shtorm", "Хабаровск ждёт шторм"),
        ("khabarovsk-jdet-shtorm", "Хабаровск ждёт шторм"),
        ("kyiv-zustrichaie-vesnu-spivom", "Київ зустрічає весну співом"),
        ("i-kivernisi-anakoinose-metra", "Η κυβέρνηση ανακοίνωσε μέτρα"),
        ("%D1%88%D1%82%D0%BE%D1%80%D0%BC-%D0%BD%D0%B0-%D0%BC%D0%BE%D1%80%D0%B5", "Шторм на море"),
        ("العاصفة-تضرب-الساحل", "العاصفة تضرب الساحل"),
    ],
)
def test_a_headline_is_found_again_in_its_address(slug: str, title: str) -> None:
    echo = slug_echo(f"{HOST}/{slug}", title, "")
    assert echo is not None
    assert echo >= 0.6


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("a/48213", "Harbour toll doubles"),
        ("?p=7", "Harbour toll doubles"),
        ("news/9f3ab21c77", "Harbour toll doubles"),
        ("storm", "Harbour toll doubles"),
        ("harbour-toll-doubles", "台风袭击海岸，渡轮停航"),
        ("harbour-toll-doubles", "العاصفة تضرب الساحل"),
        ("", "Harbour toll doubles"),
    ],
)
def test_an_address_that_says_nothing_has_no_echo_to_speak_of(path: str, title: str) -> None:
    assert slug_echo(f"{HOST}/{path}", title, "") is None


def test_another_page_does_not_echo_the_address() -> None:
    url = f"{HOST}/2031/05/ferry-captain-refuses-harbour-toll"
    assert slug_echo(url, "Page not found", "Try the search, or go to the front page.") == 0.0
    assert slug_echo(url, "Before you continue", "We and our partners use cookies.") == 0.0


def test_only_the_opening_of_a_text_counts() -> None:
    url = f"{HOST}/ferry-captain"
    assert slug_echo(url, None, "The ferry has a captain. " + "Rain. " * 900) == 1.0
    assert slug_echo(url, None, "Rain. " * 900 + "The ferry has a captain.") == 0.0


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzäöüßéèøåæłñçабвгдежзиклмнопрстуфхцчшщыэюяαβγδεζηικλμνξοπρστω",
            min_size=4, max_size=12),
    min_size=2,
    max_size=7,
    unique=True,
)  # fmt: skip


@given(WORDS)
def test_what_is_said_word_for_word_is_echoed_whole(words: list[str]) -> None:
    url = f"{HOST}/{'-'.join(words)}"
    assert slug_echo(url, " ".join(words), "") == 1.0
    assert slug_echo(url, None, " ".join(reversed(words)).upper()) in {1.0, None} or "ß" in url


@given(st.text(max_size=80), st.none() | st.text(max_size=80), st.text(max_size=200))
def test_any_input_gives_a_share_or_none(path: str, title: str | None, text: str) -> None:
    for url in (path, f"{HOST}/{path}"):
        echo = slug_echo(url, title, text)
        assert echo is None or 0.0 <= echo <= 1.0


@given(WORDS, st.text(max_size=60))
def test_more_text_never_takes_an_echo_away(words: list[str], more: str) -> None:
    url = f"{HOST}/{'-'.join(words)}"
    alone = slug_echo(url, words[0], "")
    both = slug_echo(url, words[0], more)
    assert alone is None or both is None or both >= alone
