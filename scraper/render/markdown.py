"""Blocks as GitHub-flavoured Markdown (CommonMark 0.31, GFM tables)."""

import re
from collections.abc import Sequence
from typing import Final

from scraper.blocks import Block, Code, Figure, Heading, ListBlock, Paragraph, Quote, Table

# Characters that can start or end an inline construct anywhere in a line. The pattern begins with
# all of them and looks back at which it was: so the search skips what is none of them at once.
_INLINE: Final = re.compile(
    r"([\\`*\[\]<|~_!&])"
    r"(?:(?<![_!&])|(?<=_)(?!\w)|(?<=_)(?<!\w_)|(?<=!)(?=\[)|(?<=&)(?=#?\w+;))"
)
# What makes a block of a line that begins with it. Ordered-list markers are handled apart.
_LINE_START: Final = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-{2,}\s*$|:?-+:?\s*$)")
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_STARTERS: Final = frozenset("#-+>=:0123456789")
_FENCE: Final = re.compile(r"`{3,}")
_URL_UNSAFE: Final = re.compile(r"[\s<>()\\\x00-\x1f]")


def render_markdown(blocks: Sequence[Block]) -> str:
    r"""The Markdown of `blocks`; text that looks like markup is escaped. Ends without a line break.

    Example:
        >>> render_markdown([Heading(2, "Rain"), Paragraph("1. It is *not* over")])
        '## Rain\n\n1\\. It is \\*not\\* over'
    """
    rendered: list[str] = []
    for position, block in enumerate(blocks):
        after_list = position > 0 and isinstance(blocks[position - 1], ListBlock)
        if after_list and isinstance(block, ListBlock):
            rendered.append("<!-- -->")  # two lists in a row would become one
        text = _render(block)
        if text:
            rendered.append(text)
    return "\n\n".join(rendered)


def escape_markdown(text: str) -> str:
    """`text` as it must be written to appear as it is in a Markdown paragraph."""
    lines = [_escape_line(line) for line in text.splitlines()]
    return lines[0] if len(lines) == 1 else "\n".join([line for line in lines if line])


def _escape_line(line: str) -> str:
    line = " ".join(line.split())
    if _INLINE.search(line):  # most lines hold none, and replacing with a template costs more
        line = _INLINE.sub(r"\\\1", line)
    if line[:1] in _STARTERS:
        line = _LINE_START.sub(r"\\\1", line)
        line = _NUMBERED.sub(r"\1\\\2", line)
    return line


def _one_line(text: str) -> str:
    return escape_markdown(text).replace("\n", " ") if text else ""


def _render(block: Block) -> str:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading(level, text):
            title = _one_line(text)
            closing = re.sub(r"(#+)$", r"\\\1", title)  # a trailing run of # would be dropped
            return f"{'#' * min(max(level, 1), 6)} {closing}" if title else ""
        case Paragraph(text):
            return escape_markdown(text)
        case Quote(text):
            paragraphs = [_escape_line(line) for line in text.splitlines() if line.strip()]
            return "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)
        case Code(text, language):
            return _render_code(text, language)
        case ListBlock():
            return _render_list(block)
        case Table():
            return _render_table(block)
        case Figure():
            return _render_figure(block)


def _render_code(text: str, language: str | None) -> str:
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    info = re.sub(r"[\s`]", "", language or "")
    return f"{fence}{info}\n{text}\n{fence}"


def _render_list(block: ListBlock) -> str:
    lines: list[str] = []
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}." if block.ordered else "-"
        nested = render_markdown(item.blocks)
        text = _one_line(item.text)
        # A nested list follows its item's text at once; anything else needs an empty line.
        gap = "\n" if item.blocks and isinstance(item.blocks[0], ListBlock) else "\n\n"
        body = gap.join(part for part in (text, nested) if part)
        indent = " " * (len(marker) + 1)
        first, *rest = body.split("\n")
        lines.append(f"{marker} {first}".rstrip())
        lines.extend(f"{indent}{line}" if line.strip() else "" for line in rest)
    return "\n".join(lines)


def _render_table(block: Table) -> str:
    width = max((len(row) for row in block.rows), default=0)
    caption = _one_line(block.caption or "")
    if not width:
        return caption
    rows = [[_one_line(cell) for cell in row] + [""] * (width - len(row)) for row in block.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"| {' | '.join(['---'] * width)} |")
    table = "\n".join(lines)
    return f"{caption}\n\n{table}" if caption else table


def _render_figure(block: Figure) -> str:
    url = _URL_UNSAFE.sub(
        lambda m: "".join(f"%{b:02X}" for b in m.group().encode()), block.image_url
    )
    image = f"![{_one_line(block.alt or '')}]({url})"
    caption = _one_line(block.caption or "")
    return f"{image}\n\n{caption}" if caption else image
