"""Lists: ordered, unordered and of definitions, with what is nested in their items."""

from collections.abc import Sequence

from scraper.blocks import Block, Figure, Heading, ListBlock, ListItem, Paragraph
from scraper.extract.segment import Node


def is_ordered(node: Node) -> bool:
    """Whether the list's items are numbered."""
    return node.tag == "ol"


def build_item(parts: Sequence[Block]) -> ListItem:
    """The item that holds `parts`: its text is the first paragraph, the rest is nested under it.

    Pictures before the paragraph are nested as well; an item that begins with anything else has an
    empty text.
    """
    for place, part in enumerate(parts):
        if isinstance(part, Paragraph):
            return ListItem(part.text, (*parts[:place], *parts[place + 1 :]), part.links)
        if not isinstance(part, Figure):
            break
    return ListItem("", tuple(parts))


def lays_out(parts: Sequence[Block]) -> bool:
    """Whether an item holds a section under a heading of its own, or nothing but pictures."""
    first = next((part for part in parts if not isinstance(part, Figure)), None)
    return bool(parts) and (first is None or isinstance(first, Heading))


def build_list(*, ordered: bool, items: Sequence[ListItem]) -> ListBlock | None:
    """The list of those items; None when there is none."""
    return ListBlock(ordered, tuple(items)) if items else None
