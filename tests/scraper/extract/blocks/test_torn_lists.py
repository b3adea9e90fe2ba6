"""A list of which only some items were taken for content."""

import pytest

from scraper.blocks import ListBlock
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

ITEMS = "<li>Mud in the cellars</li><li><p>Boat 3, on a roof</p></li><li>Eels</li>"


def items(html: str, kept: set[str], barred: frozenset[str] = frozenset()) -> list[str]:
    page = segment_tree(parse_html(f"<p>Text</p>{html}"))
    texts = [segment.text for segment in page.segments]
    blocks = build_blocks(
        page,
        [text == "Text" or text in kept for text in texts],
        barred=[index for index, text in enumerate(texts) if text in barred],
    )
    return [item.text for block in blocks if isinstance(block, ListBlock) for item in block.items]


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_is_kept_whole(tag: str) -> None:
    found = items(f"<{tag}>{ITEMS}</{tag}>", {"Mud in the cellars"})
    assert found == ["Mud in the cellars", "Boat 3, on a roof", "Eels"]


def test_what_a_rule_removes_stays_out() -> None:
    found = items(
        f"<ul>{ITEMS}</ul>", {"Mud in the cellars", "Boat 3, on a roof"}, frozenset({"Eels"})
    )
    assert found == ["Mud in the cellars", "Boat 3, on a roof"]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f"<ul>{ITEMS}</ul>", {"Eels"}),
        (
            "<ul><li><a href=/a>Harbour news</a><li><a href=/b>Sport</a>"
            "<li><a href=/d>Weather</a></ul>",
            {"Harbour news"},
        ),
    ],
    ids=["one item by chance", "a menu"],
)
def test_is_not_brought_back_by(html: str, kept: set[str]) -> None:
    assert set(items(html, kept)) == kept


def test_comments_are_no_plain_list() -> None:
    page = segment_tree(
        parse_html(
            "<p>Text</p><ul><li><h3>Mira</h3><p>The boats were on the roof of the ferry office.</p>"
            "<li><h3>Jon</h3><p>And nobody had a ladder.</p></ul>"
        )
    )
    kept = [segment.text.startswith(("Text", "The")) for segment in page.segments]
    assert "ladder" not in str(build_blocks(page, kept))
