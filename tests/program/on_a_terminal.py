"""The program on a terminal: one that is opened for it, as wide as is wanted."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

from tests.program.installed_program import Program


def run_on_terminal(
    program: Program, folder: Path, *arguments: str, columns: int = 80, typed: str = ""
) -> tuple[int, str]:
    """The exit code, and all that was written to the terminal, with what steers it.

    What is `typed` is waiting when the program first asks.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        program.command(*arguments),
        cwd=folder,
        env={**program.environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while part := _read(ours):
        shown += part
    os.close(ours)
    return process.wait(60), shown.decode("utf-8", "replace").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when nobody has it open any more
        return b""
