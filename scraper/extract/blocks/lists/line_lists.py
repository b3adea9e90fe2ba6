"""Lists that are only typed: lines that begin with a bullet or a number, parted by <br> or <p>."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from scraper.blocks import Block, ListBlock, ListItem, Paragraph
from scraper.linked_text import LinkedText

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
_SENTENCE_ENDS: Final = (".", "!", "?", "。", "！", "？", "؟", "।", "…", ":")


@dataclass(frozen=True, slots=True)
class _Lines:
    """A text in lines, with a space between them."""

    whole: LinkedText
    lines: Sequence[str]
    starts: Sequence[int]

    def item(self, number: int, marker_chars: int = 0) -> ListItem:
        """The line without its marker, as an item."""
        start = self.starts[number]
        line = self.whole.cut(start + marker_chars, start + len(self.lines[number]))
        return ListItem(line.text, links=line.links)

    def paragraph(self, first: int, end: int) -> Paragraph:
        """The lines from `first` up to `end` as one paragraph."""
        joined = self.whole.cut(self.starts[first], self.starts[end - 1] + len(self.lines[end - 1]))
        return Paragraph(joined.text, joined.links)


def build_lines(whole: LinkedText, lines: Sequence[str]) -> Iterator[Block]:
    """The paragraphs and lists of one paragraph that <br> part into lines.

    Args:
        whole: The paragraph, its lines joined by spaces.
        lines: The lines; none is empty.

    Example:
        >>> lines = ["Bring:", "- a rope", "- a tent"]
        >>> [type(b).__name__ for b in build_lines(LinkedText(" ".join(lines)), lines)]
        ['Paragraph', 'ListBlock']
    """
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    parted = _Lines(whole, lines, starts)
    start = 0
    position = 0
    while position < len(lines):
        introduced = position > 0 and lines[position - 1].endswith(_INTRODUCES)
        built, end = _find_list(parted, position, introduced=introduced)
        if built is None:
            position += 1
            continue
        if start < position:
            yield parted.paragraph(start, position)
        yield built
        start = position = end
    if start < len(lines):
        yield parted.paragraph(start, len(lines))


def join_bullets(blocks: Sequence[Block]) -> list[Block]:
    """Blocks in which paragraphs in a row that begin with the same bullet are one list."""
    if not any(isinstance(block, Paragraph) and block.text[:1] in _BULLETS for block in blocks):
        return list(blocks)
    joined: list[Block] = []
    run: list[Paragraph] = []
    for block in (*blocks, None):
        if isinstance(block, Paragraph) and block.text[:1] in _BULLETS:
            if run and run[0].text[0] != block.text[0]:
                joined.extend(_close(run))
                run = []
            run.append(block)
            continue
        joined.extend(_close(run))
        run = []
        if block is not None:
            joined.append(block)
    return joined


def _close(run: Sequence[Paragraph]) -> Iterator[Block]:
    if len(run) < _LEAST_LINES:
        yield from run
    else:
        yield ListBlock(ordered=False, items=tuple(_without_bullet(block) for block in run))


def _without_bullet(block: Paragraph) -> ListItem:
    bullet = _BULLET.match(block.text)
    item = LinkedText(block.text, block.links).cut(bullet.end() if bullet else 0, len(block.text))
    return ListItem(item.text, links=item.links)


def _find_list(parted: _Lines, start: int, *, introduced: bool) -> tuple[ListBlock | None, int]:
    """The list that begins with line `start` and the line after it."""
    lines = parted.lines
    first = lines[start]
    if first[0] in _STARTERS:
        if _BULLET.match(first):
            return _list_of(parted, start, _BULLET, ordered=False)
        if _NUMBER.match(first):
            return _list_of(parted, start, _NUMBER, ordered=True)
        if introduced and _DASH.match(first):  # elsewhere a dash may begin what somebody says
            return _list_of(parted, start, _DASH, ordered=False)
    if introduced and len(lines) - start >= _LEAST_UNMARKED_LINES:
        rest = range(start, len(lines))
        if all(
            len(lines[number]) <= _LONGEST_UNMARKED_LINE
            and not lines[number].endswith(_SENTENCE_ENDS)
            for number in rest
        ):
            return ListBlock(ordered=False, items=tuple(map(parted.item, rest))), len(lines)
    return None, start


def _list_of(
    parted: _Lines, start: int, marker: re.Pattern[str], *, ordered: bool
) -> tuple[ListBlock | None, int]:
    items: list[ListItem] = []
    expected: int | None = None
    for number in range(start, len(parted.lines)):
        match = marker.match(parted.lines[number])
        if match is None:
            break
        if ordered:
            counted = int(match[1])
            if expected is not None and counted != expected:
                break
            expected = counted + 1
        items.append(parted.item(number, match.end()))
    if len(items) < _LEAST_LINES:
        return None, start
    return ListBlock(ordered=ordered, items=tuple(items)), start + len(items)
