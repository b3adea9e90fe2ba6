"""How fast the store is at size, as ratios to the bare sqlite3 module in the same run.

    WINNOW_BENCH_ARTICLES=1000000 .venv/bin/pytest -n0 -s tests/benchmarks/store

takes half an hour and 4 GB; by default it is small enough to be part of every run. Figures are
CPU seconds and are printed; what is asserted is that both ways stored or read the same, never how
long it took. `filling` says what the articles are.
"""

import csv
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.minhash import find_band_keys, find_shingles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import database_path, open_database
from pipelines.store.database.maintenance import check_database, database_stats
from pipelines.store.frontier.leases import LeaseOptions, lease_urls
from pipelines.store.frontier.urls import NewUrl, add_urls, mark_done
from pipelines.store.search.search import search_articles
from pipelines.store.statistics.source_status import database_totals, source_health
from tests.benchmarks.store.filling import SOURCES, Words, batches, fill, seen_at

pytestmark = pytest.mark.benchmark

ARTICLES = int(os.environ.get("WINNOW_BENCH_ARTICLES", "400"))
WORDS = int(os.environ.get("WINNOW_BENCH_WORDS", "60"))
ADDED = LONG_ARTICLES = max(100, min(ARTICLES // 20, 20_000))
LONG_WORDS = 440  # three kilobytes
# Rows before those that refer to them.
_TABLES = (
    "authors tags articles article_blocks headings list_items faqs images links tables quotes "
    "article_authors article_tags duplicate_keys"
).split()


@dataclass(frozen=True)
class Filled:
    """A database of `ARTICLES`, and the words to draw more articles from."""

    db: Database
    words: Words


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    db = open_database(tmp_path_factory.mktemp("store") / "articles.db")
    begin = time.process_time()
    words = fill(db, ARTICLES, WORDS)
    _report(f"Filled in {time.process_time() - begin:.0f} s")
    yield Filled(db, words)
    db.close()


def _seconds(work: Callable[[], Any], times: int = 1) -> float:
    best = float("inf")
    for _ in range(times):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def _report(title: str, *lines: str) -> None:
    print(f"\n{title} ({ARTICLES} articles)")
    for line in lines:
        print(f"  {line}")


def test_searching(filled: Filled) -> None:
    db, names = filled.db, filled.words.names
    lines = []
    places = (("common", 5, 9), ("mixed", 5, 4200), ("middling", 150, 260), ("rare", 4200, 9))
    for label, one, two in places:
        query = f"{names[one]} {names[two]}"
        bare = _seconds(
            lambda query=query: db.conn.execute(  # type: ignore[misc]
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT 20", (query,)
            ).fetchall(),
            times=3,
        )
        ranked = _seconds(
            lambda query=query: db.conn.execute(  # type: ignore[misc]
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rank LIMIT 20",
                (query,),
            ).fetchall()
        )
        ours = _seconds(lambda query=query: search_articles(db, query), times=3)  # type: ignore[misc]
        (hits,) = db.conn.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (query,)
        ).fetchone()
        lines.append(
            f"{label:9} {hits:7} hits: {ours * 1000:7.2f} ms; bare sqlite3 by bm25 "
            f"{ranked * 1000:.2f} ms, unranked {bare * 1000:.2f} ms"
        )
        assert len(search_articles(db, query)) == min(hits, 20)
    _report("Two-word search, first page", *lines)


def test_status(filled: Filled) -> None:
    db, now = filled.db, seen_at(ARTICLES)
    health = source_health(db, now=now)
    assert sum(source.articles for source in health) == ARTICLES
    bare = _seconds(lambda: db.conn.execute("SELECT count(*) FROM articles").fetchone(), 3)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    shown = _winnow("--db", database_path(db), "status").stdout
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert shown.count("source ") >= SOURCES
    _report(
        "Status",
        f"source_health   {_seconds(lambda: source_health(db, now=now), 3) * 1000:8.1f} ms",
        f"database_totals {_seconds(lambda: database_totals(db), 3) * 1000:8.1f} ms",
        f"the view        {_seconds(lambda: list(db['source_health'].rows), 3) * 1000:8.1f} ms",
        f"bare count(*)   {bare * 1000:8.1f} ms",
        f"winnow status   {command * 1000:8.1f} ms of CPU, {wall * 1000:.0f} ms by the clock",
    )


def test_exporting(filled: Filled, tmp_path: Path) -> None:
    short = database_path(filled.db)
    filled.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    long_db = open_database(tmp_path / "long.db")
    fill(long_db, LONG_ARTICLES, LONG_WORDS)
    long_db.close()
    lines = []
    for label, path, count in (
        ("short", short, ARTICLES), ("3 kB", str(tmp_path / "long.db"), LONG_ARTICLES)
    ):  # fmt: skip
        bare = _seconds(lambda path=path: _bare_csv(path, tmp_path / "bare.csv"))  # type: ignore[misc]
        seconds, memory = _export(path, tmp_path / "ours.csv")
        size = (tmp_path / "ours.csv").stat().st_size
        with (tmp_path / "ours.csv").open(newline="") as ours:
            assert sum(1 for _ in csv.reader(ours)) == count + 1
        _, tenth = _export(path, tmp_path / "tenth.csv", f"id <= {count // 10}")
        lines.append(
            f"{label:5} texts {count / seconds:8.0f} rows a CPU second, {size / seconds / 1e6:.0f} "
            f"MB/s, {bare / seconds:.2f} of the rate of sqlite3 and csv.writer; "
            f"peak memory {memory:.0f} MB, of a tenth of the rows {tenth:.0f} MB"
        )
    _report("CSV export, all columns", *lines)


def _bare_csv(path: str, output: Path) -> None:
    columns = "id, url, canonical_url, source_id, site_name, title, description, published_at, "
    columns += "modified_at, language, section, image_url, access, word_count, confidence, "
    columns += "revision, duplicate_of, first_seen_at, changed_at, last_seen_at, text"
    with sqlite3.connect(path) as conn, output.open("w", newline="") as file:
        csv.writer(file).writerows(conn.execute(f"SELECT {columns} FROM articles ORDER BY id"))  # noqa: S608 - own names


_EXPORT = """
import re, sys, time
from pathlib import Path
from pipelines.export import ExportOptions, export_table
from pipelines.store.database.database import open_database
db = open_database(sys.argv[1])
begin = time.process_time()
export_table(db, "csv", ExportOptions(output=sys.argv[2], where=sys.argv[3] or None))
seconds = time.process_time() - begin
# What getrusage calls the peak is that of the process this one was forked from, if that was larger.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(seconds, int(peak[1]) / 1024)
"""


def _export(path: str, output: Path, where: str = "") -> tuple[float, float]:
    """CPU seconds and peak memory of an export, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _EXPORT, path, output, where],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _winnow(*arguments: str) -> "subprocess.CompletedProcess[str]":
    code = "from pipelines.cli.app import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def test_space(filled: Filled) -> None:
    stats = database_stats(filled.db)
    _report(
        f"Space: {stats.total_bytes / 1e6:.0f} MB, "
        f"{stats.total_bytes / ARTICLES / 1000:.2f} kB an article",
        *(
            f"{table.name:16} {table.data_bytes / 1e6:8.1f} MB, "
            f"indexes {table.index_bytes / 1e6:.1f}"
            for table in stats.tables[:12]
        ),
    )
    parts = sum(table.data_bytes + table.index_bytes for table in stats.tables)
    # Above 1 GiB SQLite leaves out the page at that place: programs lock the file by it.
    lock_page = stats.total_bytes - stats.free_bytes - parts
    assert lock_page == (4096 if stats.total_bytes > 1 << 30 else 0)


def test_writing(filled: Filled, tmp_path: Path) -> None:
    """Adding to a full database, against `executemany` of the same rows into a copy of it."""
    db = filled.db
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(database_path(db), tmp_path / "bare.db")
    bare = open_database(tmp_path / "bare.db").conn
    (source_id,) = db.conn.execute("SELECT min(id) FROM sources").fetchone()
    making = writing = inserting = 0.0
    for number, articles in enumerate(batches(filled.words, ARTICLES, ADDED, WORDS)):
        begin = time.process_time()
        items = [
            ArticleToSave(
                rows=build_rows(a), source_id=source_id, seen_at=seen_at(ARTICLES + number)
            )
            for a in articles
        ]
        making += time.process_time() - begin
        begin = time.process_time()
        saved = save_articles(db, items)
        writing += time.process_time() - begin
        assert all(one is not None and one.status == "new" for one in saved)
        rows = _rows_of(db, [one.id for one in saved if one is not None], bare)
        begin = time.process_time()
        bare.execute("BEGIN IMMEDIATE")
        for table, values in rows:
            marks = ", ".join("?" * len(values[0]))
            bare.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - own names
        bare.execute("COMMIT")
        inserting += time.process_time() - begin
    for table in _TABLES:
        sql = f"SELECT count(*) FROM {table}"  # noqa: S608 - own names
        assert bare.execute(sql).fetchone() == db.conn.execute(sql).fetchone(), table
    if ARTICLES <= 20_000:
        assert check_database(db) == []
    _report(
        "Writing",
        f"bare executemany     {ADDED / inserting:8.0f} articles a CPU second",
        f"save_articles        {ADDED / writing:8.0f} articles a CPU second, "
        f"{inserting / writing:.2f} of bare",
        f"build_rows (workers) {ADDED / making:8.0f} articles a CPU second",
    )


def _rows_of(
    db: Database, ids: list[int], bare: sqlite3.Connection
) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The rows that came into each table with these articles."""
    found = []
    for table in _TABLES:
        key, first = ("id", ids[0]) if table == "articles" else ("article_id", ids[0])
        if table in {"authors", "tags"}:
            key = "id"
            (newest,) = bare.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608 - own names
            first = newest + 1
        if table == "duplicate_keys":  # it is found by its keys, never by its article
            wanted = [(key, one) for one in ids for key in _keys_of(db, one)]
            found.append((table, sorted(wanted)))
            continue
        rows = db.conn.execute(f"SELECT * FROM {table} WHERE {key} >= ?", (first,)).fetchall()  # noqa: S608 - own names
        found.append((table, rows))
    return [(table, rows) for table, rows in found if rows]


def _keys_of(db: Database, article_id: int) -> tuple[int, ...]:
    (text,) = db.conn.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()
    return find_band_keys(find_shingles(text))


def test_leasing_costs_the_same_whatever_waits(tmp_path: Path) -> None:
    lines = []
    for size in (1_000, max(min(ARTICLES * 5, 500_000), 2_000)):
        db = open_database(tmp_path / f"frontier-{size}.db")
        source_id = save_source(db, "s")
        add = _seconds(
            lambda db=db, source_id=source_id, size=size: add_urls(  # type: ignore[misc]
                db,
                source_id,
                (
                    NewUrl(url=f"https://h{n % 100}.example/{n}", priority=n % 7)
                    for n in range(size)
                ),
            )
        )
        times = []
        for _ in range(20):
            begin = time.perf_counter()
            leased = lease_urls(db, "me", LeaseOptions(limit=40, per_host=2))
            times.append(time.perf_counter() - begin)
            assert len(leased) == 40
            for url in leased:
                record_fetch(db, FetchRecord(url_id=url.id, status=200))
                mark_done(db, url.id)
        lines.append(
            f"{size:9} URLs: lease of 40 {sorted(times)[10] * 1000:6.2f} ms, "
            f"added {size / add:8.0f} URLs/s"
        )
    _report("Leasing", *lines)
