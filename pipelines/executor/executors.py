"""The three executors, as `concurrent.futures` has them, so that one code path drives all."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Literal

from pipelines.end_with_parent import end_with_parent
from pipelines.errors import ExecutorError

_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000  # Python's own pace is 700: `_collect_less_often`

ExecutorName = Literal["local", "processes", "dask"]


class InlineExecutor(Executor):
    """Runs each task at once, in the process and thread that submit it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is the future's to tell
            future.set_exception(error)
        return future


def open_process_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of processes that start afresh: a fork would copy locks that other threads hold."""
    return ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle_in
    )


def default_workers() -> int:
    """A process for each processor this process may use, at most 16.

    Reading pages takes processor time and hardly waits, so that more would not be faster.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(count or 1, 16))


@contextmanager
def open_dask(workers: int, cluster: str | None) -> Iterator[tuple[Executor, int]]:
    """An executor on a Dask cluster and how many tasks that runs at once.

    Args:
        workers: Processes of a cluster on this machine, where none is named.
        cluster: Address of a scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises:
        ExecutorError: Dask is not installed, or there is no scheduler at that address.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, slow to import
    except ImportError as error:
        raise ExecutorError(
            "the executor dask needs an extra; install it with: pip install 'winnow-news[cluster]'"
        ) from error
    own = None
    try:
        if cluster is not None:
            # A client that is made for no address complains at its end, in a traceback.
            distributed.comm.get_address_host_port(cluster)
        else:
            dask: Any = import_module("dask")
            # A profile of its workers, taken every 10 ms, is for a dashboard nobody looks at.
            with dask.config.set({"distributed.worker.profile.enabled": False}):
                own = distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs=50,  # critical: a worker that dies is reported by us
                )
        # What a task returns comes from its worker at once, where that can be reached: on this
        # machine. A scheduler elsewhere may be all that is to be seen of its network.
        client = distributed.Client(
            own or cluster, timeout=10, set_as_default=False, direct_to_workers=cluster is None
        )
    except (OSError, TimeoutError, ValueError) as error:
        if own is not None:
            own.close()
        raise ExecutorError(f"no Dask scheduler answers at {cluster}: {error}") from error
    try:
        client.run(_collect_less_often)
        slots = sum(client.nthreads().values()) or workers
        yield client.get_executor(pure=False), slots
    finally:
        client.close()
        if own is not None:
            own.close()


def _settle_in() -> None:
    # Ctrl-C reaches every process of the terminal; the head decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(multiprocessing.parent_process())
    _collect_less_often()


def _collect_less_often() -> None:
    # Pages are read with tens of thousands of objects and next to no cycles: looking for those at
    # Python's usual pace takes 8% of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
