"""Processor time and peak memory of one extraction of each monstrous page.

    python -m tests.benchmarks.extract.monsters [--full] [NAME ...]

Each page is read in a process of its own; without --full pages are a tenth of the size.
"""

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any, Final

from scraper.errors import ExtractionError
from scraper.extract.extractor import extract_article
from tests.benchmarks.extract.shapes import BY_CHARACTERS, BY_DEPTH, BY_ELEMENTS

ELEMENTS: Final = 100_000
CHARACTERS: Final = 5_000_000
DEPTH: Final = 2_000


def make_pages(*, full: bool) -> dict[str, tuple[str, int]]:
    """The kind of each page by its name, and how many elements, characters or levels it has."""
    scale = 1 if full else 10
    return {
        **{f"{ELEMENTS // scale:,} {n}": (n, ELEMENTS // scale) for n in BY_ELEMENTS},
        **{
            f"{CHARACTERS // scale:,} characters: {n}": (n, CHARACTERS // scale)
            for n in BY_CHARACTERS
        },
        **{f"{DEPTH // scale:,} levels of {n}": (n, DEPTH // scale) for n in BY_DEPTH},
    }


def measure_page(name: str, *, full: bool) -> dict[str, Any]:
    """One page read in this process: seconds of processor time, MiB at the peak, what came out."""
    kind, size = make_pages(full=full)[name]
    shapes = (
        BY_DEPTH if "levels" in name else BY_CHARACTERS if "characters" in name else BY_ELEMENTS
    )
    html = shapes[kind](size).encode()
    extract_article("<p>Warm.")  # the net is read once a process
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        article = extract_article(html, url="https://news.example/a")
        sizes = len(article.text), len(article.blocks), len(article.faq)
        outcome = "{:,} characters, {:,} blocks, {:,} pairs".format(*sizes)
    except ExtractionError as error:
        outcome = str(error)
    return {
        "seconds": round(time.process_time() - start, 2),
        "mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
        "page_mib": round(len(html) / 2**20, 1),
        "outcome": outcome,
    }


def measure_alone(name: str, *, full: bool) -> dict[str, Any]:
    """`measure_page` in a process of its own.

    Raises:
        subprocess.CalledProcessError: The process died.
    """
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.extract.monsters",
        "--one",
        name,
        *(["--full"] if full else []),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Print a table."""
    arguments = sys.argv[1:]
    full = "--full" in arguments
    names = [argument for argument in arguments if not argument.startswith("--")]
    if "--one" in arguments:
        print(json.dumps(measure_page(names[0], full=full)))
        return
    for name in make_pages(full=full):
        if not names or any(wanted in name for wanted in names):
            m = measure_alone(name, full=full)
            cost = f"{m['page_mib']:5.1f} MiB {m['seconds']:7.2f} s {m['mib']:6} MiB"
            print(f"{name:44} {cost}  {m['outcome']}", flush=True)


if __name__ == "__main__":
    main()
