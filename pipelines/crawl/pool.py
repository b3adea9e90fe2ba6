"""The worker processes of a crawl, seen from the event loop."""

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from pipelines.crawl.reading import Reader, Reading, ReadJob, read_page
from pipelines.crawl.report import CrawlOptions
from pipelines.crawl.worker import HEADER, READY
from pipelines.engine import WorkerLostError, default_workers
from pipelines.errors import PipelineError

_WINDOW: Final = 3
"""Pages sent to a worker ahead of its answers, so that it never waits for the next one."""

_START_SECONDS: Final = 120.0
_START_COMMAND: Final = "from pipelines.crawl.worker import main; main()"
_ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


class WorkerStartError(PipelineError):
    """No worker process can be started."""


@dataclass(slots=True)
class _Task:
    job: ReadJob
    answer: "asyncio.Future[Reading]"


class ReadingPool:
    """Processes that read pages; the order of answers is not that of the questions.

    They are started with the first page.

    Args:
        workers: How many processes.
        page_timeout_seconds: How long one page may take before its worker is ended.

    Example:
        >>> async def read(job):
        ...     async with ReadingPool(workers=1) as pool:
        ...         return await pool.read(job)
    """

    def __init__(self, workers: int, page_timeout_seconds: float = 60.0) -> None:
        self._workers = workers
        self._page_timeout_seconds = page_timeout_seconds
        self._waiting: deque[_Task] = deque()
        self._has_work = asyncio.Semaphore(0)
        self._tasks: list[asyncio.Task[None]] = []
        self._broken: WorkerStartError | None = None

    async def __aenter__(self) -> "ReadingPool":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def read(self, job: ReadJob) -> Reading:
        """What a page holds.

        Raises:
            WorkerLostError: The page killed its worker, or took longer than a page may.
            WorkerStartError: There is no worker to read it.
        """
        if self._broken is not None:
            raise self._broken
        if not self._tasks:  # a crawl that finds nothing new starts no process
            self._tasks = [asyncio.create_task(self._keep_worker()) for _ in range(self._workers)]
        task = _Task(job, asyncio.get_running_loop().create_future())
        self._waiting.append(task)
        self._has_work.release()
        return await task.answer

    async def _keep_worker(self) -> None:
        """Have one worker process running at all times."""
        lost_early = 0
        while True:
            worker = await _start_process()
            conversation = _Conversation(worker, self._page_timeout_seconds)
            try:
                await conversation.wait_until_ready()
                await self._converse(conversation)
            except WorkerStartError as error:
                self._refuse_all(error)
                return
            finally:
                await _end_process(worker)
                self._take_back(conversation)
            lost_early = lost_early + 1 if conversation.answered == 0 else 0
            if lost_early > 3:
                await asyncio.sleep(min(2.0**lost_early, 60.0))

    async def _converse(self, conversation: "_Conversation") -> None:
        sender = asyncio.create_task(self._send_jobs(conversation))
        try:
            await conversation.receive_answers()
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _send_jobs(self, conversation: "_Conversation") -> None:
        while True:
            await conversation.room.acquire()
            await self._has_work.acquire()
            task = self._waiting.popleft()
            # A pipe that broke shows at the reading end, which knows what to do about it.
            with contextlib.suppress(ConnectionError):
                await conversation.send(task)

    def _refuse_all(self, error: WorkerStartError) -> None:
        self._broken = error
        while self._waiting:
            answer = self._waiting.popleft().answer
            if not answer.done():
                answer.set_exception(error)

    def _take_back(self, conversation: "_Conversation") -> None:
        """What a lost worker had before it is read by another, but for the page that killed it."""
        culprit = None if conversation.ended_at_ease else conversation.pop_first()
        if culprit is not None and not culprit.answer.done():
            culprit.answer.set_exception(WorkerLostError(conversation.reason))
        for task in reversed(conversation.outstanding):
            self._waiting.appendleft(task)
            self._has_work.release()
        conversation.outstanding.clear()


