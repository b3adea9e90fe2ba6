"""The one thread that writes to the database during a crawl."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from sqlite_utils import Database

from pipelines.errors import StoreError
from pipelines.store.database.database import flat_transaction, transaction

_T = TypeVar("_T")

# Under load a hundred steps share a commit; more would make others wait longer for the lock, and
# more be done again when one of them fails.
_MOST_IN_A_TRANSACTION: Final = 100
# How long a first step waits for others. Pages arrive one by one, and each commit writes the upper
# levels of every index again: with a transaction a page a crawl wrote a third more to its disk and
# spent a tenth more of the head's time.
_GATHER_SECONDS: Final = 0.05

# Faults of what one step wants to write; any other is one of the file or the disk.
_FAULTS_OF_ONE_STEP: Final = (sqlite3.IntegrityError, sqlite3.DataError)


@dataclass(frozen=True, slots=True)
class _WriteStep:
    run: Callable[[Database], Any]
    answer: "asyncio.Future[Any]"


class Writer:
    """Runs steps on the database one after the other, many in one transaction.

    The event loop never waits for the disk, and under load hundreds of small writes cost one
    commit. A step's answer comes after the commit: what was answered is stored. A step may be run
    twice, the first time undone. One that fails is undone and fails alone; when the file itself
    fails, the steps of that transaction and all later ones get the same StoreError.

    Example:
        >>> async def count(db):
        ...     async with Writer(db) as writer:
        ...         return await writer.run(lambda db: db["articles"].count)
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._steps: SimpleQueue[_WriteStep | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="winnow-writer", daemon=True)
        self._loop = asyncio.get_running_loop()
        self._broken: BaseException | None = None

    async def __aenter__(self) -> "Writer":
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._steps.put(None)
        await asyncio.to_thread(self._thread.join)

    def run(self, step: Callable[[Database], _T]) -> "asyncio.Future[_T]":
        """Have `step` done; the future holds what it returned, once that is on disk."""
        answer: asyncio.Future[_T] = self._loop.create_future()
        self._steps.put(_WriteStep(step, answer))
        return answer

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._gather()
            if batch:
                outcomes = self._run_batch(batch)
                self._loop.call_soon_threadsafe(_hand_out, batch, outcomes)

    def _gather(self) -> tuple[list[_WriteStep], bool]:
        """The steps of the next transaction, and whether more may come."""
        batch: list[_WriteStep] = []
        step = self._steps.get()
        deadline = time.monotonic() + _GATHER_SECONDS
        while step is not None:
            batch.append(step)
            if len(batch) == _MOST_IN_A_TRANSACTION:
                return batch, True
            try:
                step = self._steps.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                return batch, True
        return batch, False

    def _run_batch(self, batch: list[_WriteStep]) -> list[tuple[Any, BaseException | None]]:
        if self._broken is None:
            with contextlib.suppress(Exception), flat_transaction(self._db):
                return [(step.run(self._db), None) for step in batch]
            # Something is wrong with a step, or with the disk: done again one by one, it shows.
            try:
                with transaction(self._db):
                    return [self._run_step(step) for step in batch]
            except BaseException as error:  # noqa: BLE001 - it is handed to all who wait
                self._broken = error
        return [(None, self._broken)] * len(batch)

    def _run_step(self, step: _WriteStep) -> tuple[Any, BaseException | None]:
        try:
            with transaction(self._db):
                return step.run(self._db), None
        except StoreError as error:
            if isinstance(error.__cause__, _FAULTS_OF_ONE_STEP) and self._db.conn.in_transaction:
                return None, error
            raise
        except Exception as error:  # noqa: BLE001 - it is handed to the one who waits
            return None, error


def _hand_out(batch: list[_WriteStep], outcomes: list[tuple[Any, BaseException | None]]) -> None:
    for step, (result, error) in zip(batch, outcomes, strict=True):
        if step.answer.done():  # whoever waited for it was cancelled
            continue
        if error is None:
            step.answer.set_result(result)
        else:
            step.answer.set_exception(error)
