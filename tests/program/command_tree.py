"""What there is to run, read from the program: its commands, and the choices of their options."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer

from pipelines.cli import app


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an option may have.

    Attributes:
        command: The command's path, such as ``db check``.
        is_default: Whether it is what the option has when it is not given.
    """

    command: str
    option: str
    value: str
    is_default: bool

    def is_in(self, arguments: str) -> bool:
        """Whether a command line has it."""
        if f"{self.option} {self.value}" in arguments:
            return True
        return self.is_default and self.option not in arguments


def find_commands(group: typer.Typer = app, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its path, with the function it calls."""
    for command in group.registered_commands:
        yield f"{path}{command.name}", command.callback
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from find_commands(inner.typer_instance, f"{path}{inner.name} ")


def find_choices() -> Iterator[Choice]:
    """Every value of every option that has a fixed set of them."""
    for path, callback in find_commands():
        yield from _choices_of(path, callback)


def _choices_of(path: str, callback: Callable[..., None]) -> Iterator[Choice]:
    hints = get_type_hints(callback, include_extras=True)
    for name, parameter in inspect.signature(callback).parameters.items():
        annotation = hints.get(name, parameter.annotation)  # some are made from registrations
        option = _option_name(name, annotation)
        for value in _literals(annotation):
            yield Choice(path, option, value, is_default=value == parameter.default)


def _option_name(parameter: str, annotation: Any) -> str:
    """As it is declared, or as Typer makes it of the parameter's name."""
    for info in getattr(annotation, "__metadata__", ()):
        # The first declaration lies where a default would without `Annotated`.
        for declared in (getattr(info, "default", None), *(getattr(info, "param_decls", ()) or ())):
            if isinstance(declared, str) and declared.startswith("--"):
                return declared
    return f"--{parameter.replace('_', '-')}"


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from _literals(inner)
