"""Tasks through an executor: one code path, whichever it is."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from pipelines.errors import ExecutorError, WorkerLostError
from pipelines.executor.executors import ExecutorName, InlineExecutor, open_dask, open_process_pool

T = TypeVar("T")
R = TypeVar("R")

_TRIES: Final = 3
"""How often a task may lose its worker before it counts as failed.

After the second time it runs alone: a pool dies as a whole, and only so it is plain whose fault it
was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorOptions:
    """Which executor runs the tasks, on how many workers, and in which order results come.

    Attributes:
        executor: ``local`` (this process), ``processes``, or ``dask``.
        workers: Number of processes; a cluster that is named says itself how many it has.
        cluster: Address of a Dask scheduler; None for one of our own on this machine.
        in_order: Whether results come in the order of the tasks; else as they are done.
        ahead: Tasks handed out to each worker; with more than 1 none waits for its next.
    """

    executor: ExecutorName = "processes"
    workers: int = 1
    cluster: str | None = None
    in_order: bool = False
    ahead: int = 2


@dataclass(frozen=True, slots=True)
class TaskResult(Generic[T, R]):
    """What became of a task: its value, or the error that ended it."""

    task: T
    outcome: R | BaseException

    def value(self) -> R:
        """What the function returned.

        Raises:
            BaseException: What the function raised.
            WorkerLostError: The task cost its worker.
        """
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


def run_tasks(
    function: Callable[[T], R], tasks: Iterable[T], options: ExecutorOptions
) -> Iterator[TaskResult[T, R]]:
    """Run `function` on every task; results as they are done, or in order.

    Tasks are taken from the iterable as workers become free, so it may be endless. A worker that
    dies is replaced and its tasks are run again: a task may run more than once, also on Dask, and
    must not mind. To stop early, close the iterator.

    Args:
        function: A function of a module, so that other processes can import it.
        tasks: Anything that can be pickled.
        options: Where to run them.

    Raises:
        ExecutorError: The executor is not installed, or there is no cluster.

    Example:
        >>> results = run_tasks(abs, [-1, -2], ExecutorOptions(executor="local"))
        >>> [result.value() for result in results]
        [1, 2]
    """
    with ExitStack() as stack:
        run = _Run(function, iter(tasks), options, stack)
        try:
            yield from run.results_in_order() if options.in_order else run.results()
        finally:
            run.stop()


@dataclass(slots=True)
class _Handed(Generic[T]):
    """A task that was taken from the iterable, its place there, and how many workers it lost."""

    index: int
    task: T
    lost: int = 0


class _Run(Generic[T, R]):
    """The state of one call of `run_tasks`."""

    def __init__(
        self,
        function: Callable[[T], R],
        tasks: Iterator[T],
        options: ExecutorOptions,
        stack: ExitStack,
    ) -> None:
        self._function = function
        self._tasks = tasks
        self._taken = 0
        self._options = options
        self._again: deque[_Handed[T]] = deque()
        self._running: dict[Future[Any], _Handed[T]] = {}
        self._oldest = 0  # index of the first task whose result is not out yet
        self._slots = max(1, options.workers)
        self._is_broken = False
        self._executor = self._open(stack)

    def results(self) -> Iterator[TaskResult[T, R]]:
        """Results as they are done."""
        for _, result in self._indexed():
            yield result

    def results_in_order(self) -> Iterator[TaskResult[T, R]]:
        """Results in the order of the tasks."""
        waiting: dict[int, TaskResult[T, R]] = {}
        for index, result in self._indexed():
            waiting[index] = result
            while self._oldest in waiting:
                yield waiting.pop(self._oldest)
                self._oldest += 1

    def stop(self) -> None:
        """Give up what is under way; nothing of it is waited for."""
        for future in self._running:
            future.cancel()
        _end_pool(self._executor)

    def _open(self, stack: ExitStack) -> Executor:
        match self._options.executor:
            case "local":
                self._slots = 1
                return InlineExecutor()
            case "processes":
                return open_process_pool(self._slots)
            case "dask":
                executor, self._slots = stack.enter_context(
                    open_dask(self._slots, self._options.cluster)
                )
                return executor
            case name:
                raise ExecutorError(
                    f"there is no executor {name!r}; there are local, processes, dask"
                )

    def _indexed(self) -> Iterator[tuple[int, TaskResult[T, R]]]:
        self._hand_out()
        while self._running:
            done, _ = wait(self._running, return_when=FIRST_COMPLETED)
            finished = [self._settle(future) for future in done]
            self._hand_out()
            for item in finished:
                if item is not None:
                    yield item

    def _settle(self, future: Future[Any]) -> tuple[int, TaskResult[T, R]] | None:
        """The result of a task; None when it has to run again."""
        handed = self._running.pop(future)
        outcome = future.exception() or future.result()
        if _is_loss(outcome):
            handed.lost += 1
            self._is_broken = isinstance(outcome, BrokenProcessPool)
            if self._is_broken and handed.lost < _TRIES:
                self._again.append(handed)
                return None
            outcome = WorkerLostError(f"{handed.lost} workers died over this task")
        return handed.index, TaskResult(handed.task, outcome)

    def _hand_out(self) -> None:
        """Give the workers as much as they need and memory allows."""
        room = 1 if self._options.executor == "local" else self._slots * self._options.ahead
        # Where one pool died, everything in it seems to have killed it: find out one by one.
        while len(self._running) < (1 if any(h.lost > 1 for h in self._in_hand()) else room):
            handed = self._next(room)
            if handed is None:
                return
            try:
                future = self._executor.submit(self._function, handed.task)
            except BrokenProcessPool:  # what is running ends first, then there is a new pool
                self._is_broken = True
                self._again.append(handed)
                continue
            self._running[future] = handed

    def _in_hand(self) -> Iterator[_Handed[T]]:
        yield from self._again
        yield from self._running.values()

    def _next(self, room: int) -> _Handed[T] | None:
        if self._again:
            if self._is_broken and not self._running:
                _end_pool(self._executor)
                self._executor = open_process_pool(self._slots)
                self._is_broken = False
            return None if self._is_broken else self._again.popleft()
        # In order, what is done waits for what is not: bounded, or memory would not be.
        if self._options.in_order and self._taken - self._oldest >= 8 * room:
            return None
        for task in islice(self._tasks, 1):
            self._taken += 1
            return _Handed(self._taken - 1, task)
        return None


def _is_loss(outcome: object) -> bool:
    # Dask's own name for it, told by its name so that Dask need not be there.
    return isinstance(outcome, BrokenProcessPool) or type(outcome).__name__ == "KilledWorker"


def _end_pool(executor: Executor) -> None:
    """End the processes of a pool at once; `shutdown` alone would wait for their tasks."""
    if isinstance(executor, ProcessPoolExecutor):
        processes = list((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
