"""Undoing the line breaks of tools that wrap text at a fixed width, as Firefox and lynx do."""

from typing import Final

from scraper.extract.plain_text.lines import starts_item
from scraper.extract.words import count_words

_WIDEST: Final = 100  # columns; tools wrap at 72 to 80
_NARROWEST: Final = 40  # columns; a poem is narrower, and its breaks are meant
_LEAST_LINES: Final = 8  # in fewer, lines end near the widest by chance
_LEAST_SHARE: Final = 0.4  # of the lines with one below: as many are full where text is wrapped


def unwrap_lines(raw: list[str]) -> list[str]:
    """The lines with those joined that only a fixed width parted; as they came otherwise.

    A break is undone where the next line's first word would not have fitted, which is what wrapping
    does and people do not.

    Example:
        >>> wrapped = ["It has rained for the whole of the night and the", "river is up."] * 4
        >>> unwrap_lines(wrapped)[0]
        'It has rained for the whole of the night and the river is up.'
    """
    ends = [len(line.rstrip()) for line in raw]
    width = max(ends, default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return raw
    pairs = [i for i in range(len(raw) - 1) if raw[i].strip() and raw[i + 1].strip()]
    breaks = {i for i in pairs if _is_wrapped(raw[i], raw[i + 1], width)}
    if len(pairs) + 1 < _LEAST_LINES or len(breaks) < _LEAST_SHARE * len(pairs):
        return raw
    joined: list[list[str]] = []
    for index, line in enumerate(raw):
        if joined and index - 1 in breaks:
            joined[-1][-1] = joined[-1][-1].rstrip()
            joined[-1].append(line.strip())
        else:
            joined.append([line])
    return [" ".join(parts) for parts in joined]


def _is_wrapped(line: str, following: str, width: int) -> bool:
    first_word = following.split(None, 1)[0]
    if starts_item(following) or len(line.rstrip()) < width // 2:
        return False  # an item begins a line of its own; a short line before a long word is an end
    # Where no spaces part words, a tool parts them where it likes.
    size = -(-len(first_word) // max(1, count_words(first_word)))
    return len(line.rstrip()) + 1 + size > width
