"""Links in the texts of blocks: on the words that a reader clicks, leading where the page says."""

import pytest

from scraper.blocks import Block, Link, ListBlock, iter_links
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

_PAGE = "https://news.example/a/b"


def _blocks(html: str, base_url: str | None = _PAGE) -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    return build_blocks(page, [True] * len(page.segments), base_url=base_url)


def _links(html: str, base_url: str | None = _PAGE) -> list[Link]:
    return list(iter_links(_blocks(html, base_url)))


def test_a_formula_that_is_shown_as_a_picture_can_lead_somewhere() -> None:
    formula = '<img class="latex" alt="E = mc^2">'
    expected = [Link("$E = mc^2$", "https://news.example/f", None, 4)]
    assert _links(f'<p>See <a href="/f">{formula}</a> here.</p>') == expected
    around = _links(f'<a href="/f"><p>{formula}</p></a>')
    assert [link.text for link in around] == ["$E = mc^2$"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="#part">x</a>',
        '<a href="https://news.example/a/b#part">x</a>',
        '<a href="b#part">x</a>',
        '<a href="javascript:open()">x</a>',
        '<a href=" JavaScript:open()">x</a>',
        '<a href="mailto:desk@news.example">x</a>',
        '<a href="tel:+4930123">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="ftp://files.example/x">x</a>',
        '<a href="">x</a>',
        '<a href="  ">x</a>',
        "<a href>x</a>",
        "<a name=top>x</a>",
        '<a href="https://">x</a>',
        '<a href="//[bad">x</a>',
        f'<a href="/{"x" * 4096}">x</a>',
        '<a href="/x"> &nbsp;<br></a>x',
        '<a href="/x"><img src="a.png" alt="a quay"></a>x',
        '<a href="/x"></a>x',
    ],
)
def test_what_leads_nowhere_or_shows_no_words_is_no_link(link: str) -> None:
    assert _links(f"<p>Before. {link} after.</p>") == []


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("c", "https://news.example/a/c"),
        ("/c?d=1#e", "https://news.example/c?d=1#e"),
        ("//other.example/c", "https://other.example/c"),
        ("https://news.example/a/b", "https://news.example/a/b"),
        ("?page=2#top", "https://news.example/a/b?page=2#top"),
        ("HTTP://Other.example:80/a/../b", "http://other.example/b"),
        (
            "https://ferry.example/größe und maß",
            "https://ferry.example/gr%C3%B6%C3%9Fe%20und%20ma%C3%9F",
        ),
        (" \n/c\t ", "https://news.example/c"),
        ("/c?a=1&amp;b=2", "https://news.example/c?a=1&b=2"),
    ],
)
def test_address_is_absolute_as_a_browser_writes_it(href: str, url: str) -> None:
    assert _links(f'<p>See <a href="{href}">this</a>.</p>') == [Link("this", url, None, 4)]


def test_declared_base_is_what_links_are_relative_to() -> None:
    html = (
        '<head><base href="https://files.example/x/"></head><p><a href="y">y</a> <a href="#z">z</a>'
    )
    assert [link.url for link in _links(html)] == ["https://files.example/x/y"]
    assert [link.url for link in _links(html, None)] == ["https://files.example/x/y"]


def test_declared_base_that_is_none_is_passed_over() -> None:
    html = '<head><base href="javascript:0"></head><p><a href="y">y</a></p>'
    assert [link.url for link in _links(html)] == ["https://news.example/a/y"]


@pytest.mark.parametrize("base_url", [None, "", "pages/rain.html", "file:///pages/rain.html"])
def test_without_a_base_on_the_web_absolute_links_alone_are_kept(base_url: str | None) -> None:
    html = '<p><a href="y">y</a> <a href="/z">z</a> <a href="https://b.example/">b</a></p>'
    assert [link.url for link in _links(html, base_url)] == ["https://b.example/"]


def test_what_the_page_says_about_a_link_is_kept_as_written() -> None:
    html = (
        '<p><a href="/x" rel=" nofollow\n Sponsored&#27; ugc">x</a> <a href="/y" rel="">y</a></p>'
    )
    assert [link.rel for link in _links(html)] == ["nofollow ugc", None]


def test_a_link_inside_a_link_ends_it() -> None:
    links = _links('<p><a href="/x">one <span><i><a href="/y">two</a></i></span></a> three</p>')
    assert [(x.text, x.url[-1], x.offset) for x in links] == [("one", "x", 0), ("two", "y", 4)]


def test_a_link_over_several_blocks_is_a_link_of_each() -> None:
    links = _links('<a href="/x"><h2>Rain</h2><p>It rained.<br><br>And hailed.</p></a><p>End.</p>')
    assert [link.text for link in links] == ["Rain", "It rained.", "And hailed."]
    assert {link.url for link in links} == {"https://news.example/x"}


def test_a_link_over_several_lines_is_a_link_of_each_item() -> None:
    (block,) = _blocks('<p>• go <a href="/x">by boat<br>• on foot</a><br>• at home</p>')
    assert isinstance(block, ListBlock)
    assert [[(x.text, x.offset) for x in item.links] for item in block.items] == [
        [("by boat", 3)],
        [("on foot", 0)],
        [],
    ]


def test_the_way_back_of_a_note_is_no_link() -> None:
    note = '<li id="fn1">See <a href="/map">the map</a> <a href="https://b.example/">↩</a></li>'
    links = _links(f'<p>It rained.</p><ol class="footnotes">{note}</ol>')
    assert [link.text for link in links] == ["the map"]


def test_a_caption_that_is_there_twice_has_its_link_once() -> None:
    caption = '<figcaption>By <a href="/ida">Ida</a></figcaption>'
    html = f"<p>One.</p><figure><img src=a.jpg>{caption}{caption}</figure><p>Two.</p>"
    assert [(link.text, link.offset) for link in _links(html)] == [("Ida", 3)]
