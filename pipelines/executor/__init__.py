"""Where the work runs: in this process, in a pool of processes, or on a Dask cluster."""

from pipelines.executor.executors import ExecutorName, default_workers
from pipelines.executor.run_tasks import ExecutorOptions, TaskResult, run_tasks

__all__ = [
    "ExecutorName",
    "ExecutorOptions",
    "TaskResult",
    "default_workers",
    "run_tasks",
]
