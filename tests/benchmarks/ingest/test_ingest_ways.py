"""Every way that the benchmark compares takes in the same pages; nothing is said about time."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.ingest.archive import find_pages, write_archive
from tests.benchmarks.ingest.report import render_ratios, render_table
from tests.benchmarks.ingest.watching import run_way
from tests.benchmarks.ingest.ways import WAYS

pytestmark = pytest.mark.benchmark

PAGES = int(os.environ.get("WINNOW_BENCH_PAGES", "20"))
# A cluster costs more to start than these few pages to read; others' tests use one.
CHOSEN = [way for way in WAYS if "WINNOW_BENCH_PAGES" in os.environ or "dask" not in way]


def test_each_way_reads_every_page_and_fills_the_tables(tmp_path: Path) -> None:
    if not find_pages():
        pytest.skip("there are no real pages beside the checkout")
    write_archive(tmp_path / "pages.warc.gz", PAGES)
    runs = {}
    for number, way in enumerate(CHOSEN):
        database = tmp_path / f"{number}.db"
        runs[way] = run_way(way, tmp_path / "pages.warc.gz", database, PAGES)
        with closing(sqlite3.connect(database)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (articles,) = db.execute("SELECT count(*) FROM articles WHERE text != ''").fetchone()
            (headings,) = db.execute("SELECT count(*) FROM headings").fetchone()
        assert (runs[way].pages, runs[way].articles) == (PAGES, articles)
        assert articles > PAGES * 0.7
        assert headings > 0
    ours = {runs[way].articles for way in CHOSEN if way != "peer"}
    assert len(ours) == 1  # whichever engine
    print("\n" + render_table(runs) + "\n" + render_ratios(runs))
