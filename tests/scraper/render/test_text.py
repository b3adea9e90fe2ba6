"""Blocks as plain text."""

from scraper.blocks import Code, Figure, Heading, ListBlock, ListItem, Paragraph, Quote, Table
from scraper.render.text import render_text


def test_one_block_a_line() -> None:
    blocks = (
        Heading(2, "Rain"),
        Paragraph("It rained."),
        Quote("Never\nso much."),
        ListBlock(True, (ListItem("wet", (Paragraph("very"),)), ListItem("cold"))),
        Table((("May", "4"), ("June", "")), "Months"),
        Figure("https://news.example/a.jpg", "A band", "The band."),
        Code("a = 1\nb = 2"),
    )
    expected = (
        "Rain\nIt rained.\nNever\nso much.\nwet\nvery\ncold\nMonths\nMay\t4\nJune\na = 1\nb = 2"
    )
    assert render_text(blocks) == expected


def test_nothing_gives_nothing() -> None:
    assert render_text(()) == ""
    assert render_text((ListBlock(False, ()), Paragraph(""))) == ""
