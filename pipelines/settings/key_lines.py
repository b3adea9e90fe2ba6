"""Which line of a TOML file a key stands on: parsers of TOML keep values, not places."""

import re

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_TRIPLE = re.compile(r'"""|\'\'\'')


class LineFinder:
    r"""Finds keys in a sources.toml: in the whole file, in [defaults], in the nth [[source]].

    Example:
        >>> LineFinder('[[source]]\nname = "a"\n\n[[source]]\nname = "b"').find("name", 1)
        5
    """

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[str | int | None, str | None, str], int] = {}
        self._tables: dict[str | int | None, int] = {}
        self._headers: list[tuple[int, str | int]] = []
        table: str | int | None = None
        sub: str | None = None
        sources = -1
        is_in_text = False
        for number, line in enumerate(text.splitlines(), start=1):
            was_in_text = is_in_text
            if len(_TRIPLE.findall(line)) % 2:
                is_in_text = not is_in_text
            if was_in_text:
                continue
            if header := _TABLE.match(line):
                first, _, rest = (part.strip() for part in header[2].partition("."))
                if header[1] == "[[" and first == "source" and not rest:
                    sources += 1
                table, sub = (sources if first == "source" else first), rest or None
                self._tables.setdefault(table, number)
                self._headers.append((number, table))
                if rest:
                    self._places.setdefault((table, None, rest), number)
                else:
                    self._places.setdefault((None, None, first), number)
            elif key := _KEY.match(line):
                name = key[1] or key[2] or key[3]
                self._places.setdefault((table, sub, name), number)

    def find(self, key: str, table: str | int | None = None, sub: str | None = None) -> int | None:
        """The line of a key, or the nearest thing that has one: its table, the key that holds it.

        Args:
            key: The key.
            table: None for the top of the file, ``"defaults"``, or the index of a source.
            sub: A table inside that table: ``"rules"``.
        """
        for place in ((table, sub, key), (table, None, sub or key), (table, "rules", key)):
            if place in self._places:
                return self._places[place]
        return self._tables.get(table)

    def find_entry(self, index: int) -> tuple[int, int | None] | None:
        """The line on which the nth [[source]] begins, and that on which something else does.

        Returns:
            None for the second when nothing follows; None for both when it is written otherwise.
        """
        begin = self._tables.get(index)
        if begin is None:
            return None
        after = (number for number, table in self._headers if number > begin and table != index)
        return begin, next(after, None)
