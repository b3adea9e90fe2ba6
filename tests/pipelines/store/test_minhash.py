"""Copies are found, neighbours are not: precision and recall over edits as newsrooms make them."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo.demo_sites import load_sites
from pipelines.store.articles.articles import save_article
from pipelines.store.articles.minhash import compare_shingles, find_band_keys, find_shingles
from pipelines.store.database.database import open_database
from scraper.article import Article
from scraper.blocks import Paragraph, Quote


def _texts() -> list[list[str]]:
    """The paragraphs of every demo story that is long enough to be told from others."""
    stories = [story for site in load_sites() for story in site.stories]
    texts = [[b.text for b in s.blocks if isinstance(b, Paragraph | Quote)] for s in stories]
    return [text for text in texts if len(find_shingles("\n".join(text))) >= 60]


TEXTS = _texts()

Edit = Callable[[list[str], random.Random], list[str]]


def _cut_the_end(text: list[str], _: random.Random) -> list[str]:
    return text[: max(2, round(len(text) * 0.75))]


def _new_first_sentence(text: list[str], _: random.Random) -> list[str]:
    return ["This is what our agency partners report this morning.", *text]


def _local_paragraph(text: list[str], _: random.Random) -> list[str]:
    local = "In our own county nobody has tried this yet, says a spokesman of the district."
    return [*text[:2], local, *text[2:]]


def _house_style(text: list[str], _: random.Random) -> list[str]:
    return [p.replace("percent", "per cent").replace(" and ", " & ").upper() for p in text]


def _subeditor(text: list[str], chance: random.Random) -> list[str]:
    return [
        " ".join(word for word in paragraph.split() if chance.random() > 0.03) for paragraph in text
    ]


EDITS: list[Edit] = [_cut_the_end, _new_first_sentence, _local_paragraph, _house_style, _subeditor]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_copy_is_found(edit: Edit) -> None:
    chance = random.Random(7)
    found = 0
    for text in TEXTS:
        original = find_shingles("\n".join(text))
        copy = find_shingles("\n".join(edit(text, chance)))
        meets = set(find_band_keys(original)) & set(find_band_keys(copy))
        found += bool(meets) and compare_shingles(original, copy).is_duplicate
    assert found / len(TEXTS) >= 0.9


def test_different_articles_are_no_copies() -> None:
    shingles = [find_shingles("\n".join(text)) for text in TEXTS]
    wrong = [
        (i, j)
        for i, first in enumerate(shingles)
        for j, second in enumerate(shingles[:i])
        if compare_shingles(first, second).is_duplicate
    ]
    assert wrong == []


def test_reports_from_one_template_are_no_copies() -> None:
    """Weather and markets are written from a form; each day is news of its own."""
    form = (
        "{day} begins with {sky} over the valley. By noon the thermometer climbs to {high} degrees "
        "in {place}, while it stays at {low} on the ridge. The wind comes from the {wind} and "
        "{gusts}. Towards the evening {evening}. The night is {night}, with {low} degrees near "
        "the river and {frost}. On the following day {outlook}, says the station at {place}."
    )
    first = form.format(
        day="Monday",
        sky="fog that lifts only slowly",
        high=14,
        place="Lauterberg",
        low=6,
        wind="west",
        gusts="hardly moves a leaf before three o'clock",
        evening="a narrow band of cloud brings a few drops to the north side",
        night="clear and long",
        frost="the first white roofs of the year",
        outlook="it warms up again for most of the week",
    )
    second = form.format(
        day="Thursday",
        sky="heavy rain from early morning",
        high=9,
        place="Hinterau",
        low=3,
        wind="north",
        gusts="tears at awnings and at the tents of the market",
        evening="the sun shows itself for the first time since Sunday",
        night="windy but dry",
        frost="no danger for late apples",
        outlook="snow is possible above a thousand metres",
    )
    assert not compare_shingles(find_shingles(first), find_shingles(second)).is_duplicate


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(first: str, second: str) -> None:
    one, two = find_shingles(first), find_shingles(second)
    likeness = compare_shingles(one, two)
    assert likeness == compare_shingles(two, one)
    assert 0 <= likeness.jaccard <= likeness.containment <= 1
    assert all(-(2**63) <= key < 2**63 for key in find_band_keys(one))


def test_the_store_names_the_original_and_keeps_both(tmp_path: Path) -> None:
    db = open_database(tmp_path / "articles.db")
    text = TEXTS[0]
    urls = [f"https://{name}.example/story" for name in ("agency", "paper", "mirror", "other")]
    bodies = [text, _local_paragraph(text, random.Random(1)), text, TEXTS[1]]
    ids = [
        save_article(db, Article(url=url, title=url, text="\n".join(body))).id
        for url, body in zip(urls, bodies, strict=True)
    ]
    rows = dict(db.execute("SELECT id, duplicate_of FROM articles").fetchall())
    assert [rows[i] for i in ids] == [None, ids[0], ids[0], None]
