"""Who holds a lease: names of processes, so that those of dead ones can be taken at once."""

import itertools
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_crawls = itertools.count(1)


_active: set[str] = set()


@contextmanager
def lease_owner() -> Iterator[str]:
    """A name for a crawl of this process that no other has had or will have.

    Host, process id, when the process started (ids are used again) and a running number.
    """
    owner = f"{platform.node()}/{os.getpid()}/{_started(os.getpid()) or 0}/{next(_crawls)}"
    _active.add(owner)
    try:
        yield owner
    finally:
        _active.discard(owner)


def is_gone(owner: str) -> bool:
    """Whether the crawl called `owner` has certainly ended.

    False for one on another computer, and for a name this module did not make: then the lease has
    to run out by itself.
    """
    host, *rest = owner.split("/")
    pid_text, started_text = rest[:2] if len(rest) == 3 else ("", "")
    if host != platform.node() or not pid_text.isdigit() or not started_text.isdigit():
        return False
    pid = int(pid_text)
    if pid == os.getpid() and _started(pid) in {None, int(started_text)}:
        return owner not in _active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    started = _started(pid)
    return started is not None and int(started_text) != 0 and started != int(started_text)


def is_here(owner: str) -> bool:
    """Whether the crawl called `owner` runs on this computer: then `is_gone` is certain of it."""
    return owner.partition("/")[0] == platform.node()


def _started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None where there is no /proc."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The second field is the program's name, in parentheses, and may hold anything.
    fields = line.rpartition(")")[2].split()
    return int(fields[19]) if len(fields) > 19 else None
