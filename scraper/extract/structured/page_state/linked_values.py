"""Values that name one another by number or key, put together again.

Frameworks send what a page is drawn from flat: Nuxt and SvelteKit as an array of values that hold
indexes of it (devalue), React as rows with numbers (flight), Apollo as a cache by key. What comes
of it may hold itself.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

_WRAPPERS: Final = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef"})
_PLAIN_TYPES: Final = frozenset({"Date", "BigInt", "RegExp", "URL"})
_MAX_VALUES: Final = 300_000
_MAX_HOPS: Final = 50  # a name that leads to a name that …
_ROW: Final = re.compile(rb"([0-9a-f]{1,8}):")
_ROW_TEXT: Final = re.compile(rb"T([0-9a-f]{1,7}),")
_REFERENCE: Final = re.compile(r"\$[L@QWF]?([0-9a-f]{1,8})((?::[\w-]{1,40}){0,20})\Z")


def unflatten(values: list[Any]) -> Any:
    """The first of `values`, with every index in it replaced by the value it stands for.

    Example:
        >>> unflatten([{"title": 1, "tags": 2}, "Rain", [1, 3], ["Reactive", 1]])
        {'title': 'Rain', 'tags': ['Rain', 'Rain']}
    """
    values = values[:_MAX_VALUES]
    made: list[Any] = [
        {} if isinstance(v, dict) else [] if _is_row(v) else _plain(v) for v in values
    ]

    def at(index: Any) -> Any:
        for _ in range(_MAX_HOPS):
            if not isinstance(index, int) or isinstance(index, bool):
                return None
            if not 0 <= index < len(values):
                return None
            value = values[index]
            if not (isinstance(value, list) and len(value) > 1 and value[0] in _wrappers(value)):
                return made[index]
            index = value[1]
        return None

    for value, holder in zip(values, made, strict=True):
        if isinstance(value, dict):
            holder.update((key, at(index)) for key, index in value.items())
        elif isinstance(value, list) and isinstance(holder, list):
            holder.extend(map(at, value[1:] if value and isinstance(value[0], str) else value))
    return at(0) if values else None


def _wrappers(value: list[Any]) -> frozenset[str]:
    return _WRAPPERS if isinstance(value[0], str) else frozenset()


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and not (value and value[0] in _plain_types(value))


def _plain_types(value: list[Any]) -> frozenset[str]:
    return _PLAIN_TYPES if isinstance(value[0], str) else frozenset()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return value[1] if len(value) > 1 else None
    return value


def is_flat(value: Any) -> bool:
    """Whether a value is an array of values that name each other by index."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    first = value[0]
    indexes: Iterable[Any]
    if isinstance(first, dict):
        indexes = first.values()
    elif isinstance(first, list):
        indexes = first[1:] if first and isinstance(first[0], str) else first
    else:
        return False
    found = list(indexes)
    return bool(found) and all(type(i) is int and -7 < i < len(value) for i in found)


def read_flight(stream: str) -> dict[str, Any]:
    r"""The rows of a React flight stream by their number, with references to others resolved.

    Example:
        >>> read_flight('1:"Rain"\n0:{"title":"$1"}\n')["0"]
        {'title': 'Rain'}
    """
    data = stream.encode("utf-8", "replace")  # lengths are of bytes
    rows: dict[str, Any] = {}
    position = 0
    while (row := _ROW.match(data, position)) and len(rows) < _MAX_VALUES:
        name = row[1].decode()
        text = _ROW_TEXT.match(data, row.end())
        if text:
            position = text.end() + int(text[1], 16)
            rows[name] = data[text.end() : position].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", row.end())
        end = len(data) if end < 0 else end
        with suppress(ValueError, RecursionError):  # a module, a hint, a row cut short
            rows[name] = json.loads(data[row.end() : end])
        position = end + 1
    replace_values(rows, lambda value: _refer(rows, value))
    return rows


def _refer(rows: dict[str, Any], value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value.startswith("$$"):
        return value[1:]
    reference = _REFERENCE.match(value)
    if not reference or reference[1] not in rows:
        return value if value == "$" else None
    found = rows[reference[1]]
    for step in reference[2].split(":")[1:]:
        if isinstance(found, list) and step.isdecimal():
            # An element is ["$", type, key, props]: "props" is the fourth of it.
            found = found[int(step)] if int(step) < len(found) else None
        elif isinstance(found, list) and step == "props" and found[:1] == ["$"]:
            found = found[3] if len(found) > 3 else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def link_cache(cache: dict[str, Any]) -> None:
    """Put the objects of a normalised cache where others name them by its keys."""

    def refer(value: Any) -> Any:
        if isinstance(value, dict) and len(value) <= 4:
            name = value.get("__ref") or (value.get("id") if "type" in value else None)
            if isinstance(name, str) and isinstance(cache.get(name), dict):
                return cache[name]
        return value

    replace_values(cache, refer)


def replace_values(root: Any, change: Callable[[Any], Any]) -> None:
    """Replace every value under `root` by what `change` makes of it, each holder once."""
    pending = [root]
    seen: set[int] = set()
    while pending and len(seen) < _MAX_VALUES:
        holder = pending.pop()
        if id(holder) in seen:
            continue
        seen.add(id(holder))
        places = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
        for place, value in places:
            changed = change(value)
            if changed is not value:
                holder[place] = changed
            if isinstance(changed, dict | list):
                pending.append(changed)