class InlineReader:
    """Reads pages in a thread of this process, one at a time.

    A page that never ends keeps the thread; one that kills its reader kills the crawl.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def read(self, job: ReadJob) -> Reading:
        """What a page holds."""
        async with self._turn:
            return await asyncio.to_thread(read_page, job)


@asynccontextmanager
async def open_reader(options: CrawlOptions) -> AsyncIterator[Reader]:
    """Whoever reads the pages of a crawl whose network is this process's."""
    if options.engine == "local":
        yield InlineReader()
    else:
        workers = options.workers or default_workers()
        async with ReadingPool(workers, options.page_timeout_seconds) as pool:
            yield pool


class _Conversation:
    """What is going on with one worker process."""

    def __init__(self, worker: asyncio.subprocess.Process, page_timeout_seconds: float) -> None:
        self._worker = worker
        self._page_timeout_seconds = page_timeout_seconds
        self.room = asyncio.Semaphore(_WINDOW)
        self.outstanding: deque[_Task] = deque()
        self.answered = 0
        self.ended_at_ease = False
        self.reason = "the page killed the process that read it"
        self._has_question = asyncio.Event()

    async def wait_until_ready(self) -> None:
        """Wait for the worker's first word.

        Raises:
            WorkerStartError: It ended before, or never said it.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                if await self._receive() == READY:
                    return
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            pass
        raise WorkerStartError(
            "the process that reads pages does not start; "
            f'`{sys.executable} -c "import pipelines.crawl.worker"` says why'
        )

    async def send(self, task: _Task) -> None:
        assert self._worker.stdin is not None  # noqa: S101 - it was started with a pipe
        self.outstanding.append(task)
        self._has_question.set()
        payload = pickle.dumps(task.job, pickle.HIGHEST_PROTOCOL)
        self._worker.stdin.write(HEADER.pack(len(payload)))
        self._worker.stdin.write(payload)
        await self._worker.stdin.drain()

    async def receive_answers(self) -> None:
        """Hand out answers until the worker is gone."""
        try:
            while True:
                if not self.outstanding:
                    self._has_question.clear()
                    await self._wait_for_question()
                async with asyncio.timeout(self._page_timeout_seconds):
                    payload = await self._receive()
                if not payload:
                    self.ended_at_ease = True
                    return
                task = self.outstanding.popleft()
                self.room.release()
                self.answered += 1
                if not task.answer.done():
                    task.answer.set_result(pickle.loads(payload))  # noqa: S301 - from our own worker
        except TimeoutError:
            self.reason = (
                f"reading the page took longer than {self._page_timeout_seconds:g} seconds"
            )
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _wait_for_question(self) -> None:
        """Until something was sent, or the worker ended for want of work."""
        question = asyncio.ensure_future(self._has_question.wait())
        end = asyncio.ensure_future(self._worker.wait())
        try:
            await asyncio.wait({question, end}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            question.cancel()
            end.cancel()

    async def _receive(self) -> bytes:
        assert self._worker.stdout is not None  # noqa: S101 - it was started with a pipe
        header = await self._worker.stdout.readexactly(HEADER.size)
        return await self._worker.stdout.readexactly(HEADER.unpack(header)[0])

    def pop_first(self) -> _Task | None:
        return self.outstanding.popleft() if self.outstanding else None


async def _start_process() -> asyncio.subprocess.Process:
    # -P and an explicit path: what the worker imports is what we imported, wherever we stand.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    # Ctrl-C goes to all of a terminal's processes, and one that is only just starting would die.
    # A session of its own keeps it away, and until it has that, what is blocked here is there too.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-c",
            _START_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a dying worker's last words are for no reader
            env={**_ONE_THREAD, **os.environ, "PYTHONPATH": path},
            limit=1 << 20,
            start_new_session=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING_SIGNALS)


async def _end_process(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
    # Without this the pipes are closed by the garbage collector, after the loop.
    transport = getattr(worker, "_transport", None)
    if transport is not None:
        transport.close()
    await worker.wait()
