"""Ingest of real pages beside fastwarc + trafilatura, on each engine.

    python -m tests.benchmarks.ingest [--pages 5000] [--ways "peer,local,processes x2,dask x2"]

An archive of real pages is made in a temporary folder, and each way stores it in an empty database
of its own: one after the other, on the same cores. The peer reads the same pages and writes the
same tables, as full as what trafilatura says allows. Processor time counts every process of a
way. "After a tenth" leaves out the start of Python, of workers and of models. Speed by the clock
means something only on a machine that does nothing else; the rest holds on a busy one, roughly.
The memory of whoever writes grows with the database until SQLite's cache of 16 MiB is full, on
both sides; it takes some 500 pages.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.ingest.archive import find_pages, shared_folder, write_archive
from tests.benchmarks.ingest.report import render_ratios, render_table
from tests.benchmarks.ingest.watching import Run, run_way
from tests.benchmarks.ingest.ways import WAYS


def compare(pages: int, ways: list[str], folder: Path) -> dict[str, Run]:
    """Run each way over one archive of `pages` pages.

    Raises:
        RuntimeError: A way failed.
    """
    archive = folder / "pages.warc.gz"
    different = write_archive(archive, pages)
    size = archive.stat().st_size / 1e6
    print(f"{pages} pages, {different} of them different, {size:.0f} MB compressed", flush=True)
    runs = {}
    for number, way in enumerate(ways):
        runs[way] = run_way(way, archive, folder / f"{number}.db", pages)
        print(f"  {way} done in {runs[way].wall_seconds:.0f} s", flush=True)
    return runs


def main() -> None:
    """Print the table and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--ways", default=",".join(WAYS), help=f"some of {', '.join(WAYS)}")
    options = parser.parse_args()
    ways = [way.strip() for way in options.ways.split(",")]
    if unknown := [way for way in ways if way not in WAYS]:
        parser.error(f"no such way: {', '.join(unknown)}; there are {', '.join(WAYS)}")
    if not find_pages():
        sys.exit(f"no pages in {shared_folder() / 'eval'}; WINNOW_SHARED names another folder")
    with tempfile.TemporaryDirectory(prefix="winnow-ingest-") as folder:
        runs = compare(options.pages, ways, Path(folder))
    print(render_table(runs))
    print(render_ratios(runs))


if __name__ == "__main__":
    main()
