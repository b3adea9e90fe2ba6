"""The program as its users have it: a process, started through its installed entry point."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tests.pipelines.command_line import Outcome

# What a machine that runs tests may say to Python, and to the libraries that print, and a user's
# machine does not.
_NOT_A_USERS = {
    "CI", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "LINES", "NO_COLOR", "PY_COLORS",
    "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "TERM", "TERMINAL_WIDTH", "TTY_COMPATIBLE",
    "TTY_INTERACTIVE", "WINNOW_DB", "WINNOW_SOURCES",
}  # fmt: skip


def users_environment(*, with_paths: bool) -> dict[str, str]:
    """The variables of a user's shell.

    Args:
        with_paths: Whether PYTHONPATH, which may say where this checkout lies, is among them.
    """
    hidden = _NOT_A_USERS if with_paths else _NOT_A_USERS | {"PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


@dataclass(frozen=True, slots=True)
class Program:
    """An installed `winnow`.

    Attributes:
        path: Its entry point.
        environment: The variables it is started with.
    """

    path: Path
    environment: Mapping[str, str] = field(repr=False)

    def command(self, *arguments: str) -> list[str]:
        """The command line, as `subprocess` takes it."""
        return [str(self.path), *arguments]

    def run(
        self,
        folder: Path,
        *arguments: str,
        stdin: bytes = b"",
        stdout: BinaryIO | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Outcome:
        """What it does, standing in `folder`; its output is kept, or goes to the file `stdout`."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=folder,
            env={**self.environment, **(variables or {})},
            input=stdin,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
        out = (done.stdout or b"").decode("utf-8", "replace")
        return Outcome(done.returncode, out, done.stderr.decode("utf-8", "replace"))


INSTALLED = Program(Path(sys.executable).with_name("winnow"), users_environment(with_paths=True))
"""The one of the environment that the tests run in, which has all extras."""
