"""Processes that end when the one that started them does, however that was ended."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent: BaseProcess | None = None) -> None:
    """Have this process end as soon as its parent does: killed, that cannot say so any more.

    On Linux the system sees to it, at once and whatever this process is busy with. Elsewhere a
    process that knows its parent watches for it, and any other ends when its work is done.

    Args:
        parent: What `multiprocessing.parent_process` says in a process that it has started.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent is not None and parent.pid != os.getppid():
            os._exit(1)  # it has ended before it was asked to be told
    elif parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
