"""A Dask scheduler and its workers, each a process of its own on loopback."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass
class DaskProcesses:
    """A running cluster; kill its processes at will."""

    address: str
    scheduler: "subprocess.Popen[bytes]"
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)


@contextmanager
def dask_processes(folder: Path, workers: int) -> Iterator[DaskProcesses]:
    """A scheduler with so many workers until the block ends."""
    with ExitStack() as stack:
        scheduler_file = folder / "scheduler.json"
        common = ["--scheduler-file", str(scheduler_file), "--host", "127.0.0.1", "--no-dashboard"]
        scheduler = _start(stack, folder, ["scheduler", "--port", "0", *common])
        worker = ["worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "0", *common]
        cluster = DaskProcesses("", scheduler)
        cluster.workers = [_start(stack, folder, worker) for _ in range(workers)]
        cluster.address = _address_in(scheduler_file)
        yield cluster


def _start(stack: ExitStack, folder: Path, arguments: list[str]) -> "subprocess.Popen[bytes]":
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    stack.callback(process.kill)
    return process


def _address_in(scheduler_file: Path) -> str:
    distributed: Any = import_module("distributed")
    with distributed.Client(
        scheduler_file=str(scheduler_file), timeout=60, set_as_default=False
    ) as client:
        client.wait_for_workers(1, timeout=60)
        return str(client.scheduler.address)
