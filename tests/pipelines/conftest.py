"""What several rooms' tests share."""

from collections.abc import Iterator
from importlib import import_module

import pytest


@pytest.fixture(scope="session")
def dask_cluster() -> Iterator[str]:
    """The address of a Dask scheduler with three worker processes on loopback."""
    cluster = import_module("distributed").LocalCluster(
        n_workers=3,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=50,
    )
    yield cluster.scheduler_address
    cluster.close()
