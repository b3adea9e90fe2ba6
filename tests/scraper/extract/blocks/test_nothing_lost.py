"""Whatever the page: every kept segment's words land in the blocks, once."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blocks import Block, Code, Figure, Heading, ListBlock, Paragraph, Quote, Table
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree
from scraper.render.markdown import render_markdown
from scraper.render.text import render_text

_TAGS = (
    "p div ul ol li dl dt dd blockquote pre code table tr td th caption figure figcaption h2 h3 b "
    "a section article td summary details button img br span"
).split()
_ATTRIBUTES = ("", ' class="wp-caption-text"', ' class="pullquote"', ' colspan="3"', " hidden")


@st.composite
def _markup(draw: st.DrawFn) -> str:
    pieces = []
    for number in range(draw(st.integers(1, 25))):
        tag = draw(st.sampled_from(_TAGS))
        opening = draw(st.booleans())
        attribute = draw(st.sampled_from(_ATTRIBUTES)) if opening else ""
        pieces.append(f"<{tag}{attribute}>" if opening else f"</{tag}>")
        if draw(st.booleans()):
            pieces.append(f" word{number}w ")
    return "<body>" + "".join(pieces) + " end"


def _words(blocks: tuple[Block, ...]) -> Counter[str]:
    words: Counter[str] = Counter()
    for block in blocks:
        match block:
            case Heading(_, text) | Paragraph(text) | Quote(text) | Code(text, _):
                words.update(text.split())
            case ListBlock(_, items):
                for item in items:
                    words.update(item.text.split())
                    words += _words(item.blocks)
            case Table(rows, caption):
                words.update((caption or "").split())
                for row in rows:
                    words.update(" ".join(row).split())
            case Figure(_, _, caption):
                words.update((caption or "").split())
    return words


@given(_markup())
@settings(max_examples=150, deadline=None)
def test_every_kept_word_lands_once(html: str) -> None:
    segmentation = segment_tree(parse_html(html))
    kept = [True] * len(segmentation.segments)
    blocks = build_blocks(segmentation, kept, base_url=None, title=None)
    wanted: Counter[str] = Counter()
    for segment in segmentation.segments:
        wanted.update(segment.text.split())
    found = _words(blocks)
    assert not found - wanted
    trailing = wanted - found  # a heading with nothing under it is left out
    headings = {"h2", "h3"}
    assert not trailing or any(f"<{tag}" in html for tag in headings)
    assert render_markdown(blocks) or not wanted or trailing
    assert Counter(render_text(blocks).split()) <= found


@given(_markup(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_dropped_words_stay_out(html: str, random: object) -> None:
    segmentation = segment_tree(parse_html(html.replace("<h2", "<p").replace("<h3", "<p")))
    kept = [random.random() < 0.5 for _ in segmentation.segments]  # type: ignore[attr-defined]  # hypothesis gives a Random
    blocks = build_blocks(segmentation, kept)
    wanted: Counter[str] = Counter()
    for segment, keep in zip(segmentation.segments, kept, strict=True):
        if keep:
            wanted.update(segment.text.split())
    captions = Counter(
        word for s in segmentation.segments for word in s.text.split()
    )  # a kept picture brings its caption along
    found = _words(blocks)
    assert not wanted - found
    assert not (found - wanted) - captions
