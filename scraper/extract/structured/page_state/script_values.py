"""Values as scripts write them: JSON, and the object literals of JavaScript around it.

Nothing is run. A literal is read as far as its value is plain: calls, operators and templates with
code in them give None.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

_SPACE: Final = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER: Final = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]{1,16}|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_STOPS: Final = {quote: re.compile(rf"[\\{quote}]") for quote in "\"'`"}
_PARSE_CALL: Final = re.compile(r"JSON\.parse\(\s*(?=[\"'`])")
# What frameworks wrap a state in to name a value once that comes again and again.
_FUNCTION: Final = re.compile(
    r"\(?\s*(?:function\s*[\w$]*\s*)?\(([\w$,\s]{0,20000})\)\s*(?:=>\s*)?(?:\{|(?=\())"
)
_RETURN: Final = re.compile(r"return\s*(?=[\[{(])")
_AFTER_FUNCTION: Final = re.compile(r"[\s;})]*\(")
_WORDS: Final = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": ""}
_LENGTHS: Final = {"u": 4, "x": 2}
_MAX_DEPTH: Final = 150
_MAX_VALUES: Final = 60_000  # read mark by mark: bounds the time
_DECODER: Final = json.JSONDecoder(strict=False)


class _NotPlainError(ValueError):
    """What stands here is a program, or too much of it."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str


def read_value(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that is written at `start`, and where it ends; None where none is plain there.

    Example:
        >>> read_value("{title: 'Rain', n: void 0, tags: ['a',],}")[0]
        {'title': 'Rain', 'n': None, 'tags': ['a']}
        >>> read_value('(function(a){return {x:a}}("Rain"))')[0]
        {'x': 'Rain'}
    """
    start = _skip(text, start)
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        pass
    try:
        call = _PARSE_CALL.match(text, start)
        if call:
            string, end = _Reader(text).read_string(call.end())
            return _DECODER.decode(string), end
        function = _FUNCTION.match(text, start)
        if function:
            return _read_function(text, function)
        return _Reader(text).read(start)
    except (ValueError, RecursionError):
        return None, start


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _read_function(text: str, function: re.Match[str]) -> tuple[Any, int]:
    """What a function returns that is called where it is written, with its arguments put in."""
    names = [name.strip() for name in function[1].split(",")]
    start = function.end()
    if text[start : start + 1] != "(":
        found = _RETURN.search(text, start)
        if not found:
            return None, start
        start = found.end()
    reader = _Reader(text, frozenset(names))
    value, end = reader.read(start)
    call = _AFTER_FUNCTION.match(text, end)
    arguments: list[Any] = []
    if call:
        arguments, end = reader.read_items(call.end(), ")")
    return _fill(value, dict(zip(names, arguments, strict=False))), end


def _fill(root: Any, arguments: dict[str, Any]) -> Any:
    """`root` with each parameter replaced by what was passed for it."""

    def valued(value: Any) -> Any:
        return arguments.get(value.name) if isinstance(value, _Parameter) else value

    root = valued(root)
    pending = [root]
    seen: set[int] = set()
    while pending:
        holder = pending.pop()
        if not isinstance(holder, dict | list) or id(holder) in seen:
            continue
        seen.add(id(holder))
        places = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
        for place, value in places:
            holder[place] = valued(value)
            pending.append(holder[place])
    return root


@dataclass(slots=True)
class _Reader:
    """Reads literals out of one script; `parameters` are the names that stand for values."""

    text: str
    parameters: frozenset[str] = frozenset()
    depth: int = field(default=0, init=False)
    seen: int = field(default=0, init=False)

    def read(self, start: int) -> tuple[Any, int]:
        """The value at `start` and where it ends."""
        start = _skip(self.text, start)
        mark = self.text[start : start + 1]
        self.seen += 1
        if self.seen > _MAX_VALUES or self.depth > _MAX_DEPTH:
            raise _NotPlainError
        self.depth += 1
        try:
            if mark in {'"', "'", "`"}:
                return self.read_string(start)
            if mark == "{":
                return self._read_object(start + 1)
            if mark == "[":
                return self.read_items(start + 1, "]")
            if mark == "(":
                value, end = self.read(start + 1)
                end = _skip(self.text, end)
                return value, end + (self.text[end : end + 1] == ")")
            return self._read_word(start)
        finally:
            self.depth -= 1

    def read_string(self, start: int) -> tuple[str, int]:
        """The string whose quote stands at `start`."""
        stop = _STOPS[self.text[start]]
        parts: list[str] = []
        position = start + 1
        while match := stop.search(self.text, position):
            parts.append(self.text[position : match.start()])
            position = match.end()
            if match[0] != "\\":
                whole = "".join(parts)
                return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), position
            escape = self.text[position : position + 1]
            position += 1
            if escape in _LENGTHS:
                digits = self.text[position : position + _LENGTHS[escape]]
                position += len(digits)
                parts.append(chr(int(digits, 16)))
            else:
                parts.append("" if escape == "\n" else _ESCAPES.get(escape, escape))
        raise _NotPlainError

    def read_items(self, start: int, closer: str) -> tuple[list[Any], int]:
        """The values up to `closer`, parted by commas."""
        items: list[Any] = []
        position = _skip(self.text, start)
        while (mark := self.text[position : position + 1]) != closer:
            if mark == ",":
                position = _skip(self.text, position + 1)
                continue
            value, position = self.read(position)
            items.append(value)
            position = _skip(self.text, position)
            if self.text[position : position + 1] not in {",", closer}:
                raise _NotPlainError
        return items, position + 1

    def _read_object(self, start: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        position = _skip(self.text, start)
        while (mark := self.text[position : position + 1]) != "}":
            if mark == ",":
                position = _skip(self.text, position + 1)
                continue
            if mark in {'"', "'"}:
                key, position = self.read_string(position)
            else:
                name = _NAME.match(self.text, position) or _NUMBER.match(self.text, position)
                if not name:
                    raise _NotPlainError
                key, position = name[0], name.end()
            position = _skip(self.text, position)
            mark = self.text[position : position + 1]
            if mark == ":":
                found[key], position = self.read(position + 1)
            elif mark in {",", "}"}:  # {title} is {title: title}
                found[key] = _Parameter(key) if key in self.parameters else None
            else:
                raise _NotPlainError
            position = _skip(self.text, position)
        return found, position + 1

    def _read_word(self, start: int) -> tuple[Any, int]:
        """A number, a word, or what minifiers write for true, false and undefined."""
        text = self.text
        if text[start : start + 1] == "!":
            return text[start + 1 : start + 2] == "0", start + 2
        number = _NUMBER.match(text, start)
        if number:
            with suppress(ValueError):
                return json.loads(number[0]), number.end()
            return None, number.end()
        name = _NAME.match(text, start)
        if not name:
            raise _NotPlainError
        end = name.end()
        if name[0] in {"void", "new"}:
            value, end = self.read(end)
            return (None if name[0] == "void" else value), end
        if text[end : end + 1] == "(":  # Date("…"), Set([…]): what was made of their first value
            made, end = self.read_items(end + 1, ")")
            return (made[0] if made else None), end
        is_passed = name[0] in self.parameters
        return (_Parameter(name[0]) if is_passed else _WORDS.get(name[0])), end
