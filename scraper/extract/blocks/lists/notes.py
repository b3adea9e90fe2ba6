"""Footnotes: prose that belongs to places in the text, though it is marked up as a list."""

import re
from typing import Final

from scraper.blocks import Block, Paragraph
from scraper.extract.blocks.structure import Chain
from scraper.extract.segment import Segmentation
from scraper.linked_text import LinkedText

_NOTES: Final = re.compile(r"(?<![a-z])(?:foot|end)notes?(?![a-z])")
_NOTE_ID: Final = re.compile(
    r"^(?:user-content-)?(?:fn|footnote|endnote|_ftn|sdfootnote)[-:_.]?\w", re.I
)
_WAY_BACK: Final = re.compile(r"(?:\s*[↩↑⤴⏎]\ufe0e?\s*\d*)+$")


def is_of_notes(segmentation: Segmentation, list_node: int, item: Chain) -> bool:
    """Whether the list at `list_node` holds footnotes; `item` leads to one of its items.

    Lists of works cited are lists, though the text refers to their items in the same way.
    """
    nodes = segmentation.nodes
    node, parent = nodes[list_node], nodes[max(nodes[list_node].parent, 0)]
    if _NOTES.search(node.marks) or _NOTES.search(parent.marks):
        return True
    if parent.tag == "aside" and node.tag == "ol" and parent.end - parent.start == 1:
        return True  # a note in the margin, with its number
    return bool(item) and bool(_NOTE_ID.match(nodes[item[0].node].element.get("id") or ""))


def without_way_back(block: Block) -> Block:
    """A note without the arrow that leads back to where the text refers to it."""
    if isinstance(block, Paragraph):
        way_back = _WAY_BACK.search(block.text)
        if way_back and way_back.start():
            note = LinkedText(block.text, block.links).cut(0, way_back.start())
            return Paragraph(note.text, note.links)
    return block
