"""Spliced copies: what is set in is foreign to the gold, and what is parted stays whole."""

import pytest

pytest.importorskip("rapidfuzz", reason="the [train] extra is not installed")

from pipelines.train.labelled_pages import LabelledPage
from pipelines.train.labels import split_units
from pipelines.train.splicing.splice import CORPUS, make_spliced
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_page

_VERBS = "built sold moved closed opened painted measured counted lent repaired".split()


def story_page(number: int) -> LabelledPage:
    """A page of a site of its own, with words that no other page has, and a box of teasers."""
    paragraphs = [
        f"Crew{number} {verb} the pier{number} on day {day}, and the mayor{number} wrote it down "
        f"in book{number} before the ferry{number} left."
        for day, verb in enumerate(_VERBS, 1)
    ]
    teasers = "".join(
        f"<div class=teaser><a href=/{i}>Teaser{number} of story {i} that stands below it</a></div>"
        for i in range(5)
    )
    html = (
        f"<title>Pier{number} news</title><body><nav><a href=/>Home</a></nav><main>"
        f"<h1>Pier{number} news</h1><div class=story>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        + f"</div><section class=more>{teasers}</section></main>"
    )
    return LabelledPage(
        corpus="invented",
        name=str(number),
        site=f"site{number}.example",
        url=None,
        html=html.encode(),
        text="\n".join(paragraphs),
        wanted=(),
        unwanted=(),
        kind="article",
    )


PAGES = [story_page(number) for number in range(260)]
COPIES = list(make_spliced(PAGES, 1))
BY_NAME = {page.name: page for page in PAGES}


def original(copy: LabelledPage) -> LabelledPage:
    return BY_NAME[copy.name.partition("+")[0]]


def shown(page: LabelledPage) -> str:
    view = segment_page(parse_html(page.html, encoding="utf-8"))
    return "\n".join(segment.text for segment in view.segments)


def test_every_way_of_splicing_is_met() -> None:
    ways = {copy.name.partition("+")[2] for copy in COPIES}
    assert ways == {"next", "posts", "teasers", "mixed", "sections", "cards", "embeds", "parts"}
    assert {copy.corpus for copy in COPIES} == {CORPUS}


def test_the_article_is_still_whole_and_in_order() -> None:
    for copy in COPIES:
        text, at = shown(copy), 0
        for line in (original(copy).text or "").splitlines():
            at = text.find(line, at)
            assert at >= 0, (copy.name, line)
            at += len(line)


def test_what_is_unwanted_is_no_part_of_the_gold_and_stands_on_the_page() -> None:
    for copy in COPIES:
        way = copy.name.partition("+")[2]
        if way in {"next", "posts", "teasers", "mixed"}:
            assert copy.text == original(copy).text
            own = set(split_units(shown(original(copy))))
            assert set(split_units(shown(copy))) - own, copy.name


def test_what_is_wanted_is_in_the_gold() -> None:
    for copy in COPIES:
        if copy.name.endswith(("+cards", "+embeds")):
            new = set(split_units(copy.text or "")) - set(split_units(original(copy).text or ""))
            assert new, copy.name
            assert new <= set(split_units(shown(copy))), copy.name


def test_host_and_donors_are_of_one_fold() -> None:
    fold_of = {f"pier{page.name}": page.fold for page in PAGES}
    for copy in COPIES:
        piers = set(split_units(shown(copy))) & set(fold_of)
        assert {fold_of[pier] for pier in piers} == {copy.fold}, copy.name


def test_the_same_seed_gives_the_same_copies() -> None:
    again = list(make_spliced(PAGES, 1))
    assert [(c.name, c.html) for c in again] == [(c.name, c.html) for c in COPIES]
    assert [c.name for c in make_spliced(PAGES, 2)] != [c.name for c in COPIES]
