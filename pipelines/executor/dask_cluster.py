"""A Dask cluster seen from an event loop: tasks that belong to a worker, and stay with it.

`run_tasks` leaves it to Dask where a task runs and where it runs again; here the caller decides,
because what a task does, such as asking a web server, must not be done twice at once.
"""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Final, TypeVar, cast

from pipelines.errors import ExecutorError, WorkerLostError

T = TypeVar("T")
R = TypeVar("R")

_SECONDS_BETWEEN_LOOKS: Final = 1.0  # so soon a worker that died is noticed
_SECONDS_FOR_A_WORKER: Final = 120.0  # a cluster that starts workers on demand needs minutes
_MOST_KEYS: Final = 50_000  # hosts whose worker is remembered; the longest unused is forgotten


class Cluster:
    """Workers of a Dask cluster, each named by its address.

    Args:
        client: An asynchronous `distributed.Client`.
        address: Of the scheduler, for messages.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._busy: Counter[str] = Counter()
        self._place_of: OrderedDict[str, str] = OrderedDict()
        self._ends: dict[str, asyncio.Event] = {}  # one a worker, set when it is lost
        self._changed = asyncio.Event()
        self._gone: ExecutorError | None = None

    async def run(self, function: Callable[[T], R], task: T, *, key: str) -> R:
        """What `function` returns, called by a worker: the same one for a key, while that lives.

        Tasks at a worker are not counted against its threads: the function should leave them with
        `distributed.secede`.

        Raises:
            WorkerLostError: The worker died, or was lost sight of, before it answered.
            ExecutorError: The scheduler is gone, or there is no worker.
            Exception: What the function raised.
        """
        place = await self._choose_worker(key)
        end = self._ends[place]
        self._busy[place] += 1
        future = self._client.submit(
            function, task, workers=[place], allow_other_workers=False, pure=False
        )
        answer = asyncio.ensure_future(future.result())
        loss = asyncio.ensure_future(end.wait())
        try:
            await asyncio.wait({answer, loss}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise self._gone or WorkerLostError(f"the worker at {place} is gone")
            return cast(R, _value_of(answer, place))
        finally:
            self._busy[place] -= 1
            for waiting in (answer, loss):
                waiting.cancel()
            await asyncio.gather(answer, loss, return_exceptions=True)
            future.release()

    async def tell_all(self, function: Callable[[], object]) -> None:
        """Have each worker that answers within ten seconds call `function` once."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._client.run(function, on_error="ignore"), timeout=10.0)

    async def watch(self) -> None:
        """Look every second which workers there are; returns when the scheduler is gone."""
        while self._gone is None:
            await self._look()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def _look(self) -> None:
        try:
            threads = await asyncio.wait_for(self._client.nthreads(), timeout=30.0)
        except (OSError, TimeoutError, RuntimeError) as error:
            self._gone = ExecutorError(f"the Dask scheduler at {self._address} is gone: {error}")
            threads = {}  # and with it all workers: nobody waits for an answer any longer
        for place in threads:
            if place not in self._ends:
                self._ends[place] = asyncio.Event()
        for place in self._ends.keys() - threads.keys():
            self._ends.pop(place).set()
        self._changed.set()

    async def _choose_worker(self, key: str) -> str:
        try:
            async with asyncio.timeout(_SECONDS_FOR_A_WORKER):
                while not self._ends and self._gone is None:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            self._gone = ExecutorError(f"the Dask scheduler at {self._address} has no worker")
        if self._gone is not None:
            raise self._gone
        place = self._place_of.pop(key, "")
        if place not in self._ends:
            place = min(self._ends, key=lambda each: self._busy[each])
        self._place_of[key] = place
        if len(self._place_of) > _MOST_KEYS:
            self._place_of.popitem(last=False)
        return place


def _value_of(answer: "asyncio.Future[Any]", place: str) -> Any:
    try:
        return answer.result()
    except asyncio.CancelledError as error:  # Dask's word for what went down with a worker
        raise WorkerLostError(f"the worker at {place} is gone") from error
    except Exception as error:
        if type(error).__name__ in {"KilledWorker", "FutureCancelledError"}:
            raise WorkerLostError(f"the worker at {place} is gone") from error
        raise


@asynccontextmanager
async def open_cluster(workers: int, address: str | None) -> AsyncIterator[Cluster]:
    """The cluster of the scheduler at `address`, or one on this machine.

    Args:
        workers: Processes of a cluster on this machine.
        address: Of a scheduler, such as ``tcp://10.0.0.5:8786``; None to start one here.

    Raises:
        ExecutorError: Dask is not installed, or there is no scheduler at that address.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, slow to import
    except ImportError as error:
        raise ExecutorError(
            "the executor dask needs an extra; install it with: pip install 'winnow-news[cluster]'"
        ) from error
    async with contextlib.AsyncExitStack() as stack:
        try:
            own = None
            if address is not None:
                # A client that is made for no address complains at its end, in a traceback.
                distributed.comm.get_address_host_port(address)
            else:
                dask: Any = import_module("dask")
                # A profile of its workers is for a dashboard nobody looks at.
                stack.enter_context(dask.config.set({"distributed.worker.profile.enabled": False}))
                own = await stack.enter_async_context(
                    distributed.LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address="127.0.0.1:0",
                        silence_logs=50,
                        asynchronous=True,
                    )
                )
            client = await stack.enter_async_context(
                distributed.Client(
                    own or address, timeout=10, set_as_default=False, asynchronous=True
                )
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise ExecutorError(f"no Dask scheduler answers at {address}: {error}") from error
        cluster = Cluster(client, address or "this machine")
        watching = asyncio.create_task(cluster.watch())
        try:
            yield cluster
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
