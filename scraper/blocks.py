"""The parts an article's body is made of, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading; level 1 to 6."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item; `blocks` holds what is nested under its text: lists, paragraphs, code."""

    text: str
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list."""

    ordered: bool
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else: a block quote or an embedded post. Paragraphs are lines of `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted source text; `language` is None where the page names none."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of data; rows may differ in length."""

    rows: tuple[tuple[str, ...], ...]
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """An image of the article with what is said about it."""

    image_url: str
    alt: str | None = None
    caption: str | None = None


Block = Heading | Paragraph | ListBlock | Quote | Code | Table | Figure


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A list item with its place: which list of the article, which item of it, how deep."""

    list_position: int
    position: int
    depth: int
    ordered: bool
    text: str


@dataclass(slots=True)
class _ListCounter:
    lists_seen: int = 0
    items: list[PlacedItem] = field(default_factory=list)


def iter_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block in reading order, nested ones after the block that holds them."""
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from iter_blocks(item.blocks)


def place_list_items(blocks: tuple[Block, ...]) -> list[PlacedItem]:
    """The items of every list in reading order, each list (also a nested one) with its own number.

    Example:
        >>> inner = ListBlock(ordered=False, items=(ListItem("b"),))
        >>> [i.depth for i in place_list_items((ListBlock(True, (ListItem("a", (inner,)),)),))]
        [0, 1]
    """
    counter = _ListCounter()
    _place(blocks, depth=0, counter=counter)
    return counter.items


def _place(blocks: tuple[Block, ...], *, depth: int, counter: _ListCounter) -> None:
    for block in blocks:
        if not isinstance(block, ListBlock):
            continue
        number = counter.lists_seen
        counter.lists_seen += 1
        for position, item in enumerate(block.items):
            counter.items.append(PlacedItem(number, position, depth, block.ordered, item.text))
            _place(item.blocks, depth=depth + 1, counter=counter)
