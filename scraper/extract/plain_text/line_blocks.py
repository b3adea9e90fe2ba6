"""Kept lines as blocks: headings, nested lists, tables and paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.blocks import Block, Heading, ListBlock, ListItem, Paragraph
from scraper.extract.faq.questions import FAQ_TITLE
from scraper.extract.plain_text.line_links import with_links
from scraper.extract.plain_text.lines import Line
from scraper.extract.words import count_words, is_unspaced
from scraper.linked_text import make_table

HEADING_LEVEL: Final = 2  # flattened text says nothing about depth
_MAX_HEADING_CHARS: Final = 120  # longer ones are paragraphs whose last stop was lost
_MAX_LIST_HEADING_CHARS: Final = 60  # longer above a list: the sentence that the items complete
_MOST_UNSPACED_WORDS: Final = 9  # of a heading in a script without stops
_NOT_A_HEADING_END: Final = re.compile(r"[.,;:…。．，、；：،؛।][\"'”’»)\]]*$")
_SENTENCE_END: Final = re.compile(r"[.!?:…。！？：؟।][\"'”’»)\]」]*$")
_OPENING: Final = frozenset("\"'“”‘’«»„‚¿¡([#「『《【$€£")
_MIN_TABLE_ROWS: Final = 2  # one row alone is a line with gaps in it
_MAX_LIST_DEPTH: Final = 12  # bounds recursion over blocks; people's lists are two or three deep


@dataclass(slots=True)
class _OpenItem:
    text: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _OpenList:
    indent: int
    ordered: bool
    items: list[_OpenItem] = field(default_factory=list)


def find_headings(lines: Sequence[Line], kept: Sequence[int]) -> frozenset[int]:
    """Which of the kept lines are headings: short, unpunctuated, apart, and above running text.

    Empty where more than half of the lines would be: then the page is a list.
    """
    apart = any(lines[index].blank_before for index in kept)
    found: set[int] = set()
    for place in range(len(kept) - 2, -1, -1):  # from the end: a heading may stand above another
        line, following = lines[kept[place]], kept[place + 1]
        under = lines[following]
        if not _looks_like_heading(line, apart=apart and place > 0):
            continue
        is_longer = len(under.text) > max(60, len(line.text))
        opens_text = is_longer or _reads_as_sentence(under.text)
        if under.bullet and not line.bullet:
            is_short = len(line.text) <= _MAX_LIST_HEADING_CHARS and not under.text[0].islower()
            opens_text = bool(is_short and under.blank_before and line.blank_before)
        if apart and not under.blank_before and not under.bullet:
            opens_text = False  # the first line of a paragraph that is broken into lines
        is_faq_title = bool(FAQ_TITLE.search(line.text)) and len(line.text) < 60
        if opens_text or following in found or is_faq_title:
            found.add(kept[place])
    return frozenset(found) if 2 * len(found) <= len(kept) else frozenset()


def _looks_like_heading(line: Line, *, apart: bool) -> bool:
    text = line.text
    if not 2 < len(text) <= _MAX_HEADING_CHARS or _NOT_A_HEADING_END.search(text):
        return False
    if (line.bullet and not line.is_numbered) or len(line.cells) > 1:
        return False
    if text[0].islower() or not (text[0].isalnum() or text[0] in _OPENING):
        return False
    if not any(map(str.isalpha, text)):
        return False
    if _is_unended_sentence(text):
        return False
    return not apart or line.blank_before > 0


def _reads_as_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text)) or _is_unended_sentence(text)


def _is_unended_sentence(text: str) -> bool:
    """Whether a text is long for a heading in a script that ends no sentence with a stop."""
    return is_unspaced(text) and count_words(text) > _MOST_UNSPACED_WORDS


def build_line_blocks(
    lines: Sequence[Line], kept: Sequence[int], headings: frozenset[int]
) -> tuple[Block, ...]:
    """The kept lines as blocks, in order; every line's text lands in one of them.

    The web addresses that are written out in it are its links.
    """
    return tuple(_blocks(lines, kept, headings))


def _blocks(
    lines: Sequence[Line], kept: Sequence[int], headings: frozenset[int]
) -> Iterator[Block]:
    open_lists: list[_OpenList] = []
    rows: list[Line] = []
    single_numbers = _lonely_numbers(lines, kept)
    for index in kept:
        line = lines[index]
        if rows and len(line.cells) < 2:
            yield from _table(rows)
            rows = []
        is_item = bool(line.bullet) and index not in headings and index not in single_numbers
        if is_item:
            yield from _add_item(open_lists, line)
            continue
        if open_lists and index not in headings and line.indent > open_lists[-1].indent:
            open_lists[-1].items[-1].blocks.append(_paragraph(line.text))
            continue
        yield from _close(open_lists)
        if index in headings:
            heading = with_links(line.marked_text)
            yield Heading(HEADING_LEVEL, heading.text, heading.links)
        elif len(line.cells) > 1:
            rows.append(line)
        else:
            yield _paragraph(line.marked_text)
    yield from _table(rows)
    yield from _close(open_lists)


def _lonely_numbers(lines: Sequence[Line], kept: Sequence[int]) -> set[int]:
    """Numbered lines without a numbered neighbour: chapters or dates, not lists."""
    lonely: set[int] = set()
    for place, index in enumerate(kept):
        if not lines[index].is_numbered:
            continue
        around = [kept[p] for p in (place - 1, place + 1) if 0 <= p < len(kept)]
        nested = place + 1 < len(kept) and lines[kept[place + 1]].indent > lines[index].indent
        if not nested and not any(lines[i].bullet for i in around):
            lonely.add(index)
    return lonely


def _add_item(open_lists: list[_OpenList], line: Line) -> Iterator[Block]:
    """Puts an item where its indentation says; yields the list that it ends, if any."""
    while len(open_lists) > 1 and line.indent < open_lists[-1].indent:
        _fold(open_lists)
    last = open_lists[-1] if open_lists else None
    if last is not None and line.indent > last.indent + 1 and len(open_lists) < _MAX_LIST_DEPTH:
        open_lists.append(_OpenList(line.indent, line.is_numbered))
    # Numbers after bullets, or the reverse, begin another list; deeper down tools mix them.
    elif last is None or (last.ordered != line.is_numbered and len(open_lists) == 1):
        yield from _close(open_lists)
        open_lists.append(_OpenList(line.indent, line.is_numbered))
    open_lists[-1].items.append(_OpenItem(line.text))


def _fold(open_lists: list[_OpenList]) -> None:
    """The innermost list becomes a block of the item it stands under."""
    inner = open_lists.pop()
    open_lists[-1].items[-1].blocks.append(_finished(inner))


def _close(open_lists: list[_OpenList]) -> Iterator[Block]:
    while len(open_lists) > 1:
        _fold(open_lists)
    if open_lists:
        yield _finished(open_lists.pop())


def _finished(done: _OpenList) -> ListBlock:
    items = (
        ListItem(item.text, tuple(item.blocks), with_links(item.text).links) for item in done.items
    )
    return ListBlock(done.ordered, tuple(items))


def _table(rows: Sequence[Line]) -> Iterator[Block]:
    if len(rows) >= _MIN_TABLE_ROWS:
        yield make_table([[with_links(cell) for cell in line.cells] for line in rows], None)
    else:
        yield from (_paragraph(line.text) for line in rows)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(text, with_links(text).links)
