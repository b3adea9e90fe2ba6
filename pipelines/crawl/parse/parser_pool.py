"""The worker processes of a crawl, seen from the event loop."""

import asyncio
import contextlib
import pickle
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pipelines.crawl.options import CrawlOptions
from pipelines.crawl.parse.fork_server import ForkServer, ParserProcess, WorkerStartError
from pipelines.crawl.parse.parse_page import ParseJob, Parser, ParseResult, parse_page
from pipelines.crawl.parse.worker import HEADER
from pipelines.errors import WorkerLostError
from pipelines.executor import default_workers
from pipelines.page.read_apart import KILLED, PAGE_TIMEOUT_SECONDS, too_long

T = TypeVar("T")
R = TypeVar("R")

_WINDOW: Final = 3
"""Pages sent to a worker ahead of its answers, so that it never waits for the next one."""


@dataclass(slots=True)
class _Task:
    function: Callable[[Any], Any]
    job: object
    answer: "asyncio.Future[Any]"


class ParserPool:
    """Processes that parse pages; the order of answers is not that of the questions.

    They are started with the first page.

    Args:
        workers: How many processes.
        page_timeout_seconds: How long one page may take before its worker is ended.

    Example:
        >>> async def read(job):
        ...     async with ParserPool(workers=1) as pool:
        ...         return await pool.parse(job)
    """

    def __init__(self, workers: int, page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS) -> None:
        self._workers = workers
        self._page_timeout_seconds = page_timeout_seconds
        self._waiting: deque[_Task] = deque()
        self._has_work = asyncio.Semaphore(0)
        self._tasks: list[asyncio.Task[None]] = []
        self._broken: WorkerStartError | None = None
        self._fork_server = ForkServer()

    async def __aenter__(self) -> "ParserPool":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._fork_server.close()

    async def parse(self, job: ParseJob) -> ParseResult:
        """What a page holds.

        Raises:
            WorkerLostError: The page killed its worker, or took longer than a page may.
            WorkerStartError: There is no worker to read it.
        """
        return await self.run(parse_page, job)

    async def run(self, function: Callable[[T], R], job: T) -> R:
        """What a function of a module, which raises nothing, returns of what is in a job.

        Raises:
            WorkerLostError: The job killed its worker, or took longer than a page may.
            WorkerStartError: There is no worker for it.
        """
        if self._broken is not None:
            raise self._broken
        if not self._tasks:  # a crawl that finds nothing new starts no process
            self._tasks = [asyncio.create_task(self._keep_worker()) for _ in range(self._workers)]
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        task = _Task(function, job, answer)
        self._waiting.append(task)
        self._has_work.release()
        return await answer

    async def _keep_worker(self) -> None:
        """Have one worker process running at all times."""
        lost_early = 0
        while True:
            try:
                process = await self._fork_server.fork()
            except WorkerStartError as error:
                self._refuse_all(error)
                return
            conversation = _Conversation(process, self._page_timeout_seconds)
            try:
                await self._converse(conversation)
            finally:
                self._fork_server.end(process)
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


class InlineParser:
    """Parses pages in a thread of this process, one at a time.

    A page that never ends keeps the thread; one that kills its parser kills the crawl.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def parse(self, job: ParseJob) -> ParseResult:
        """What a page holds."""
        async with self._turn:
            return await asyncio.to_thread(parse_page, job)


@asynccontextmanager
async def open_parser(options: CrawlOptions) -> AsyncIterator[Parser]:
    """Whoever parses the pages of a crawl whose network is this process's."""
    if options.executor == "local":
        yield InlineParser()
    else:
        workers = options.workers or default_workers()
        async with ParserPool(workers, options.page_timeout_seconds) as pool:
            yield pool


class _Conversation:
    """What is going on with one worker process."""

    def __init__(self, process: ParserProcess, page_timeout_seconds: float) -> None:
        self._process = process
        self._page_timeout_seconds = page_timeout_seconds
        self.room = asyncio.Semaphore(_WINDOW)
        self.outstanding: deque[_Task] = deque()
        self.answered = 0
        self.ended_at_ease = False
        self.reason = KILLED
        self._has_question = asyncio.Event()

    async def send(self, task: _Task) -> None:
        self.outstanding.append(task)
        self._has_question.set()
        payload = pickle.dumps((task.function, task.job), pickle.HIGHEST_PROTOCOL)
        self._process.questions.write(HEADER.pack(len(payload)))
        self._process.questions.write(payload)
        await self._process.questions.drain()

    async def receive_answers(self) -> None:
        """Hand out answers until the worker is gone."""
        answer = asyncio.ensure_future(self._receive())
        try:
            while True:
                if not self.outstanding:
                    self._has_question.clear()
                    await self._wait_for_question(answer)
                payload = await asyncio.wait_for(asyncio.shield(answer), self._page_timeout_seconds)
                if not payload:
                    self.ended_at_ease = True
                    return
                answer = asyncio.ensure_future(self._receive())
                task = self.outstanding.popleft()
                self.room.release()
                self.answered += 1
                if not task.answer.done():
                    task.answer.set_result(pickle.loads(payload))  # noqa: S301 - from our own worker
        except TimeoutError:
            self.reason = too_long(self._page_timeout_seconds)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    async def _wait_for_question(self, answer: "asyncio.Future[bytes]") -> None:
        """Until something was sent, or the worker said or did something by itself: it ended."""
        question = asyncio.ensure_future(self._has_question.wait())
        either: set[asyncio.Future[Any]] = {question, answer}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            question.cancel()

    async def _receive(self) -> bytes:
        header = await self._process.answers.readexactly(HEADER.size)
        return await self._process.answers.readexactly(HEADER.unpack(header)[0])

    def pop_first(self) -> _Task | None:
        return self.outstanding.popleft() if self.outstanding else None
