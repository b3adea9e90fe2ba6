"""One run of the program as data: what is typed, and what must come of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.command_line import Outcome

Check = Callable[[Outcome, Path], None]
"""Looks at what a run printed and left in its folder."""

_BOX = re.compile(r"[│╭╮╰╯─\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run of a command.

    Attributes:
        arguments: What is typed behind the command; `{site}` is the address of the newspaper.
        code: The exit code.
        out: Texts that must be in standard output.
        note: What must be in the first line of standard error, where nothing has gone wrong.
        error: What must be in the one line of standard error that begins with ``error: ``.
        usage: What must be in the message that follows the command's usage.
        check: Looks further.
        extra: The extra it needs; without it, one line names it.
        before: Runs of the program that prepare it.
        stdin: A file of the folder that it reads as standard input.
        until: What it prints when it is at work; it is interrupted then.
        meanwhile: Called then, with the line that says so.
    """

    arguments: str = ""
    code: int = 0
    out: tuple[str, ...] = ()
    note: str = ""
    error: str = ""
    usage: str = ""
    check: Check | None = None
    extra: str | None = None
    before: tuple[str, ...] = ()
    stdin: str | None = None
    until: str | None = None
    meanwhile: Callable[[str], None] | None = None


def mistake(arguments: str, error: str, code: int = 1) -> Case:
    """A run that ends in one line."""
    return Case(arguments=arguments, code=code, error=error)


def wrong_usage(arguments: str, usage: str) -> Case:
    """A run that ends in the command's usage and a message."""
    return Case(arguments=arguments, code=2, usage=usage)


def check_outcome(outcome: Outcome, command: str, case: Case) -> None:
    """That a run ended as its case says, whatever else it did."""
    assert_no_traceback(outcome)
    assert outcome.code == case.code, outcome
    for text in case.out:
        assert text in outcome.out, outcome.out
    lines = outcome.err.splitlines()
    if case.error:
        assert not outcome.out
        assert len(lines) == 1, outcome.err
        assert lines[0].startswith("error: ")
        assert case.error in lines[0]
    elif case.usage:
        assert not outcome.out
        assert lines[0].startswith(f"Usage: winnow {command} ".replace("  ", " "))
        assert case.usage in _BOX.sub(" ", outcome.err)
    else:
        assert outcome.errors == []
        assert case.note in "".join(lines[:1])


def check_extra_is_named(outcome: Outcome, extra: str) -> None:
    """That a run says in one line what has to be installed for it, and has done nothing."""
    assert_no_traceback(outcome)
    assert outcome.code in {1, 2}, outcome
    assert not outcome.out
    (line,) = outcome.err.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(f"pip install 'winnow-news[{extra}]'")


def assert_no_traceback(outcome: Outcome) -> None:
    """That nothing of Python's own was printed."""
    for text in ("Traceback", "Exception ignored", "Warning:"):
        assert text not in outcome.out + outcome.err, outcome
