"""What the tests have workers do; in a module, so that other processes can import it."""

import os
import signal
import time
from pathlib import Path


def double(number: int) -> int:
    """Twice the number; the small ones take longer."""
    time.sleep(0.02 if number % 3 == 0 else 0)
    return 2 * number


def fail_on_three(number: int) -> int:
    """The number, unless it is 3."""
    if number == 3:
        raise ValueError("three is not wanted")
    return number


def die_on_three(number: int) -> int:
    """The number; 3 takes the process with it."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(task: tuple[int, str]) -> int:
    """The number; the first process to see 3 dies of it."""
    number, folder = task
    if number == 3:
        try:
            (Path(folder) / "died").touch(exist_ok=False)
        except FileExistsError:
            return number
        os.kill(os.getpid(), signal.SIGKILL)
    return number
