"""The figures of the runs as text."""

from collections.abc import Iterator, Mapping

from tests.benchmarks.ingest.watching import Run
from tests.benchmarks.ingest.ways import EARLY

_CORES = 2  # what two workers can use at most

_HEAD = (
    f"{'':13} {'pages':>6} {'rows':>6} | {'CPU s':>7} {'pages/s':>8} {'after a':>8} | "
    f"{'wall s':>7} {'pages/s':>8} | {'peak memory, MB (PSS)':^24} | {'memory, MB, at':^15}\n"
    f"{'':13} {'':>6} {'':>6} | {'':>7} {'/core':>8} {'tenth':>8} | "
    f"{'':>7} {'(tenth)':>8} | {'head':>7} {'workers':>8} {'all':>7} | {'a tenth':>7} {'end':>7}"
)


def render_table(runs: Mapping[str, Run]) -> str:
    """One line a way."""
    return "\n".join([_HEAD, *(_row(name, run) for name, run in runs.items())])


def _row(name: str, run: Run) -> str:
    head = run.peak(lambda sample: sample.head_bytes) / 1e6
    workers = run.peak(lambda sample: sample.workers_bytes) / 1e6
    together = run.peak(lambda sample: sample.total_bytes) / 1e6
    return (
        f"{name:13} {run.pages:6} {run.articles:6} | {run.cpu_seconds:7.1f} "
        f"{run.pages_per_cpu_second:8.1f} {run.steady_per_cpu_second:8.1f} | "
        f"{run.wall_seconds:7.1f} {run.steady_per_second:8.1f} | "
        f"{head:7.0f} {workers:8.0f} {together:7.0f} | "
        f"{run.memory_at(EARLY) / 1e6:7.0f} {run.memory_at(1.0) / 1e6:7.0f}"
    )


def render_ratios(runs: Mapping[str, Run]) -> str:
    """What the ways are to each other, of those that were run."""
    return "\n".join(_ratios(runs))


def _ratios(runs: Mapping[str, Run]) -> Iterator[str]:
    peer, local = runs.get("peer"), runs.get("local")
    two, dask = runs.get("processes x2"), runs.get("dask x2")
    if peer and local:
        whole = local.pages_per_cpu_second / peer.pages_per_cpu_second
        steady = local.steady_per_cpu_second / peer.steady_per_cpu_second
        yield f"local to peer, pages/s per core: {whole:.2f} whole, {steady:.2f} after a tenth"
    if local and two:
        yield _of_two("two processes to one", two, local)
    if two and dask:
        yield _of_two("Dask x2 to two processes", dask, two)
    for name, run in runs.items():
        growth = run.memory_at(1.0) / max(1, run.memory_at(EARLY))
        yield f"memory at the end to that at a tenth, {name}: {growth:.2f}"


def _of_two(what: str, one: Run, other: Run) -> str:
    clock = one.steady_per_second / other.steady_per_second
    ceiling = _best_per_second(one) / _best_per_second(other)
    return f"{what}: {clock:.2f} by the clock, {ceiling:.2f} by processor time on idle cores"


def _best_per_second(run: Run) -> float:
    """Pages a second that its processor time allows where nobody else wants the cores."""
    seconds = run.steady_head + run.steady_workers
    if run.steady_workers > 0:
        # Neither faster than all the work spread evenly, nor than the head, which is one process.
        seconds = max(seconds / _CORES, run.steady_head)
    return run.steady_pages / max(0.01, seconds)
