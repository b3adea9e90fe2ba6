"""Which values a page holds for its scripts, whatever framework wrote them."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson
from lxml import etree

from scraper.extract.structured.page_state.linked_values import (
    is_flat,
    link_cache,
    read_flight,
    unflatten,
)
from scraper.extract.structured.page_state.script_values import read_value

# Bounds for hostile pages. States of newsrooms have 20,000 to 2,000,000 characters.
_MAX_CHARS: Final = 6_000_000  # of all states of a page together
_LEAST_CHARS: Final = 250  # what is shorter tells no story
_MAX_ASSIGNMENTS: Final = 24  # of all scripts of a page
_MAX_STATES: Final = 60
_ASSIGNMENT: Final = re.compile(
    r"(?:\b(?:window|self|globalThis|this)\[\s{0,9}[\"']|(?:^|[;\s}])(?:(?:var|let|const)\s{1,9})?"
    r"(?:[A-Za-z_$][\w$]{0,40}\.){0,3})([A-Za-z_$][\w$]{0,60})(?:[\"']\s{0,9}\])?\s{0,9}=(?![=>])\s{0,9}"
    r"(?=[{\[]|JSON\.parse\(|\(\s{0,20}(?:function\b|\(?[\w$,\s]{0,2000}\)\s{0,20}=>))"
)
_PUSH: Final = re.compile(r"\.push\(\s*(?=\[)")
_STARTED: Final = re.compile(r"\bstart\(\s*[\w$.]+\s*,\s*[\w$.]+\s*,\s*(?=\{)")
# Attributes in which islands, Inertia, Livewire and their like keep what they are drawn from.
_STATE_ATTRIBUTES: Final = ("data-page", "data-props", "data-react-props", "data-state", "props")
_SCRIPT_TYPES: Final = frozenset({"", "text/javascript", "application/javascript", "module"})


@dataclass(frozen=True, slots=True)
class PageState:
    """A value that a page holds for its scripts, and the name it goes by there."""

    name: str
    value: Any


def find_states(root: etree._Element) -> list[PageState]:
    """The states of a page in document order; what cannot be read is left out.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> page = '<script>window.__STATE__ = {"story": "' + "It rained. " * 30 + '"}</script>'
        >>> [state.name for state in find_states(parse_html(page))]
        ['__STATE__']
    """
    states: list[PageState] = []
    pushed: list[str] = []
    budget = _MAX_CHARS
    programs: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < _LEAST_CHARS and "__next_f" not in text:
            continue
        budget -= len(text)
        if budget < 0:
            break
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        if "json" in kind and "ld+json" not in kind:
            states += _of_json(script, text)
        elif kind in _SCRIPT_TYPES and "__next_f" in text:
            pushed += _pushed_texts(text)
        elif kind in _SCRIPT_TYPES:
            programs.append(text)
    states += islice(_of_programs(programs), _MAX_STATES)
    if pushed:
        states += [PageState("__next_f", row) for row in read_flight("".join(pushed)).values()]
    states += _of_attributes(root, budget)
    for state in states:
        if isinstance(state.value, dict):
            _link(state.value)
    return states


def _of_json(script: etree._Element, text: str) -> Iterator[PageState]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        plain = html.unescape(text) if "&quot;" in text else text
        value = read_value(plain)[0] if text.lstrip()[:1] in {"{", "["} else None
    if is_flat(value):
        value = unflatten(value)
    if isinstance(value, dict | list):
        yield PageState((script.get("id") or "application/json")[:60], value)


def _of_programs(texts: Iterable[str]) -> Iterator[PageState]:
    """What scripts assign to names of the window, or start an application with."""
    count = 0
    for text in texts:
        position = 0
        while count < _MAX_ASSIGNMENTS and (found := _ASSIGNMENT.search(text, position)):
            count += 1
            value, position = read_value(text, found.end())
            if isinstance(value, dict | list) and value:
                yield PageState(found[1], value)
        started = _STARTED.search(text) if count < _MAX_ASSIGNMENTS else None
        if started:
            count += 1
            value, _ = read_value(text, started.end())
            if isinstance(value, dict):
                yield PageState("start", value)


def _pushed_texts(text: str) -> Iterator[str]:
    for push in _PUSH.finditer(text):
        value, _ = read_value(text, push.end())
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]


def _of_attributes(root: etree._Element, budget: int) -> Iterator[PageState]:
    for name in _STATE_ATTRIBUTES:
        for element in root.iterfind(f".//*[@{name}]"):
            text = element.get(name) or ""
            budget -= len(text)
            if budget < 0:
                return
            if len(text) >= _LEAST_CHARS and text.lstrip()[:1] in {"{", "["}:
                try:
                    value = orjson.loads(text)
                except orjson.JSONDecodeError:
                    continue
                yield PageState(name, _without_islands(value) if name == "props" else value)


def _without_islands(value: Any, depth: int = 0) -> Any:
    """Props of an Astro island, in which a value v is written [0, v] and an array [1, [v, …]]."""
    if depth > 60:
        return None
    if isinstance(value, list) and len(value) == 2 and type(value[0]) is int:
        return _without_islands(value[1], depth + 1)
    if isinstance(value, dict):
        return {key: _without_islands(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_islands(item, depth + 1) for item in value]
    return value


def _link(value: dict[str, Any]) -> None:
    """Link the normalised caches in a state: at its top, or not far below."""
    pending = [(value, 0)]
    while pending:
        holder, depth = pending.pop()
        inner = [item for item in holder.values() if isinstance(item, dict)]
        if sum("__typename" in item for item in inner) * 2 > len(inner):
            link_cache(holder)
            return
        if depth < 4:
            pending += [(item, depth + 1) for item in inner[:50]]
