"""Blocks as plain text: one block a line."""

from collections.abc import Iterator, Sequence

from scraper.blocks import Block, Code, Figure, Heading, ListBlock, Paragraph, Quote, Table


def render_text(blocks: Sequence[Block]) -> str:
    r"""The text of `blocks`: a line for each block, list item and table row; pictures are left out.

    Example:
        >>> from scraper.blocks import ListItem
        >>> render_text([Heading(2, "Rain"), ListBlock(False, (ListItem("wet"), ListItem("cold")))])
        'Rain\nwet\ncold'
    """
    return "\n".join(line for line in _lines(blocks) if line)


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(_, text) | Paragraph(text) | Quote(text):
                yield text
            case Code(text, _):
                yield text
            case ListBlock(_, items):
                for item in items:
                    yield item.text
                    yield from _lines(item.blocks)
            case Table(rows, caption):
                yield caption or ""
                for row in rows:
                    yield "\t".join(cell for cell in row).strip()
            case Figure():
                pass
