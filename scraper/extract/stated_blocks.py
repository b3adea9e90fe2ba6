"""The body of a page that shows none, from what it states and from what its scripts hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from scraper.article import LiveEntry
from scraper.blocks import Block, Heading, Paragraph
from scraper.errors import ExtractionError
from scraper.extract.blocks import build_blocks
from scraper.extract.classify.boilerplate_labels import recognize_label
from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata
from scraper.extract.segment import segment_tree
from scraper.extract.structured.page_state.find_states import find_states
from scraper.extract.structured.page_state.find_story import (
    PageNames,
    find_story,
    fold_words,
    slug_of,
)
from scraper.extract.structured.page_state.write_html import write_story
from scraper.extract.structured.stated_body import count_stated_chars, find_stated_markup
from scraper.extract.structured.structured_data import StructuredData, nodes_of_type
from scraper.render.text import render_text

STATED_CONFIDENCE: Final = 0.5
"""Of a body that stands in no place of the page: it may be cut short."""

# A page that shows less than this share of the text it states is drawn by scripts. Of a hundred
# labelled ones that state it, such a page shows 4%; the next shows 42%, and shows it rightly.
_LEAST_SHOWN: Final = 0.25
# Of the text in a state, which is found by its headline, where the page shows some lines at most.
_LEAST_LINES_SHOWN: Final = 0.6
_FEW_CHARS: Final = 600
_GOOD_CHARS: Final = 250  # of shown text that are no notice; a state has to hold them to be better
_MOST_SHOWN: Final = 1_500  # whoever shows more shows the story
_AS_LONG: Final = 0.9  # of a stated body: a state that has this much is no summary
_MOST_HEADINGS: Final = 8
_MOST_TITLE: Final = 400
_HEADLINE_WORDS: Final = 3  # fewer are as likely the name of a site, or of a section
_SAMPLE: Final = 40  # letters of a shown line that are looked for in a state's


@dataclass(frozen=True, slots=True)
class StatedBlocks:
    """Blocks that the page does not show, and where they were found."""

    blocks: tuple[Block, ...]
    text: str
    source: str


def build_html(markup: str, *, base_url: str | None, title: str | None) -> tuple[Block, ...]:
    """The blocks of a piece of HTML that holds a story and nothing else.

    Example:
        >>> [type(block).__name__ for block in build_html("<h2>a</h2>b", base_url=None, title=None)]
        ['Heading', 'Paragraph']
    """
    try:
        root = parse_html(f"<article>{markup}</article>")
    except ExtractionError:
        return ()
    segmentation = segment_tree(root)
    kept = [recognize_label(segment.text) is None for segment in segmentation.segments]
    return build_blocks(segmentation, kept, base_url=base_url, title=title)


def find_stated_blocks(
    root: etree._Element,
    structured: StructuredData,
    metadata: Metadata,
    *,
    shown: str,
    entries: Sequence[LiveEntry],
    url: str | None,
) -> StatedBlocks | None:
    """The body a page states or holds in its scripts; None where it shows enough of its own.

    Args:
        root: The page.
        structured: Its JSON-LD and microdata.
        metadata: Its fields: a text under another headline is another story's.
        shown: The text that was found on the page itself.
        entries: Those of a live blog, as they are stated.
        url: Where the page came from.
    """
    told = sum(len(entry.text) for entry in entries)
    if told >= _GOOD_CHARS and len(shown) < min(_MOST_SHOWN, _LEAST_SHOWN * told):
        blocks = tuple(block for entry in entries for block in _blocks_of(entry))
        return StatedBlocks(blocks, render_text(blocks), "json-ld liveBlogUpdate")
    if len(shown) > max(_MOST_SHOWN, _LEAST_SHOWN * count_stated_chars(structured)):
        return None
    names = _name_page(root, metadata, url)
    base_url = url or metadata.canonical_url
    found: StatedBlocks | None = None
    markup = find_stated_markup(structured, names.titles)
    if markup is not None and len(shown) < _LEAST_SHOWN * len(markup):
        blocks = build_html(write_story(markup, {}), base_url=base_url, title=metadata.title)
        stated = StatedBlocks(blocks, render_text(blocks), "json-ld articleBody")
        if len(shown) < _LEAST_SHOWN * len(stated.text):
            found = stated
    if len(shown) > _MOST_SHOWN or _is_product(root, structured):
        return found
    least = _LEAST_LINES_SHOWN if len(shown) < _FEW_CHARS else _LEAST_SHOWN
    story = find_story(find_states(root), names)
    if story is None or len(shown) >= least * story.chars:
        return found
    blocks = build_html(story.html, base_url=base_url, title=metadata.title)
    held = StatedBlocks(blocks, render_text(blocks), f"page state {story.source}")
    if len(shown) >= least * len(held.text) or not _holds_shown(held.text, shown):
        return found
    # What is written for the page's own scripts is whole, and says what is a heading.
    return held if found is None or len(held.text) >= _AS_LONG * len(found.text) else found


def _is_product(root: etree._Element, structured: StructuredData) -> bool:
    """Whether a page sells something: its state describes that, and tells no story."""
    kind = root.find(".//meta[@property='og:type']")
    if kind is not None and (kind.get("content") or "").startswith(("product", "og:product")):
        return True
    return any(nodes_of_type(structured, "Product", "ProductGroup"))


def _blocks_of(entry: LiveEntry) -> Iterator[Block]:
    if entry.heading:
        yield Heading(2, entry.heading)
    for line in entry.text.split("\n"):
        yield Paragraph(line)


def _holds_shown(text: str, shown: str) -> bool:
    """Whether a state's text holds most of what the page shows, where that may be a story."""
    if len(shown) < _GOOD_CHARS:
        return True
    folded = fold_words(text)
    samples = [s for line in shown.split("\n") if len(s := fold_words(line)[:_SAMPLE]) == _SAMPLE]
    return 2 * sum(sample in folded for sample in samples) >= len(samples)


def _name_page(root: etree._Element, metadata: Metadata, url: str | None) -> PageNames:
    headings = ("".join(map(str, h.itertext("*"))) for h in islice(root.iter("h1"), _MOST_HEADINGS))
    metas = (
        meta.get("content") or ""
        for meta in root.iter("meta")
        if (meta.get("property") or meta.get("name")) in {"og:title", "twitter:title"}
    )
    titles = [metadata.title or "", root.findtext(".//title") or "", *metas, *headings]
    site = fold_words(metadata.site_name or "")
    folded = {f: t for t in titles if len(t) <= _MOST_TITLE and (f := fold_words(t)) and f != site}
    is_told_apart = any(
        len(t.split()) >= _HEADLINE_WORDS or not t[:_HEADLINE_WORDS].isascii()
        for t in folded.values()
    )
    return PageNames(tuple(folded), slug_of(url or metadata.canonical_url or ""), is_told_apart)
