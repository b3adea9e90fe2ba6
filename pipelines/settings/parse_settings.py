"""From the text of a sources.toml to checked settings, or to one line that says what is wrong."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from pipelines.errors import SettingsError
from pipelines.settings.environment import SECRET_KEYS, MissingVariableError, expand_variables
from pipelines.settings.key_lines import LineFinder
from pipelines.settings.values import RulesSettings, Settings, SourceDefaults, SourceSettings

_Model = TypeVar("_Model", bound=BaseModel)
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_VALUE_ERROR = "Value error, "


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file something is read, to name it when it is wrong."""

    path: str
    lines: LineFinder
    table: str | int | None = None
    source: str | None = None

    def refuse(self, key: str | None, message: str, *, sub: str | None = None) -> NoReturn:
        line = None
        if key is not None:
            line = self.lines.find(key, self.table, sub)
            if line is None or line == self.lines.find("", self.table):
                # Not in the source itself: then the value comes from the defaults.
                line = self.lines.find(key, "defaults", sub) or line
        words = [self.path if line is None else f"{self.path}, line {line}"]
        if self.source is not None:
            words.append(f'source "{self.source}"')
        if key:
            words.append(f"`{sub}.{key}`" if sub else f"`{key}`")
        raise SettingsError(": ".join([*words, message]))


def parse_settings(text: str, *, path: str = "sources.toml", has_secrets: bool = True) -> Settings:
    r"""Settings from the text of a sources.toml.

    Args:
        text: The file.
        path: For messages.
        has_secrets: Whether the variables it names must be in the environment; what names one that
            is not there is left out otherwise.

    Raises:
        SettingsError: It is no TOML, has a key that does not exist, a value that cannot be, or
            names a variable that there is not; the message names file, line and key.

    Example:
        >>> parse_settings('[[source]]\nname = "a"\nurl = "https://example.org/"').sources[0].name
        'a'
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_describe_toml_error(path, text, str(error))) from error
    place = _Place(path, LineFinder(text))
    _check_keys(place, document, ("contact", "defaults", "source"))
    defaults = document.get("defaults", {})
    if not isinstance(defaults, dict):
        place.refuse("defaults", "write [defaults] in a line of its own, and keys below it")
    contact = _read_contact(place, document, defaults)
    defaults = {key: value for key, value in defaults.items() if key != "contact"}
    in_defaults = _Place(path, place.lines, "defaults")
    _check_keys(in_defaults, defaults, [*SourceDefaults.model_fields, "contact"])
    defaults = _with_variables(in_defaults, defaults, has_secrets=has_secrets)
    merged_defaults = _validate(in_defaults, SourceDefaults, defaults)
    sources = tuple(
        _read_source(place, raw, defaults, index, has_secrets=has_secrets)
        for index, raw in enumerate(_source_tables(place, document))
    )
    _check_unique(place, sources)
    return Settings(contact=contact, defaults=merged_defaults, sources=sources)


def _read_contact(
    place: _Place, document: Mapping[str, Any], defaults: Mapping[str, Any]
) -> str | None:
    contact = defaults.get("contact", document.get("contact"))
    if contact is None:
        return None
    if not isinstance(contact, str) or not contact.strip() or not contact.isprintable():
        place.refuse("contact", "write a mail address or a web page, on one line")
    return contact.strip()


def _source_tables(place: _Place, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    raw = document.get("source", [])
    if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
        place.refuse("source", "write [[source]], in two brackets, once for each source")
    return raw


def _read_source(
    place: _Place,
    raw: dict[str, Any],
    defaults: Mapping[str, Any],
    index: int,
    *,
    has_secrets: bool,
) -> SourceSettings:
    name = raw.get("name")
    here = _Place(
        place.path, place.lines, index, name if isinstance(name, str) else f"#{index + 1}"
    )
    _check_keys(here, raw, list(SourceSettings.model_fields))
    for key in ("name", "url"):
        if key not in raw:
            here.refuse(key, f"a source needs a {key}")
    raw = _with_variables(here, raw, has_secrets=has_secrets)
    merged = {**defaults, **raw}
    # A source that says when it is due replaces a default of either kind.
    for own, other in (("every", "cron"), ("cron", "every")):
        if own in raw and other not in raw:
            merged.pop(other, None)
    for table in ("rules", "headers", "cookies"):
        if isinstance(raw.get(table), dict) and isinstance(defaults.get(table), dict):
            merged[table] = {**defaults[table], **raw[table]}
    return _validate(here, SourceSettings, merged)


def _with_variables(
    place: _Place, table: Mapping[str, Any], *, has_secrets: bool
) -> dict[str, Any]:
    """The table with variables of the environment looked up where secrets may stand."""
    known = dict(table)
    for key in SECRET_KEYS:
        if key in known:
            try:
                known[key] = expand_variables(known[key], os.environ)
            except MissingVariableError as error:
                if not has_secrets:
                    del known[key]
                    continue
                place.refuse(key, f"the environment has no variable {error}")
    return known


def _check_keys(place: _Place, table: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in table:
        if key not in known:
            place.refuse(key, _advise(key, known))
    rules = table.get("rules")
    if isinstance(rules, dict):
        fields = list(RulesSettings.model_fields)
        for key in rules:
            if key not in fields:
                place.refuse(key, _advise(key, fields), sub="rules")


def _advise(key: str, known: Sequence[str]) -> str:
    close = get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f"there is no such key; did you mean `{close[0]}`?"
    return f"there is no such key; the keys here are {', '.join(sorted(known))}"


def _validate(place: _Place, model: type[_Model], table: Mapping[str, Any]) -> _Model:
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = [part for part in first["loc"] if isinstance(part, str)]
        message = first["msg"].removeprefix(_VALUE_ERROR)
        message = message[:1].lower() + message[1:].replace("valid tuple", "list, in [ ]")
        if not path:
            place.refuse("every", message)
        if path[0] == "rules" and len(path) > 1:
            place.refuse(path[1], message, sub="rules")
        place.refuse(path[0], message)


def _check_unique(place: _Place, sources: Sequence[SourceSettings]) -> None:
    seen: dict[str, int] = {}
    for index, source in enumerate(sources):
        if source.name in seen:
            here = _Place(place.path, place.lines, index, source.name)
            line = place.lines.find("name", seen[source.name])
            here.refuse("name", f"this name is taken by the source on line {line}")
        seen[source.name] = index


def _describe_toml_error(path: str, text: str, message: str) -> str:
    found = _TOML_PLACE.search(message)
    number = int(found[1]) if found and found[1] else len(text.splitlines())
    lines = text.splitlines()
    words = _TOML_PLACE.sub("", message)
    shown = lines[number - 1].strip()[:80] if 0 < number <= len(lines) else ""
    return f"{path}, line {number}: this is no TOML: {words}" + (f" in {shown!r}" if shown else "")
