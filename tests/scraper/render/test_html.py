"""Blocks as HTML: what a browser reads is what they say, every text escaped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from scraper.blocks import (
    Block,
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Table,
    iter_links,
)
from scraper.render.html import render_html
from tests.scraper.render.linked_texts import linked_blocks

_URL = "https://a.example/?a=1&b=2"
_REL = 'rel="noreferrer noopener"'


def _read(blocks: tuple[Block, ...]) -> html.HtmlElement:
    return html.fragment_fromstring(str(render_html(blocks)), create_parent=True)


@given(st.lists(linked_blocks, max_size=3).map(tuple))
@settings(max_examples=150, deadline=None)
def test_browser_finds_the_links_of_the_blocks(blocks: tuple[Block, ...]) -> None:
    found = [
        link for link in _read(blocks).iter("a") if link.get("href") != "https://a.example/x.jpg"
    ]
    assert [(link.text, link.get("href")) for link in found] == [
        (link.text, link.url) for link in iter_links(blocks)
    ]
    assert {tuple(link.attrib) for link in found} <= {("href", "rel")}
    assert {link.get("rel") for link in found} <= {"noreferrer noopener"}


@given(st.lists(linked_blocks, max_size=3).map(tuple))
@settings(max_examples=100, deadline=None)
def test_no_text_becomes_an_element(blocks: tuple[Block, ...]) -> None:
    known = {"div", "a", "p", "h2", "blockquote", "ul", "li", "table", "caption", "tr", "td"}
    known |= {"figure", "figcaption"}
    assert {element.tag for element in _read(blocks).iter()} <= known


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (
            Heading(2, "A <b>", (Link("<b>", _URL, None, 2),)),
            f'<h2>A <a href="https://a.example/?a=1&amp;b=2" {_REL}>&lt;b&gt;</a></h2>',
        ),
        (
            Paragraph('"x"', (Link("x", 'https://a.example/"><script>', None, 1),)),
            f'<p>&#34;<a href="https://a.example/&#34;&gt;&lt;script&gt;" {_REL}>x</a>&#34;</p>',
        ),
        (
            ListBlock(True, (ListItem("a", (Code("<", 'c"'),)),)),
            '<ol><li>a<pre><code class="language-c&#34;">&lt;</code></pre></li></ol>',
        ),
        (
            Table((("a", "b"),), "<i>"),
            "<table><caption>&lt;i&gt;</caption><tr><td>a</td><td>b</td></tr></table>",
        ),
        (Figure("javascript:x", "<alt>"), "<figure>&lt;alt&gt;<figcaption></figcaption></figure>"),
    ],
)
def test_each_kind(block: Block, written: str) -> None:
    assert render_html((block,)) == written


def test_link_that_leads_off_the_web_is_text() -> None:
    links = (Link("It", "javascript:open()", None, 0), Link("rained", "//a.example/", None, 3))
    assert render_html((Paragraph("It rained", links),)) == "<p>It rained</p>"


def test_caption_that_says_what_the_picture_shows_is_repeated_for_its_links() -> None:
    link = Link("quay", "https://a.example/", None, 4)
    plain = Figure("https://a.example/x.jpg", "The quay", "The quay")
    assert str(render_html((plain,))).count("The quay") == 1
    linked = Figure("https://a.example/x.jpg", "The quay", "The quay", (link,))
    assert f'The <a href="https://a.example/" {_REL}>quay</a>' in render_html((linked,))
