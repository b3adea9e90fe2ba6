"""One code path, three engines: the same results, whatever happens to the workers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from pipelines.errors import ExecutorError, WorkerLostError
from pipelines.executor import ExecutorName, ExecutorOptions, run_tasks
from tests.pipelines.executor.work import die_on_three, die_once, double, fail_on_three

ENGINES: tuple[ExecutorName, ...] = ("local", "processes", "dask")


def options(executor: ExecutorName, *, in_order: bool = True) -> ExecutorOptions:
    return ExecutorOptions(executor=executor, workers=2, in_order=in_order)


@pytest.fixture(params=ENGINES)
def each(request: pytest.FixtureRequest) -> ExecutorOptions:
    """Each executor in turn; one Dask cluster serves all tests."""
    name = request.param
    address = request.getfixturevalue("dask_cluster") if name == "dask" else None
    return replace(options(name), cluster=address)


def test_results_come_in_order_and_an_error_is_its_tasks_alone(each: ExecutorOptions) -> None:
    results = list(run_tasks(fail_on_three, range(30), each))
    assert [result.task for result in results] == list(range(30))
    with pytest.raises(ValueError, match="three is not wanted"):
        results[3].value()
    assert [r.value() for r in results if r.task != 3] == [n for n in range(30) if n != 3]


def test_results_as_they_are_done_are_all_there(each: ExecutorOptions) -> None:
    results = run_tasks(double, range(30), replace(each, in_order=False))
    assert sorted(result.value() for result in results) == list(range(0, 60, 2))


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("executor", ["local", "processes"])
def test_tasks_are_taken_only_as_they_are_needed(executor: ExecutorName, in_order: bool) -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            yield taken
            taken += 1

    results = run_tasks(double, endless(), options(executor, in_order=in_order))
    assert len(list(islice(results, 20))) == 20
    results.close()  # type: ignore[attr-defined] # a generator, as its documentation says
    assert taken < 20 + 8 * 4 + 4


def test_a_task_that_kills_every_worker_costs_only_itself() -> None:
    results = list(run_tasks(die_on_three, range(12), options("processes")))
    assert [r.task for r in results] == list(range(12))
    lost = [r for r in results if isinstance(r.outcome, BaseException)]
    assert [r.task for r in lost] == [3]
    assert isinstance(lost[0].outcome, WorkerLostError)


@pytest.mark.parametrize("each", ["processes", "dask"], indirect=True)
def test_the_tasks_of_a_worker_that_dies_once_are_run_again(
    each: ExecutorOptions, tmp_path: Path
) -> None:
    tasks = [(number, str(tmp_path)) for number in range(12)]
    results = run_tasks(die_once, tasks, each)
    assert [result.value() for result in results] == list(range(12))
    assert (tmp_path / "died").exists()


def test_a_cluster_that_is_not_there_is_one_clear_error() -> None:
    wrong = ExecutorOptions(executor="dask", cluster="nonsense://127.0.0.1:1")
    with pytest.raises(ExecutorError, match="no Dask scheduler answers"):
        list(run_tasks(double, [1], wrong))
