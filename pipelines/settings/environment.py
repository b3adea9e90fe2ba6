"""Secrets in a sources.toml: `"${NAME}"` stands for a variable of the environment."""

import re
from collections.abc import Mapping
from typing import Any, Final

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

SECRET_KEYS: Final = (
    "headers",
    "cookies",
    "user_agent",
    "accept_language",
    "auth",
    "proxy",
    "ca_file",
)
"""The keys in whose values variables are looked up."""


class MissingVariableError(Exception):
    """A variable is named that the environment lacks; the argument is its name."""


def expand_variables(value: Any, environment: Mapping[str, str]) -> Any:
    """A value of a sources.toml with its variables looked up, in tables and lists as well.

    Raises:
        MissingVariableError: There is no such variable.

    Example:
        >>> expand_variables({"X-Key": "id ${KEY}"}, {"KEY": "7"})
        {'X-Key': 'id 7'}
    """
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _look_up(found[1], environment), value)
    if isinstance(value, dict):
        return {key: expand_variables(inner, environment) for key, inner in value.items()}
    if isinstance(value, list):
        return [expand_variables(inner, environment) for inner in value]
    return value


def _look_up(name: str, environment: Mapping[str, str]) -> str:
    if name not in environment:
        raise MissingVariableError(name)
    return environment[name]
