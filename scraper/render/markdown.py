"""Blocks as GitHub-flavoured Markdown (CommonMark 0.31, GFM tables)."""

import re
from collections.abc import Sequence
from typing import Final, assert_never

from scraper.blocks import Block, Code, Figure, Heading, Link, ListBlock, Paragraph, Quote, Table
from scraper.linked_text import LinkedText, fit_links, split_table

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
_CLOSING: Final = re.compile(r"(?<=\s)#+$")  # at the end of a heading, where it would be dropped
_FENCE: Final = re.compile(r"`{3,}")
# What ends an address, a cell of a table or a line early, or reads as an entity.
_URL_MARKUP: Final = re.compile(r"[\s\x00-\x1f\x7f()<>\\|`]|&(?=#?\w+;)")


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
    if _is_tidy(text):
        return _escape_tidy(text)
    lines = [_escape_line(line) for line in text.splitlines()]
    return lines[0] if len(lines) == 1 else "\n".join([line for line in lines if line])


def _is_tidy(text: str) -> bool:
    """Whether a text is one line with single spaces, as nearly all are: nothing to repair in it."""
    is_spaced = text.isprintable() and "  " not in text  # a break cannot be printed, nor a tab
    return is_spaced and text[:1] != " " and text[-1:] != " "


def _escape_line(line: str) -> str:
    return _escape_tidy(" ".join(line.split()))


def _escape_tidy(line: str) -> str:
    line = _escape_inline(line)
    if line[:1] in _STARTERS:
        line = _LINE_START.sub(r"\\\1", line)
        line = _NUMBERED.sub(r"\1\\\2", line)
    return line


def _escape_inline(words: str) -> str:
    if _INLINE.search(words):  # most lines hold none, and replacing with a template costs more
        return _INLINE.sub(r"\\\1", words)
    return words


def _one_line(text: str, links: Sequence[Link] = ()) -> str:
    if not text:
        return ""
    written = _write(fit_links(text, links)) if links else escape_markdown(text)
    return written.replace("\n", " ")


def _write(whole: LinkedText) -> str:
    """A text with its links, as `escape_markdown` writes one without."""
    if not whole.links:
        return escape_markdown(whole.text)
    if whole.text.isprintable():  # there is no line break in it
        return _write_line(whole)
    lines = (_write_line(line) for line in whole.lines())
    return "\n".join(line for line in lines if line)


def _write_line(line: LinkedText) -> str:
    if not line.links:
        return _escape_line(line.text)
    written: list[str] = []
    is_apart = False  # whether white space stands before what comes next
    for text, link in line.runs():
        words = " ".join(text.split())
        is_apart = is_apart or text[0].isspace()
        if not words:
            continue
        if written and is_apart:
            written.append(" ")
        if link is None:
            written.append(_escape_inline(words) if written else _escape_tidy(words))
        else:
            if written and written[-1][-1] == "!":
                written[-1] = f"{written[-1][:-1]}\\!"  # or it would make a picture of the link
            written.append(f"[{_escape_inline(words)}]({_write_url(link.url)})")
        is_apart = text[-1].isspace()
    return "".join(written)


def _write_url(url: str) -> str:
    """An address as the destination of a link or a picture."""
    return _URL_MARKUP.sub(_escape_in_url, url) if _URL_MARKUP.search(url) else url


def _escape_in_url(match: re.Match[str]) -> str:
    sign = match.group()
    if sign.isprintable() and sign != " ":
        return f"\\{sign}"
    return "".join(f"%{byte:02X}" for byte in sign.encode())


def _render(block: Block) -> str:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading(level, text, links):
            title = _one_line(text, links)
            title = _CLOSING.sub(r"\\\g<0>", title)
            return f"{'#' * min(max(level, 1), 6)} {title}" if title else ""
        case Paragraph(text, links):
            return _write(fit_links(text, links)) if links else escape_markdown(text)
        case Quote(text, links):
            lines = (_write_line(line) for line in fit_links(text, links).lines())
            return "\n>\n".join(f"> {line}" for line in lines if line)
        case Code(text, language):
            return _render_code(text, language)
        case ListBlock():
            return _render_list(block)
        case Table():
            return _render_table(block)
        case Figure():
            return _render_figure(block)
        case _:
            assert_never(block)


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
        text = _one_line(item.text, item.links)
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
    caption, cells = split_table(block)
    above = _write(caption).replace("\n", " ")
    if not width:
        return above
    rows = [
        [_write(cell).replace("\n", " ") for cell in row] + [""] * (width - len(row))
        for row in cells
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"| {' | '.join(['---'] * width)} |")
    table = "\n".join(lines)
    return f"{above}\n\n{table}" if above else table


def _render_figure(block: Figure) -> str:
    image = f"![{_one_line(block.alt or '')}]({_write_url(block.image_url)})"
    caption = _one_line(block.caption or "", block.links)
    return f"{image}\n\n{caption}" if caption else image
