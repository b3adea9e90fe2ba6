"""Lists that are only typed: lines that begin with a bullet or a number, parted by <br> or <p>."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.blocks import Block, ListBlock, ListItem, Paragraph

_BULLET: Final = re.compile(r"^[•‣◦▪●○■□►▶➤➔⁃∙]\s*(?=\S)")
_DASH: Final = re.compile(r"^[-*–]\s+(?=\S)")
_NUMBER: Final = re.compile(r"^\(?(\d{1,2})[.)]\s+(?=\S)")
# Not the ticks and crosses, which say something: "✔ included".
_BULLETS: Final = frozenset("•‣◦▪●○■□►▶➤➔⁃∙")
_STARTERS: Final = _BULLETS | frozenset("-*–(0123456789")
_LEAST_LINES: Final = 2
_LEAST_UNMARKED_LINES: Final = 3
_LONGEST_UNMARKED_LINE: Final = 80
_INTRODUCES: Final = (":", "：")
_SENTENCE_ENDS: Final = (".", "!", "?", "。", "…", ":")


def build_lines(lines: Sequence[str]) -> Iterator[Block]:
    """The paragraphs and lists of one paragraph that <br> part into lines.

    Example:
        >>> list(build_lines(["Bring:", "- a rope", "- a tent"]))
        [Paragraph(text='Bring:'), ListBlock(ordered=False, items=(ListItem(text='a rope', \
blocks=()), ListItem(text='a tent', blocks=())))]
    """
    start = 0
    position = 0
    while position < len(lines):
        introduced = position > 0 and lines[position - 1].endswith(_INTRODUCES)
        built, end = _find_list(lines, position, introduced=introduced)
        if built is None:
            position += 1
            continue
        if start < position:
            yield Paragraph(" ".join(lines[start:position]))
        yield built
        start = position = end
    if start < len(lines):
        yield Paragraph(" ".join(lines[start:]))


def join_bullets(blocks: Sequence[Block]) -> list[Block]:
    """Blocks in which paragraphs in a row that begin with the same bullet are one list."""
    if not any(isinstance(block, Paragraph) and block.text[:1] in _BULLETS for block in blocks):
        return list(blocks)
    joined: list[Block] = []
    run: list[str] = []
    for block in (*blocks, None):
        text = block.text if isinstance(block, Paragraph) else ""
        if text and text[0] in _BULLETS and (not run or run[0][0] == text[0]):
            run.append(text)
            continue
        joined.extend(_close(run))
        run = [text] if text and text[0] in _BULLETS else []
        if block is not None and not run:
            joined.append(block)
    return joined


def _close(run: Sequence[str]) -> Iterator[Block]:
    if len(run) < _LEAST_LINES:
        yield from map(Paragraph, run)
    else:
        items = (ListItem(_BULLET.sub("", text) or text) for text in run)
        yield ListBlock(ordered=False, items=tuple(items))


def _find_list(
    lines: Sequence[str], start: int, *, introduced: bool
) -> tuple[ListBlock | None, int]:
    """The list that begins with line `start` and the line after it."""
    first = lines[start]
    if first[0] in _STARTERS:
        if _BULLET.match(first):
            return _list_of(lines, start, _BULLET, ordered=False)
        if _NUMBER.match(first):
            return _list_of(lines, start, _NUMBER, ordered=True)
        if introduced and _DASH.match(first):  # elsewhere a dash may begin what somebody says
            return _list_of(lines, start, _DASH, ordered=False)
    if introduced and len(lines) - start >= _LEAST_UNMARKED_LINES:
        rest = lines[start:]
        if all(
            len(line) <= _LONGEST_UNMARKED_LINE and not line.endswith(_SENTENCE_ENDS)
            for line in rest
        ):
            return ListBlock(ordered=False, items=tuple(map(ListItem, rest))), len(lines)
    return None, start


def _list_of(
    lines: Sequence[str], start: int, marker: re.Pattern[str], *, ordered: bool
) -> tuple[ListBlock | None, int]:
    items: list[ListItem] = []
    expected: int | None = None
    end = start
    for line in lines[start:]:
        match = marker.match(line)
        if match is None:
            break
        if ordered:
            number = int(match[1])
            if expected is not None and number != expected:
                break
            expected = number + 1
        items.append(ListItem(line[match.end() :]))
        end += 1
    if len(items) < _LEAST_LINES:
        return None, start
    return ListBlock(ordered=ordered, items=tuple(items)), end
