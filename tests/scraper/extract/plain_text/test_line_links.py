"""Addresses in the lines of a flattened page, as the links of its blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blocks import (
    CellLink,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Table,
    iter_links,
    without_links,
)
from scraper.extract.plain_text import extract_plain_text
from scraper.extract.plain_text.line_blocks import build_line_blocks
from scraper.extract.plain_text.line_links import with_links
from scraper.extract.plain_text.lines import parse_lines

_A = "https://a.example/b"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (f"See {_A}.", [_A]),
        (f"See {_A}, then {_A}/c?d=e#f!", [_A, f"{_A}/c?d=e#f"]),
        (f"({_A})", [_A]),
        (f"({_A}).", [_A]),
        (f"See {_A}_(new) now", [f"{_A}_(new)"]),
        (f"(See {_A}_(new).)", [f"{_A}_(new)"]),
        (f"[map]({_A})(again)", [_A]),
        (f"{_A}(see below)", [_A]),
        (f"{_A}/[c)d", [f"{_A}/"]),
        ("http://[::1]:80/x", ["http://[::1]:80/x"]),
        (f"<{_A}>", [_A]),
        (f"“{_A}”, »{_A}«, '{_A}'", [_A, _A, _A]),
        (f"*{_A}* _{_A}_ `{_A}`", [_A, _A, _A]),
        (f"见{_A}。再见（{_A}）", [_A, _A]),
        (f"\u2067{_A}\u2069 مرحبا", [_A]),
        ("https://münchen.example/größe 🌧", ["https://münchen.example/größe"]),
        ("HTTPS://A.example", ["HTTPS://A.example"]),
        (
            "https://old.example/2031/https://b.example/",
            ["https://old.example/2031/https://b.example/"],
        ),
        (f"{_A}/very-lo… {_A}/very-lo...", []),
        ("https:// http://... https://( http://:80", []),
        ("www.a.example mailto:x@a.example ftp://a.example/ xhttps://a.example/", []),
        (f"{_A}{'c' * 4096}", []),
    ],
)
def test_addresses_of_a_text(text: str, addresses: list[str]) -> None:
    found = with_links(text)
    assert [link.text for link in found.links] == addresses
    assert all(text.startswith(link.text, link.offset) for link in found.links)


def test_target_is_written_as_a_browser_does() -> None:
    text = "See HTTP://München.example:80/ü."
    expected = Link("HTTP://München.example:80/ü", "http://xn--mnchen-3ya.example/%C3%BC", None, 4)
    assert with_links(text).links == (expected,)


def test_every_kind_of_line_has_its_links() -> None:
    page = [
        f"Where {_A} leads",
        f"  * one {_A}",
        f"      + {_A}.",
        "",
        f"          About {_A}.",
        f"Boat    {_A}",
        f"{_A}    12:00",
        "Between.",
        f"Lone    {_A}  ",
        f"1. {_A} alone",
    ]
    lines = parse_lines(page)
    blocks = build_line_blocks(lines, range(len(lines)), frozenset({0}))

    def link(offset: int) -> tuple[Link, ...]:
        return (Link(_A, _A, None, offset),)

    nested = ListItem(f"{_A}.", (Paragraph(f"About {_A}.", link(6)),), link(0))
    item = ListItem(f"one {_A}", (ListBlock(False, (nested,)),), link(4))
    cells = (CellLink(_A, _A, None, 0, 0, 1), CellLink(_A, _A, None, 0, 1, 0))
    assert blocks == (
        Heading(2, f"Where {_A} leads", link(6)),
        ListBlock(False, (item,)),
        Table((("Boat", _A), (_A, "12:00")), None, cells),
        Paragraph("Between."),
        Paragraph(f"Lone {_A}", link(5)),
        Paragraph(f"1. {_A} alone", link(3)),
    )


def test_article_from_a_flattened_page_shows_its_links() -> None:
    sentence = "It has rained all night in the hills above the little town of Alder Bay. "
    article = extract_plain_text(f"Rain again\n\n{sentence * 5}\n\n{sentence * 5}More: {_A}.\n")
    assert [(link.text, link.url) for link in article.links] == [(_A, _A)]
    assert f"More: [{_A}]({_A})." in article.markdown
    assert f"More: {_A}." in article.text


_PIECES = st.sampled_from(
    "https://,http://a.example/,a.example,(,),[,],{,}, ,.,…,/,b,。,\u2066,@,:,%,🌧,  * ,    ".split(
        ","
    )
)


@given(st.lists(_PIECES, max_size=20).map("".join))
@settings(max_examples=300, deadline=None)
def test_links_of_any_line_stand_in_it_and_change_no_text(text: str) -> None:
    lines = parse_lines([text, "plain"])
    blocks = build_line_blocks(lines, range(len(lines)), frozenset())
    dead = parse_lines([text.replace("http", "hxxp"), "plain"])
    assert str(build_line_blocks(dead, range(len(dead)), frozenset())).replace(
        "hxxp", "http"
    ) == str(tuple(map(without_links, blocks)))
    position = 0
    for link in with_links(text).links:
        assert position <= link.offset
        assert text.startswith(link.text, link.offset)
        assert all(link.text.count(a) == link.text.count(b) for a, b in ("()", "[]", "{}"))
        position = link.offset + len(link.text)
    assert all(link.url.startswith(("http://", "https://")) for link in iter_links(blocks))
