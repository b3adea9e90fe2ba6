"""Bold lines that act as headings on pages that mark none."""

from scraper.blocks import Block, Heading, ListBlock, Paragraph
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

TEXT = "The harbour was closed for nine days, and nobody could say when it would open again."


def _blocks(html: str, *, kept: frozenset[str] | None = None) -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    return build_blocks(page, [kept is None or s.text in kept for s in page.segments])


def test_a_bold_line_heads_what_follows_it_be_it_text_or_a_list() -> None:
    blocks = _blocks(
        f"<div>{TEXT}</div><div><b>What to bring</b></div><ul><li>A lamp</li><li>A rope</li></ul>"
        f"<div>{TEXT}</div><div><b>What to leave</b></div><div>{TEXT}</div>"
    )
    assert [b.text for b in blocks if isinstance(b, Heading)] == ["What to bring", "What to leave"]
    assert isinstance(blocks[2], ListBlock)


def test_a_bold_line_far_from_what_follows_heads_nothing() -> None:
    gap = "".join(f"<div>Teaser {n}</div>" for n in range(5))
    html = f"<div>{TEXT}</div><div><b>More for you</b></div>{gap}<div>{TEXT}</div>"
    blocks = _blocks(html, kept=frozenset({TEXT, "More for you"}))
    assert [type(block) for block in blocks] == [Paragraph] * 3


def test_a_bold_last_line_heads_nothing() -> None:
    assert _blocks(f"<div>{TEXT}</div><div><b>To be continued</b></div>")[-1] == Paragraph(
        "To be continued"
    )
