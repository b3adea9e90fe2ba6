"""A site, and the program run as people run it."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli.app import run
from tests.pipelines.loopback_site import Site, serve


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error: ")]


def run_winnow(folder: Path, *arguments: str, stdin: bytes = b"") -> Outcome:
    """`winnow`, standing in `folder`; in this process, as starting one takes a second."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    given = sys.stdin
    os.chdir(folder)
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(arguments))
    finally:
        sys.stdin = given
        os.chdir(before)
    return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running
