"""A table of which only some cells were taken for content."""

import pytest

from scraper.blocks import Table
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

ROWS = "<tr><th>Year</th><th>Steps to the ice</th></tr><tr><td>1931</td><td>212</td></tr>"


def tables(html: str, kept: set[str]) -> list[Table]:
    page = segment_tree(parse_html(html))
    blocks = build_blocks(page, [segment.text in kept for segment in page.segments])
    return [block for block in blocks if isinstance(block, Table)]


def test_is_kept_whole() -> None:
    (table,) = tables(f"<p>Text</p><table>{ROWS}</table>", {"Text", "Steps to the ice", "212"})
    assert table.rows == (("Year", "Steps to the ice"), ("1931", "212"))


@pytest.mark.parametrize(
    ("html", "kept", "rows"),
    [
        (f"<table>{ROWS}</table>", {"212"}, (("", "212"),)),
        (
            "<table><tr><td><a href=/a>Harbour news</a><td><a href=/b>Sport</a>"
            "<tr><td><a href=/c>Culture</a><td><a href=/d>Weather</a></table>",
            {"Harbour news", "Weather"},
            (("Harbour news", ""), ("", "Weather")),
        ),
    ],
    ids=["one cell by chance", "a menu"],
)
def test_is_not_brought_back_by(html: str, kept: set[str], rows: tuple[tuple[str, ...]]) -> None:
    assert [table.rows for table in tables(html, kept)] == [rows]
