"""JSON as it is found in pages: wrapped in comments, cut short, with commas and quotes astray."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

_OPENING: Final = re.compile(r"(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?://|\*/)?")
_CLOSING: Final = re.compile(r"(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*;?\s*\Z")
_TOKEN: Final = re.compile(
    r"""(?P<string>")|(?P<comment>//[^\n]*|/\*.*?\*/|<!--|-->)|(?P<mark>[][{},:])
    |(?P<word>[^\s"][^\s"\[\]{},:]*)""",
    re.VERBOSE | re.DOTALL,
)
_STRING_STOP: Final = re.compile(r'["\\\x00-\x1f]')
# What may follow a string: a mark, the end, or the next key where the comma before it is missing.
_AFTER_STRING: Final = re.compile(r'\s*(?:[,:}\]]|$|"[^"]{1,60}"\s*:)')
# After `",` only what can begin a value or a key: in 'the "old", he said' the quote is of the text.
_KEY_AHEAD: Final = re.compile(r'\s*,[,\s]*(?:"|\{|\[|[}\]]|-?\d|true|false|null|//|/\*)')
_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_LONE_SURROGATE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
# Of 2,800 scripts of JSON-LD 9 needed repair, the longest of 8,000 characters; none held more than
# two documents or eleven levels. Mending goes mark by mark in Python: these bound its time.
_MAX_REPAIR_CHARS: Final = 500_000
_MAX_DEPTH: Final = 200
_MAX_DOCUMENTS: Final = 200


def parse_json_documents(text: str) -> Iterator[Any]:
    """The JSON values in `text`, one after another.

    What is broken is mended where its meaning is plain; what is not JSON at all gives nothing.

    Example:
        >>> list(parse_json_documents('<!-- {"a": [1, 2,],} -->'))
        [{'a': [1, 2]}]
    """
    try:
        yield orjson.loads(text)
        return
    except orjson.JSONDecodeError:
        pass
    text = _unwrap(text)
    documents = _decode_all(text)
    if documents is None and len(text) <= _MAX_REPAIR_CHARS:
        documents = _decode_all(repair_json(text))
    yield from documents or ()


def _unwrap(text: str) -> str:
    """`text` without the comments it hides in from old browsers and XML parsers."""
    text = text.strip().lstrip("\ufeff")
    for _ in range(4):  # comments nest, rarely deeper than twice
        opening = _OPENING.match(text)
        if opening:
            text = text[opening.end() :].lstrip()
        closing = _CLOSING.search(text, max(0, len(text) - 40))
        if closing:
            text = text[: closing.start()].rstrip()
        if not opening and not closing:
            break
    if '"' not in text and ("&quot;" in text or "&#34;" in text):
        text = html.unescape(text)
    return _LONE_SURROGATE.sub(r"\\ufffd", text)


def _decode_all(text: str) -> list[Any] | None:
    """Every value in `text`; None when it is not a sequence of JSON values."""
    decoder = json.JSONDecoder(strict=False)
    documents: list[Any] = []
    position = 0
    while position < len(text) and len(documents) < _MAX_DOCUMENTS:
        if text[position] in " \t\r\n,;":  # signs that publishers put between documents
            position += 1
            continue
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return None
        documents.append(value)
    return documents


def repair_json(text: str) -> str:
    r"""`text` with the usual slips of publishers mended.

    Those are stray and missing commas, unescaped quotes and control characters in strings, bad
    escapes, comments, brackets left open at the end.

    Example:
        >>> repair_json('{"a": "say "hi" now",, "b": [1')
        '{"a":"say \\"hi\\" now","b":[1]}'
    """
    writer = _Writer()
    position = 0
    while match := _TOKEN.search(text, position):
        position = match.end()
        if match["string"]:
            string, position = _read_string(text, position)
            writer.add_value(string)
        elif match["mark"]:
            writer.add_mark(match["mark"])
        elif match["word"]:
            writer.add_value(_read_word(match["word"]))
    return writer.finish()


def _read_word(word: str) -> str:
    """A number, true, false or null as it is; any other word, or one in ' ', as a string."""
    try:
        orjson.loads(word)
    except orjson.JSONDecodeError:
        return json.dumps(word.strip("'"))
    return word


def _read_string(text: str, start: int) -> tuple[str, int]:
    """The string that starts after the quote before `start`, mended, and where it ends.

    A quote ends a string only where JSON could go on after it.
    """
    parts = ['"']
    position = start
    while match := _STRING_STOP.search(text, position):
        at = match.start()
        parts.append(text[position:at])
        found = match[0]
        position = at + 1
        if found == "\\":
            escape = _ESCAPE.match(text, at)
            if escape:
                parts.append(escape[0])
                position = escape.end()
            else:
                # \' is JavaScript's, and needs no backslash; any other is meant as one.
                parts.append("" if text[position : position + 1] == "'" else "\\\\")
        elif found != '"':
            parts.append(f"\\u{ord(found):04x}")
        elif _ends_string(text, position):
            break
        else:
            parts.append('\\"')
    else:
        parts.append(text[position:])
        position = len(text)
    return "".join(parts) + '"', position


def _ends_string(text: str, position: int) -> bool:
    """Whether the quote before `position` ends its string, by what comes after it."""
    after = _AFTER_STRING.match(text, position)
    if not after:
        return False
    if not after[0].endswith(","):
        return True
    return bool(_KEY_AHEAD.match(text, position))


class _Writer:
    """Tokens in, JSON out: commas put where they belong, brackets closed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[str] = []
        self.state = "start"  # what was written last: start, open, value, comma, colon

    def add_value(self, value: str) -> None:
        if self.state == "value":
            self.parts.append("," if self.open else "\n")
        self.parts.append(value)
        self.state = "value"

    def add_mark(self, mark: str) -> None:
        if mark in "{[":
            self.add_value(mark)
            self.open.append("}" if mark == "{" else "]")
            self.state = "open"
        elif mark == ":":
            if self.state == "value":
                self.parts.append(":")
                self.state = "colon"
        elif mark == ",":
            self._add_comma()
        else:
            self._close(mark)

    def _add_comma(self) -> None:
        # None is written: `add_value` puts one where it belongs, so stray ones vanish.
        if self.state == "colon":
            self.parts.append("null")
            self.state = "value"

    def _close(self, mark: str) -> None:
        if mark not in self.open:
            return
        if self.state == "colon":
            self.parts.append("null")
        while self.open:
            closer = self.open.pop()
            self.parts.append(closer)
            if closer == mark:
                break
        self.state = "value"

    def finish(self) -> str:
        if self.state == "colon":
            self.parts.append("null")
        if len(self.open) > _MAX_DEPTH:  # no JSON is cut off there
            return ""
        self.parts.extend(reversed(self.open))
        self.open.clear()
        return "".join(self.parts)
