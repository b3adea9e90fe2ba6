"""A flattened page as lines: what each says, how deep it stands, whether it is a list item."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_BULLET: Final = re.compile(r"^([•◦▪▫■□●○‣⁃∙·*+-]|o(?=\s{1,3}\S))(?:\s+|$)")
_NUMBER: Final = re.compile(r"^(\d{1,3}|[a-z])[.)]\s+(?=\S)")
_COLUMNS: Final = re.compile(r"\s{3,}")
_TAB_WIDTH: Final = 4
_LEAST_INDENT_OF_O: Final = 4  # it marks the third level of lists; in Portuguese it is a word
# What lies beyond these is left out, so that hostile texts end. The longest of 536 flattened pages
# has 1,720 lines, the longest line 9,014 characters.
_MAX_CELLS: Final = 100
_MAX_LINES: Final = 50_000
_MAX_LINE_CHARS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line with text in it.

    Attributes:
        text: White space collapsed, the bullet or number taken off.
        indent: Columns before the text or its bullet.
        bullet: The sign or number that makes it an item; empty for none.
        blank_before: Empty lines between the line before and this one.
        cells: What stands between runs of three or more spaces: the columns of a table.
    """

    text: str
    indent: int
    bullet: str
    blank_before: int
    cells: tuple[str, ...]

    @property
    def marked_text(self) -> str:
        """The text with the bullet or number it came with."""
        return f"{self.bullet} {self.text}" if self.bullet else self.text

    @property
    def is_numbered(self) -> bool:
        """Whether it is an item of an ordered list."""
        return self.bullet[:1].isalnum() and self.bullet != "o"


def starts_item(raw: str) -> bool:
    """Whether a line begins with a bullet or a number."""
    body = raw.strip()
    return bool(_BULLET.match(body) or _NUMBER.match(body))


def parse_lines(raw_lines: Iterable[str]) -> list[Line]:
    """The lines that hold something, in order.

    Example:
        >>> [(line.text, line.bullet) for line in parse_lines(["Rain", "", " * wet", "2. cold"])]
        [('Rain', ''), ('wet', '*'), ('cold', '2.')]
    """
    lines: list[Line] = []
    blank = 0
    for raw in raw_lines:
        expanded = raw[:_MAX_LINE_CHARS].expandtabs(_TAB_WIDTH)
        body = expanded.strip()
        if not body:
            blank += 1
            continue
        if len(lines) >= _MAX_LINES:
            break
        indent = len(expanded) - len(expanded.lstrip())
        match = _BULLET.match(body) or _NUMBER.match(body)
        if match and match.group(1) == "o" and indent < _LEAST_INDENT_OF_O:
            match = None
        bullet = match.group().strip() if match else ""
        rest = body[match.end() :] if match else body
        cells = tuple(" ".join(cell.split()) for cell in _COLUMNS.split(rest)[:_MAX_CELLS])
        collapsed = " ".join(rest.split())
        if collapsed:
            lines.append(Line(collapsed, indent, bullet, min(blank, 9), cells))
            blank = 0
    return lines
