"""Reading in a process beside this one, which a page without an end costs, and nothing else.

A page is somebody else's: one that keeps a parser busy for ever, or has it fill the memory, must
not stop the command that reads it. Where the time is up the process ends itself, in whatever
library it is then: an alarm that nobody handles ends C code too, and needs nobody who watches.
"""

import contextlib
import gc
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Final, NoReturn, TypeVar

from pipelines.end_with_parent import end_with_parent
from pipelines.errors import WorkerLostError

T = TypeVar("T")
R = TypeVar("R")

PAGE_TIMEOUT_SECONDS: Final = 60.0
"""How long reading one page may take, unless something else is said."""

MOST_MEMORY_BYTES: Final = 2_000_000_000
"""What a process that reads pages may have; the largest page that is read takes 1.2 GB."""

KILLED: Final = "the page killed the process that read it"

_START_COMMAND: Final = "from pipelines.page.read_apart import main; main()"
_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000
_own = threading.local()  # the process that reads for this thread


def too_long(page_timeout_seconds: float) -> str:
    """What to say of a page that took longer than it may."""
    return f"reading the page took longer than {page_timeout_seconds:g} seconds"


def read_apart(function: Callable[[T], R], task: T, *, page_timeout_seconds: float) -> R:
    """What `function` returns of `task`, called in a process beside this one.

    The process is started with the first call of a thread and stays for the next ones; it ends
    with this process.

    Args:
        function: A function of a module, so that the other process can import it.
        task: Anything that can be pickled.
        page_timeout_seconds: How long it may take.

    Raises:
        WorkerLostError: It took longer, or killed the process.
        Exception: What the function raised: a `MemoryError` where it needed too much.

    Example:
        >>> read_apart(len, "rain", page_timeout_seconds=5.0)
        4
    """
    child: _Child | None = getattr(_own, "child", None)
    if child is None or child.parent != os.getpid():  # the one of what forked this process
        child = _own.child = _Child()
    try:
        outcome = child.ask((function, task, page_timeout_seconds))
    except (EOFError, OSError, pickle.UnpicklingError):
        _own.child = None
        is_late = child.end() == -signal.SIGALRM
        raise WorkerLostError(too_long(page_timeout_seconds) if is_late else KILLED) from None
    except BaseException:  # of Ctrl-C above all: its answer must not be taken for the next one's
        _own.child = None
        child.end()
        raise
    if isinstance(outcome, _Raised):
        raise outcome.error
    return outcome  # type: ignore[no-any-return] # what the function returns, through a pipe


def limit_memory() -> None:
    """Let this process have no more than `MOST_MEMORY_BYTES`, where the system can see to it."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MOST_MEMORY_BYTES, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


class _Raised:
    """An error on its way through a pipe."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class _Child:
    """The process, and the two ends of talking to it."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        if threading.active_count() > 1:
            self._pid = _spawn(theirs_in, theirs_out)
        else:  # at once, and in the memory of what is loaded
            self._pid = os.fork()
            if not self._pid:
                os.close(ours_in)
                os.close(ours_out)
                _serve(theirs_in, theirs_out)
        os.close(theirs_in)
        os.close(theirs_out)
        self._questions: BinaryIO = os.fdopen(ours_out, "wb")
        self._answers: BinaryIO = os.fdopen(ours_in, "rb")

    def ask(self, question: object) -> Any:
        """The answer to a question.

        Raises:
            EOFError: The process has ended.
            OSError: It ended before it was asked.
        """
        pickle.dump(question, self._questions, pickle.HIGHEST_PROTOCOL)
        self._questions.flush()
        return pickle.load(self._answers)  # noqa: S301 - from the process that this one started

    def end(self) -> int:
        """End the process, where it has not ended, and say how: its exit code, or -signal."""
        for pipe in (self._answers, self._questions):
            with contextlib.suppress(OSError):  # half a question that cannot be flushed
                pipe.close()
        try:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if not pid:
                os.kill(self._pid, signal.SIGKILL)
                _, status = os.waitpid(self._pid, 0)
        except ChildProcessError:  # who started this process has it wait for none
            return -signal.SIGKILL
        return os.waitstatus_to_exitcode(status)


def _spawn(stdin: int, stdout: int) -> int:
    """A process that starts afresh: a fork would copy locks that other threads hold."""
    # -P and an explicit path: what it imports is what we imported, wherever we stand.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-P", "-c", _START_COMMAND],
        {**os.environ, "PYTHONPATH": path},
        file_actions=[(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)],
    )


def main() -> None:
    """Serve whoever started this process, over standard input and output."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    _serve(os.dup(0), answers)


def _serve(questions: int, answers: int) -> NoReturn:
    """Answer questions until nobody asks any."""
    code = 1
    try:
        _settle_in()
        with os.fdopen(questions, "rb") as source, os.fdopen(answers, "wb") as sink:
            while True:
                function, task, seconds = pickle.load(source)  # noqa: S301 - from our parent
                sink.write(_answer(function, task, seconds))
                sink.flush()
    except (EOFError, OSError):  # nobody is there any more
        code = 0
    finally:
        os._exit(code)  # what this process was forked from tidies up


def _settle_in() -> None:
    # Ctrl-C reaches every process of the terminal; who asks decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    end_with_parent()
    # Pages are read with next to no cycles: Python's usual pace of looking for them takes 8%.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    limit_memory()


def _answer(function: Callable[[Any], Any], task: Any, seconds: float) -> bytes:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return pickle.dumps(function(task), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
        return pickle.dumps(_Raised(error), pickle.HIGHEST_PROTOCOL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
