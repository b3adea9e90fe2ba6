"""Lists that are only typed, and lines that are none."""

import pytest

from scraper.blocks import Block, ListBlock, ListItem, Paragraph
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree


def _blocks(html: str) -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    return build_blocks(page, [True] * len(page.segments))


def _list(*items: str, ordered: bool = False) -> ListBlock:
    return ListBlock(ordered, tuple(map(ListItem, items)))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>• wet<br>• cold<br>• late</p>", (_list("wet", "cold", "late"),)),
        ("<p>Bring:<br>- a rope<br>- a tent</p>", (Paragraph("Bring:"), _list("a rope", "a tent"))),
        ("<p>1. Row<br>2. Rest</p>", (_list("Row", "Rest", ordered=True),)),
        (
            "<p>You need:<br>200 g flour<br>3 eggs<br>salt</p>",
            (Paragraph("You need:"), _list("200 g flour", "3 eggs", "salt")),
        ),
        (
            "<p>Two ways<br>• by boat<br>• on foot<br>and back again.</p>",
            (Paragraph("Two ways"), _list("by boat", "on foot"), Paragraph("and back again.")),
        ),
        ("<p>● Boat: slow</p><p>● Bus: slower</p>", (_list("Boat: slow", "Bus: slower"),)),
        ("<li>Pack<br>• rope<br>• tent", (Paragraph("Pack"), _list("rope", "tent"))),
    ],
)
def test_typed_lists(html: str, expected: tuple[Block, ...]) -> None:
    assert _blocks(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p>– Where were you?<br>– On the boat.</p>",
        "<p>The rain fell<br>the river rose<br>and nobody came</p>",
        "<p>1. May was wet.<br>3. May was dry.</p>",
        "<p>• Only one thing<br>is said here</p>",
        "<p>He said:<br>I was there.<br>Nobody asked me.<br>So I left.</p>",
        "<p>Town Hall<br>12 Quay Street<br>1234 Harbour</p>",
        "<p>✔ included<br>✔ included</p>",
    ],
)
def test_lines_that_are_no_list(html: str) -> None:
    (block,) = _blocks(html)
    assert isinstance(block, Paragraph)


def test_a_paragraph_with_one_bullet_stays_as_it_is() -> None:
    assert _blocks("<p>Before.</p><p>• Alone</p><p>After.</p>")[1] == Paragraph("• Alone")


def test_different_bullets_are_different_lists() -> None:
    html = "<p>• a</p><p>• b</p><p>● c</p><p>● d</p>"
    assert _blocks(html) == (_list("a", "b"), _list("c", "d"))
