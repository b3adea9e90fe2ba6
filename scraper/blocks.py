"""The parts an article's body is made of, in reading order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, assert_never


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
    """Words of somebody else: a block quote or an embedded post.

    Paragraphs are lines of `text`; where the page says who said it, that is the last line.
    """

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


def block_to_dict(block: Block) -> dict[str, Any]:  # noqa: PLR0911 - one return a kind
    """One block as a dictionary whose `kind` names its type."""
    match block:
        case Heading(level, text, links):
            return {"kind": "heading", "level": level, "text": text, "links": _to_dicts(links)}
        case Paragraph(text, links):
            return {"kind": "paragraph", "text": text, "links": _to_dicts(links)}
        case ListBlock(ordered, items):
            return {"kind": "list", "ordered": ordered, "items": [_item_to_dict(i) for i in items]}
        case Quote(text, links):
            return {"kind": "quote", "text": text, "links": _to_dicts(links)}
        case Code(text, language):
            return {"kind": "code", "text": text, "language": language}
        case Table(rows, caption, links):
            cells = [list(row) for row in rows]
            return {"kind": "table", "rows": cells, "caption": caption, "links": _to_dicts(links)}
        case Figure(image_url, alt, caption, links):
            return {
                "kind": "figure",
                "image_url": image_url,
                "alt": alt,
                "caption": caption,
                "links": _to_dicts(links),
            }
        case _:
            assert_never(block)


def _item_to_dict(item: ListItem) -> dict[str, Any]:
    return {
        "text": item.text,
        "blocks": [block_to_dict(block) for block in item.blocks],
        "links": _to_dicts(item.links),
    }


def _to_dicts(links: Sequence[Link]) -> list[dict[str, Any]]:
    """Links as dictionaries; those of cells alone have a row and a column."""
    return [{name: getattr(link, name) for name in link.__dataclass_fields__} for link in links]


def block_from_dict(record: Mapping[str, Any]) -> Block:  # noqa: PLR0911 - one return a kind
    """The inverse of `block_to_dict`; a record from before links were kept has none.

    Raises:
        KeyError: A key is missing.
        ValueError: The kind is unknown.
    """
    match record["kind"]:
        case "heading":
            return Heading(record["level"], record["text"], _links_of(record))
        case "paragraph":
            return Paragraph(record["text"], _links_of(record))
        case "list":
            items = (
                ListItem(
                    item["text"],
                    tuple(block_from_dict(block) for block in item.get("blocks") or ()),
                    _links_of(item),
                )
                for item in record["items"]
            )
            return ListBlock(record["ordered"], tuple(items))
        case "quote":
            return Quote(record["text"], _links_of(record))
        case "code":
            return Code(record["text"], record.get("language"))
        case "table":
            rows = tuple(tuple(row) for row in record["rows"])
            return Table(rows, record.get("caption"), _links_of(record))
        case "figure":
            image_url, caption = record["image_url"], record.get("caption")
            return Figure(image_url, record.get("alt"), caption, _links_of(record))
        case kind:
            raise ValueError(f"unknown kind of block: {kind!r}")


def _links_of(record: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(_link_from_dict(link) for link in record.get("links") or ())


def _link_from_dict(record: Mapping[str, Any]) -> Link:
    place = record["text"], record["url"], record.get("rel"), record["offset"]
    return CellLink(*place, record["row"], record["column"]) if "row" in record else Link(*place)
