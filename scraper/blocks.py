"""The parts an article's body is made of, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a text that lead to another page.

    Attributes:
        text: The words; they stand in the text they are part of at `offset`.
        url: Where they lead: absolute, http or https.
        rel: What the page says about it (``nofollow``, ``sponsored``), as written; None when
            nothing.
        offset: Characters of that text before `text`.
    """

    text: str
    url: str
    rel: str | None
    offset: int


@dataclass(frozen=True, slots=True)
class CellLink(Link):
    """A link in a cell of a table; its offset is in the text of that cell.

    Attributes:
        row: Index of the row in `Table.rows`.
        column: Index of the cell in that row.
    """

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading; level 1 to 6."""

    level: int
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item; `blocks` holds what is nested under its text: lists, paragraphs, code."""

    text: str
    blocks: tuple["Block", ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bulleted or numbered list."""

    ordered: bool
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else: a block quote or an embedded post. Paragraphs are lines of `text`."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted source text; `language` is None where the page names none."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of data; rows may differ in length.

    Attributes:
        links: Those of the cells are each a `CellLink`; the others stand in the caption.
    """

    rows: tuple[tuple[str, ...], ...]
    caption: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """An image of the article with what is said about it; its links stand in the caption."""

    image_url: str
    alt: str | None = None
    caption: str | None = None
    links: tuple[Link, ...] = ()


Block = Heading | Paragraph | ListBlock | Quote | Code | Table | Figure
BlockKind = Literal["heading", "paragraph", "list", "quote", "code", "table", "figure"]


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


def iter_links(blocks: tuple[Block, ...]) -> Iterator[Link]:
    """Every link in reading order, those of nested blocks after those of the item that holds them.

    Example:
        >>> here = Link("Here", "https://news.example/", None, 0)
        >>> [link.url for link in iter_links((Paragraph("Here it rained.", (here,)),))]
        ['https://news.example/']
    """
    for block in blocks:
        match block:
            case ListBlock(_, items):
                for item in items:
                    yield from item.links
                    yield from iter_links(item.blocks)
            case Heading() | Paragraph() | Quote() | Table() | Figure():
                yield from block.links
            case Code():
                pass
            case _:
                assert_never(block)


def without_links(block: Block) -> Block:
    """The same words with no links: two pages may link them to different places."""
    match block:
        case ListBlock(_, items):
            return replace(block, items=tuple(_item_without_links(item) for item in items))
        case Heading() | Paragraph() | Quote() | Table() | Figure():
            return replace(block, links=()) if block.links else block
        case Code():
            return block
        case _:
            assert_never(block)


def _item_without_links(item: ListItem) -> ListItem:
    return ListItem(item.text, tuple(without_links(block) for block in item.blocks))


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
