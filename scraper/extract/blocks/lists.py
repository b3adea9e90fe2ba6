"""Lists: ordered, unordered and of definitions, with what is nested in their items."""

from collections.abc import Sequence

from scraper.blocks import Block, ListBlock, ListItem, Paragraph
from scraper.extract.segment import Node


def is_ordered(node: Node) -> bool:
    """Whether the list's items are numbered."""
    return node.tag == "ol"


def build_item(parts: Sequence[Block]) -> ListItem:
    """The item that holds `parts`: its text is the first paragraph, the rest is nested under it.

    An item that begins with something else than a paragraph has an empty text.
    """
    if parts and isinstance(parts[0], Paragraph):
        return ListItem(parts[0].text, tuple(parts[1:]))
    return ListItem("", tuple(parts))


def build_list(*, ordered: bool, items: Sequence[ListItem]) -> ListBlock | None:
    """The list of those items; None when there is none."""
    return ListBlock(ordered, tuple(items)) if items else None
