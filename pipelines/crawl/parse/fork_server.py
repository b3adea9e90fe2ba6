"""The process that parsers are forked from, seen from the event loop."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Final

from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.parse.worker import COMMAND, FORK, KILL, OTHER_CODE, STARTED
from pipelines.errors import PipelineError

_START_SECONDS: Final = 120.0
_TRIES: Final = 2  # that a process dies between two parsers does not mean that none can start
_START_COMMAND: Final = "from pipelines.crawl.parse.worker import main; main()"
_STREAM_BYTES: Final = 1 << 20
_ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


class WorkerStartError(PipelineError):
    """No worker process can be started."""


@dataclass(frozen=True, slots=True)
class ParserProcess:
    """A process that reads pages, and the two ends of talking to it."""

    pid: int
    answers: asyncio.StreamReader
    questions: asyncio.StreamWriter


class ForkServer:
    """Forks parsers from a process that has everything loaded; it is started with the first."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._lock = asyncio.Lock()

    async def fork(self) -> ParserProcess:
        """A new parser.

        Raises:
            WorkerStartError: None can be started.
        """
        async with self._lock:
            for _ in range(_TRIES):
                try:
                    async with asyncio.timeout(_START_SECONDS):
                        return await self._fork()
                except (TimeoutError, OSError):
                    await self._close()
        raise WorkerStartError(
            "the process that reads pages does not start; "
            f'`{sys.executable} -c "import pipelines.crawl.parse.worker"` says why'
        )

    def end(self, parser: ParserProcess) -> None:
        """End a parser, whatever it is doing."""
        parser.questions.transport.abort()
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.send(COMMAND.pack(KILL, parser.pid))

    async def close(self) -> None:
        """End the process and all parsers that are left."""
        async with self._lock:
            await self._close()

    async def _fork(self) -> ParserProcess:
        control = self._control or await self._start()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(control, [COMMAND.pack(FORK, 0)], [theirs.fileno()])
            pid = await _receive_pid(control)
            ours.setblocking(False)
            answers, questions = await asyncio.open_connection(sock=ours, limit=_STREAM_BYTES)
        except BaseException:
            ours.close()
            raise
        return ParserProcess(pid, answers, questions)

    async def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._control = ours
        # -P and an explicit path: what it imports is what we imported, wherever we stand.
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # Ctrl-C goes to all of a terminal's processes, and one that is only just starting would
        # die. A session of its own keeps it away, and until it has that, what is blocked here is
        # blocked there too.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
        try:
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-P",
                    "-c",
                    _START_COMMAND,
                    code_version(),
                    stdin=theirs.fileno(),
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,  # last words are for no reader
                    env={**_ONE_THREAD, **os.environ, "PYTHONPATH": path},
                    start_new_session=True,
                )
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING_SIGNALS)
        await _receive_pid(ours)
        return ours

    async def _close(self) -> None:
        control, process = self._control, self._process
        self._control = self._process = None
        if control is not None:
            control.close()
        if process is None:
            return
        try:  # it ends its parsers and itself when nobody is there to ask for any
            async with asyncio.timeout(5.0):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _receive_pid(control: socket.socket) -> int:
    """The next process id.

    Raises:
        ConnectionError: The process has ended.
        WorkerStartError: It runs other code than this process.
    """
    loop = asyncio.get_running_loop()
    message = b""
    while len(message) < COMMAND.size:
        more = await loop.sock_recv(control, COMMAND.size - len(message))
        if not more:
            raise ConnectionError("the process that forks parsers has ended")
        message += more
    word, pid = COMMAND.unpack(message)
    if word == OTHER_CODE:
        raise WorkerStartError(
            "winnow was upgraded while this crawl ran; start it again: nothing is lost"
        )
    if word != STARTED:
        raise ConnectionError("the process that forks parsers answers something else")
    return int(pid)
