"""Where the work runs: in this process, in a pool of processes, or on a Dask cluster."""

from pipelines.executor.executors import EngineName, default_workers
from pipelines.executor.run_tasks import EngineOptions, TaskResult, WorkerLostError, run_tasks

__all__ = [
    "EngineName",
    "EngineOptions",
    "TaskResult",
    "WorkerLostError",
    "default_workers",
    "run_tasks",
]
