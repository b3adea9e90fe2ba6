"""Blocks of whole pages: each page in `pages/` beside the blocks it must give."""

import json
from pathlib import Path

import pytest

from scraper.blocks import Code, Figure, Heading, Paragraph, block_from_dict, block_to_dict
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import Segmentation, segment_tree

_PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


def _read(html: str) -> Segmentation:
    return segment_tree(parse_html(html))


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: path.stem)
def test_page_gives_its_blocks(page: Path) -> None:
    record = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    segmentation = _read(page.read_text(encoding="utf-8"))
    dropped = set(record["dropped"])
    kept = [segment.text not in dropped for segment in segmentation.segments]
    blocks = build_blocks(segmentation, kept, base_url="https://news.example/a/b", title="T")
    assert [block_to_dict(block) for block in blocks] == record["blocks"]
    assert tuple(block_from_dict(block) for block in record["blocks"]) == blocks


def test_headline_is_not_repeated() -> None:
    page = _read("<h1>Rain again</h1><p>It rained.</p><h2>Rain again</h2><p>And again.</p>")
    blocks = build_blocks(page, [True] * 4, title="Rain Again!")
    assert blocks == (Paragraph("It rained."), Paragraph("And again."))


def test_heading_above_kept_text_is_kept_though_it_was_dropped() -> None:
    page = _read("<p>One.</p><h2>Part two</h2><p>Two.</p><h2>More stories</h2><p>Other.</p>")
    blocks = build_blocks(page, [True, False, True, False, False])
    assert blocks == (Paragraph("One."), Heading(2, "Part two"), Paragraph("Two."))


def test_heading_above_dropped_text_is_dropped_though_it_was_kept() -> None:
    page = _read("<p>One.</p><p>Two.</p><h2>More stories</h2><p>Other.</p>")
    assert build_blocks(page, [True, True, True, False]) == (Paragraph("One."), Paragraph("Two."))


def test_nothing_kept_gives_no_blocks() -> None:
    page = _read("<p>One.</p><img src=/a.jpg><p>Two.</p>")
    assert build_blocks(page, [False, False]) == ()


def test_caption_without_picture_is_text() -> None:
    page = _read("<p>One.</p><figure><video></video><figcaption>Film.</figcaption></figure>")
    assert build_blocks(page, [True, True]) == (Paragraph("One."), Paragraph("Film."))


def test_picture_without_base_url_keeps_its_address() -> None:
    page = _read("<p>One.</p><p><img src='/img/a.jpg' alt=' The  quay '></p><p>Two.</p>")
    assert build_blocks(page, [True, True])[1] == Figure("/img/a.jpg", "The quay", None)


def test_declared_base_is_what_addresses_are_relative_to() -> None:
    page = _read("<head><base href=/files/></head><p>One.</p><img src=a.jpg><p>Two.</p>")
    figure = build_blocks(page, [True, True], base_url="https://news.example/x/y")[1]
    assert figure == Figure("https://news.example/files/a.jpg", None, None)


def test_two_thousand_nested_lists_are_flattened() -> None:
    page = _read("<p>Start.</p>" + "<ul><li>item" * 2000)
    blocks = build_blocks(page, [True] * len(page.segments))
    assert str(blocks).count("'item'") == len(page.segments) - 1


@pytest.mark.parametrize("tag", ["blockquote", "table", "div", "li", "figure"])
def test_any_element_may_nest_deeply(tag: str) -> None:
    page = _read(f"<{tag}>text" * 1500)
    blocks = build_blocks(page, [True] * len(page.segments))
    assert str(blocks).count("text") >= len(page.segments)


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<pre class=python>x</pre>", "python"),
        ("<pre lang=ruby>x</pre>", "ruby"),
        ("<pre><code class='sql nowrap'>x</code></pre>", "sql"),
        ("<pre lang=en>x</pre>", None),
        ("<div class=go><pre class=wide>x</pre></div>", None),
    ],
)
def test_language_named_by_a_bare_word(html: str, language: str | None) -> None:
    (block,) = build_blocks(_read(html), [True])
    assert block == Code("x", language)
