"""Quotes: block quotes, pull quotes and embedded posts, with who said them as the last line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, cast

from scraper.blocks import Block, Paragraph, Quote
from scraper.extract.segment import Node, Segmentation
from scraper.extract.segment_links import SegmentTexts
from scraper.extract.words import count_words
from scraper.linked_text import LinkedText, join_texts

_DASHED: Final = re.compile(r"^(?:[—–―]|--)\s*(?=\w)")
# A dash begins what somebody answers as well, in many languages: that ends as sentences do.
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।؟][\"'”’»)」』]*$")
_MOST_SPEAKER_WORDS: Final = 12  # a name, what somebody is, and where it was said
_MOST_SPEAKER_CHARS: Final = 200
_APART_TAGS: Final = frozenset({"footer", "figcaption"})  # what is in one is no part of the words
_MOST_LOOKED_AT: Final = 24  # elements in a figure


def build_quote(texts: SegmentTexts, node: int, segments: Sequence[int]) -> Quote:
    """The quote at `node`, of which `segments` are kept: each is a line of it.

    Who said it has a line of its own, the last, also where it is only marked up in the line.
    """
    whole = join_texts("\n", [texts.of(index) for index in segments])
    cut = _find_speaker(texts.segmentation, node, segments[-1], whole.text)
    if cut is not None:
        whole = replace(whole, text=f"{whole.text[:cut]}\n{whole.text[cut + 1 :]}")
    return Quote(whole.text, whole.links)


def join_speakers(blocks: Sequence[Block]) -> Iterator[Block]:
    r"""The blocks, in which a line below a quote that a dash begins is the quote's last line.

    Example:
        >>> [block.text for block in join_speakers([Quote("It rained."), Paragraph("— Ida Lund")])]
        ['It rained.\n— Ida Lund']
    """
    waiting: Quote | None = None
    for block in blocks:
        if waiting is not None and isinstance(block, Paragraph) and _names_speaker(block.text):
            parts = (LinkedText(part.text, part.links) for part in (waiting, block))
            joined = join_texts("\n", list(parts))
            yield Quote(joined.text, joined.links)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = block if isinstance(block, Quote) else None
        if waiting is None:
            yield block
    if waiting is not None:
        yield waiting


def holds_quote(segmentation: Segmentation, figure: int) -> bool:
    """Whether a figure shows a quote, and its caption says whose: it holds no picture."""
    nodes = segmentation.nodes
    inside: list[Node] = []
    for node in nodes[figure + 1 : figure + 1 + _MOST_LOOKED_AT]:
        if node.depth <= nodes[figure].depth:
            break
        inside.append(node)
    if not any(node.tag == "blockquote" for node in inside):
        return False
    return next(nodes[figure].element.iter("img"), None) is None


def _names_speaker(text: str) -> bool:
    if len(text) > _MOST_SPEAKER_CHARS or not _DASHED.match(text):
        return False
    return count_words(text) <= _MOST_SPEAKER_WORDS and not _SENTENCE_END.search(text)


def _find_speaker(segmentation: Segmentation, node: int, last: int, text: str) -> int | None:
    """Where a space parts the quote's last words, which say who said it, from those before.

    None where they have a line of their own.
    """
    segment = segmentation.segments[last]
    start = len(text) - len(segment.text)
    if segment.lines is not None and _names_speaker(segment.lines[-1]):
        return len(text) - len(segment.lines[-1]) - 1
    is_apart = segmentation.nodes[segment.node].tag in _APART_TAGS
    if is_apart or segment.inline is None:
        return None
    for cite in segmentation.nodes[node].element.iter("cite"):
        words = cast("Iterator[str]", cite.itertext("*"))
        name = " ".join("".join(words).split())
        before = len(text) - len(name) - 1
        if name and text.endswith(name) and before > start and text[before] == " ":
            dash = re.search(r"\s[—–―-]+$", text[start:before])
            return start + dash.start() if dash else before
    return None
