"""Articles from pages that were already flattened to text, so that only lines are left."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from scraper.article import Article
from scraper.extract.controls import drop_controls
from scraper.extract.metadata.language import detect_language
from scraper.extract.plain_text.furniture import complete_lists, without_furniture
from scraper.extract.plain_text.head import Head, find_head
from scraper.extract.plain_text.line_blocks import build_line_blocks, find_headings
from scraper.extract.plain_text.line_faq import find_line_faq
from scraper.extract.plain_text.line_features import Floats
from scraper.extract.plain_text.line_network import line_probabilities
from scraper.extract.plain_text.lines import Line, parse_lines
from scraper.extract.plain_text.wrapping import unwrap_lines
from scraper.render.markdown import render_markdown
from scraper.render.text import render_text

# Out of fold 0.4 is worse for most articles, 0.6 for all other kinds of pages (`weights.json`).
_THRESHOLD: Final = 0.5
_GAP_THRESHOLD: Final = 0.2  # for a line between two kept ones
_LEAST_FIRST_PARAGRAPH_CHARS: Final = 80
_WIDE_STOPS: Final = ("。", "！", "？", "」", "”")


def extract_plain_text(text: str, *, url: str | None = None) -> Article:
    r"""The article in a page's text as a browser saves it, or a WET archive holds it.

    Args:
        text: The whole page, menus and footer and all; its own line breaks part its blocks.
        url: Where the page was; its words help to find the headline.

    Returns:
        The record; its text is empty when no line reads like part of an article.

    Example:
        >>> head = "Menu\n\nRain again\n\nBy Ida Brunn, 3 May 2031\n\n"
        >>> page = head + "It has rained all night in the hills above the town. " * 9
        >>> extract_plain_text(page).authors
        ('Ida Brunn',)
    """
    lines = parse_lines(unwrap_lines(drop_controls(text).splitlines()))
    probabilities = line_probabilities(lines)
    kept = complete_lists(lines, _kept_lines(lines, probabilities))
    start = _first_paragraph(lines, kept)
    head = find_head(lines, start, url) if kept else Head()
    body = without_furniture(lines, [i for i in kept if not _is_head(lines[i], i, head)])
    headings = find_headings(lines, body)
    faq = find_line_faq(lines, body, headings)
    blocks = build_line_blocks(lines, body, headings - faq.questions)
    body_text = render_text(blocks)
    found = {
        "title": head.title,
        "authors": head.authors,
        "published_at": head.published_at,
        "modified_at": head.modified_at,
        "section": head.section,
    }
    return Article(
        url=url,
        title=head.title,
        authors=head.authors,
        published_at=head.published_at,
        modified_at=head.modified_at,
        section=head.section,
        language=detect_language(body_text) if body_text else None,
        text=body_text,
        markdown=render_markdown(blocks),
        blocks=blocks,
        faq=faq.entries,
        confidence=_confidence(lines, body, probabilities),
        evidence={name: "text" for name, value in found.items() if value},
    )


def _kept_lines(lines: Sequence[Line], probabilities: Floats) -> list[int]:
    """Indexes of the likely lines, and of less likely ones that stand between two of them."""
    likely = probabilities > _THRESHOLD
    # A full stop that markup parted from its sentence says nothing by itself.
    signs = np.array([not any(map(str.isalnum, line.text)) for line in lines], bool)
    between = np.zeros_like(likely)
    fits = (probabilities[1:-1] > _GAP_THRESHOLD) | signs[1:-1]
    between[1:-1] = likely[:-2] & likely[2:] & fits
    return [int(index) for index in np.flatnonzero(likely | between)]


def _first_paragraph(lines: Sequence[Line], kept: Sequence[int]) -> int:
    """Index of the first kept line that is long enough to be running text.

    The first kept one where none is; 0 when nothing is kept.
    """
    for index in kept:
        text = lines[index].text
        ideographs = 0 if text.isascii() else sum(char > "\u2fff" for char in text)
        # An ideograph says as much as three letters, in a whole sentence as four.
        weight = 3 if text.endswith(_WIDE_STOPS) else 2
        if len(text) + weight * ideographs >= _LEAST_FIRST_PARAGRAPH_CHARS:
            return index
    return kept[0] if kept else 0


def _is_head(line: Line, index: int, head: Head) -> bool:
    """Whether a kept line belongs to the head, whose fields say it, and not to the body."""
    if head.title_line is not None and index <= head.title_line:
        return True
    return index in head.used or (head.title is not None and line.text == head.title)


def _confidence(lines: Sequence[Line], body: Sequence[int], probabilities: Floats) -> float:
    """How sure the net is of what it kept, each line by its length; 0 for nothing kept."""
    sizes = np.array([len(lines[index].text) for index in body], np.float32)
    if not len(body):
        return 0.0
    return round(float((probabilities[list(body)] * sizes).sum() / sizes.sum()), 4)


__all__ = ["extract_plain_text"]
