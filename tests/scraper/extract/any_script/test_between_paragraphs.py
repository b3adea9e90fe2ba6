"""What stands between two paragraphs is kept whole in any script, and the site's boxes are not."""

import pytest

from scraper import extract_article
from scraper.blocks import ListBlock, Quote, Table, iter_blocks
from tests.scraper.extract.any_script.made_pages import (
    FURNITURE,
    KINDS,
    LANGUAGES,
    MadePage,
    make_all,
)

URL = "https://herald.example/2031/05/03/bridge.html"
BLOCKS = {
    "ul": ListBlock,
    "ol": ListBlock,
    "link list": ListBlock,
    "dl": ListBlock,
    "post": Quote,
    "table": Table,
    "quote with cite": Quote,
    "quote with footer": Quote,
    "quote with figcaption": Quote,
    "quote with dash": Quote,
    "quote and dash below": Quote,
}


def _faults(name: str, page: MadePage) -> list[str]:
    text = extract_article(page.html, url=URL).text
    lost = [f"{name}: lost {part!r}" for part in page.wanted if part not in text]
    return lost + [f"{name}: kept {part!r}" for part in page.unwanted if part in text]


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_between_paragraphs_is_kept_whole_in_any_script(kind: str) -> None:
    faults = [fault for name, page in make_all(KINDS, kind) for fault in _faults(name, page)]
    assert not faults


@pytest.mark.parametrize("kind", FURNITURE)
def test_a_box_between_paragraphs_stays_out_in_any_script(kind: str) -> None:
    faults = [fault for name, page in make_all(FURNITURE, kind) for fault in _faults(name, page)]
    assert not faults


@pytest.mark.parametrize("kind", BLOCKS)
def test_it_becomes_one_block_of_its_kind(kind: str) -> None:
    for name, page in make_all(KINDS, kind):
        blocks = iter_blocks(extract_article(page.html, url=URL).blocks)
        found = [block for block in blocks if isinstance(block, BLOCKS[kind])]
        assert len(found) == 1, name


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("quote")])
def test_who_said_it_is_the_last_line_of_the_quote(kind: str) -> None:
    for name, page in make_all(KINDS, kind):
        blocks = extract_article(page.html, url=URL).blocks
        quote = next(block for block in blocks if isinstance(block, Quote))
        words, speaker = quote.text.split("\n")
        made = LANGUAGES[name[:2]]
        assert (words, speaker.strip("— ")) == (made["quote"], made["speaker"]), name
