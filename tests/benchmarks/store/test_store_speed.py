"""How fast the store is, as ratios to the bare sqlite3 module in the same run.

    WINNOW_BENCH_ARTICLES=100000 .venv/bin/pytest -s tests/benchmarks/store

The articles are made of invented words whose frequencies fall as those of a language do (Zipf), so
that a search meets common and rare words. Figures are printed; what is asserted is that both ways
stored the same, never how long it took.
"""

import os
import random
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.export import ExportOptions, export_table
from pipelines.store.article_rows import ArticleToSave, build_rows
from pipelines.store.articles import save_articles
from pipelines.store.database import open_database
from pipelines.store.fetches import FetchRecord, record_fetch
from pipelines.store.frontier import NewUrl, add_urls, mark_done
from pipelines.store.leases import LeaseOptions, lease_urls
from pipelines.store.maintenance import check_database, database_stats
from pipelines.store.search import search_articles
from pipelines.store.sources import save_source
from pipelines.store.status import database_totals, source_health
from scraper.article import Article, FaqEntry
from scraper.blocks import Block, Heading, ListBlock, ListItem, Paragraph

pytestmark = pytest.mark.benchmark

ARTICLES = int(os.environ.get("WINNOW_BENCH_ARTICLES", "400"))
BATCH = 100
SOURCES = 40
_START = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES = "ka lo mi ter van dus po rin sel gra fo ne bil cur ast em ol ti ru den".split()
_TABLES = (
    "articles article_blocks headings list_items faqs images links tables quotes "
    "authors article_authors tags article_tags"
).split()


class Words:
    """Draws words by Zipf's law: the n-th is met about once for every n times the first is."""

    def __init__(self, seed: int, size: int = 30_000) -> None:
        self._random = random.Random(seed)
        names: dict[str, None] = {}
        while len(names) < size:
            names["".join(self._random.choices(_SYLLABLES, k=self._random.randint(1, 5)))] = None
        self.names = list(names)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(size)))

    def draw(self, count: int) -> str:
        return " ".join(self._random.choices(self.names, cum_weights=self._weights, k=count))

    def article(self, number: int) -> Article:
        paragraphs = [self.draw(self._random.randint(20, 70)).capitalize() + "." for _ in range(9)]
        items = tuple(ListItem(self.draw(6)) for _ in range(4))
        blocks: list[Block] = [Paragraph(text) for text in paragraphs]
        blocks[3:3] = [Heading(2, self.draw(4)), ListBlock(False, items)]
        moment = _START + timedelta(minutes=number)
        text = "\n".join([*paragraphs, *(item.text for item in items)])
        return Article(
            url=f"https://news{number % SOURCES}.example/2026/{number}-{self.draw(2)}",
            title=self.draw(8).capitalize(),
            description=self.draw(20),
            authors=(f"{self.draw(1)} {self.draw(1)}".title(),),
            tags=tuple(self.draw(3).split()),
            published_at=moment.isoformat(timespec="seconds"),
            language="en",
            section=self.draw(1),
            text=text,
            markdown="\n\n".join(paragraphs),
            blocks=tuple(blocks),
            faq=(FaqEntry(self.draw(8) + "?", self.draw(20), "html"),) if number % 5 == 0 else (),
            confidence=0.9,
        )


def _batches(words: Words) -> Iterator[list[tuple[Article, datetime]]]:
    numbers = iter(range(ARTICLES))
    while part := list(islice(numbers, BATCH)):
        yield [(words.article(n), _START + timedelta(minutes=n)) for n in part]


def _seconds(work: Callable[[], Any], times: int = 1) -> float:
    best = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def _report(title: str, *lines: str) -> None:
    print(f"\n{title} ({ARTICLES} articles)")
    for line in lines:
        print(f"  {line}")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, float, float]]:
    """The database, and the CPU seconds spent on making rows and on writing them."""
    path = tmp_path_factory.mktemp("store") / "articles.db"
    db = open_database(path)
    sources = [save_source(db, f"source {n}") for n in range(SOURCES)]
    making = writing = 0.0
    number = 0
    for batch in _batches(Words(1)):
        begin = time.process_time()
        items = [
            ArticleToSave(
                rows=build_rows(article), source_id=sources[(number + n) % SOURCES], seen_at=seen
            )
            for n, (article, seen) in enumerate(batch)
        ]
        making += time.process_time() - begin
        begin = time.process_time()
        saved = save_articles(db, items)
        writing += time.process_time() - begin
        assert all(one is not None and one.status == "new" for one in saved)
        number += len(batch)
    yield db, making, writing
    db.close()


def test_writing(filled: tuple[Database, float, float], tmp_path: Path) -> None:
    """Against `executemany` of the same rows into the same tables, indexes and triggers."""
    db, making, writing = filled
    bare_db = open_database(tmp_path / "bare.db")
    bare = bare_db.conn
    bare.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?)", db.conn.execute(
        "SELECT * FROM sources").fetchall())  # fmt: skip
    seconds = 0.0
    last_author = last_tag = 0
    for first in range(1, ARTICLES + 1, BATCH):
        key = {"first": first, "last": first + BATCH - 1}
        parts: list[tuple[str, list[Any]]] = []
        for table in _TABLES:
            if table in {"authors", "tags"}:
                link, column = f"article_{table}", f"{table[:-1]}_id"
                since = last_author if table == "authors" else last_tag
                rows = db.conn.execute(
                    f"SELECT * FROM {table} WHERE id > {since} AND id <= (SELECT max({column}) "  # noqa: S608 - own names
                    f"FROM {link} WHERE article_id BETWEEN :first AND :last)", key,
                ).fetchall()  # fmt: skip
                newest = max([since, *(row[0] for row in rows)])
                if table == "authors":
                    last_author = newest
                else:
                    last_tag = newest
            else:
                name = "id" if table == "articles" else "article_id"
                rows = db.conn.execute(
                    f"SELECT * FROM {table} WHERE {name} BETWEEN :first AND :last", key  # noqa: S608 - own names
                ).fetchall()  # fmt: skip
            parts.append((table, rows))
        begin = time.process_time()
        bare.execute("BEGIN")
        for table, rows in parts:
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                bare.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - own names
        bare.execute("COMMIT")
        seconds += time.process_time() - begin
    for table in _TABLES:
        assert bare_db.table(table).count == db.table(table).count, table
    if ARTICLES <= 20_000:
        assert check_database(db) == []
    _report(
        "Writing",
        f"bare executemany     {ARTICLES / seconds:8.0f} articles a CPU second",
        f"save_articles        {ARTICLES / writing:8.0f} articles a CPU second, "
        f"{seconds / writing:.2f} of bare",
        f"build_rows (workers) {ARTICLES / making:8.0f} articles a CPU second",
    )


def test_searching(filled: tuple[Database, float, float]) -> None:
    db, _, _ = filled
    names = Words(1).names
    lines = []
    for label, one, two in (("common", 20, 30), ("middling", 300, 500), ("rare", 3000, 5000)):
        query = f"{names[one]} {names[two]}"
        bare = _seconds(
            lambda query=query: db.conn.execute(  # type: ignore[misc]
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT 20", (query,)
            ).fetchall(),
            times=3,
        )
        ours = _seconds(lambda query=query: search_articles(db, query), times=3)  # type: ignore[misc]
        (hits,) = db.conn.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (query,)
        ).fetchone()
        lines.append(
            f"{label:9} {hits:7} hits: {ours * 1000:7.2f} ms; "
            f"bare and unranked {bare * 1000:.2f} ms"
        )
        assert len(search_articles(db, query)) == min(hits, 20)
    _report("Two-word search, first page", *lines)


def test_status(filled: tuple[Database, float, float]) -> None:
    db, _, _ = filled
    now = _START + timedelta(minutes=ARTICLES)
    health = source_health(db, now=now)
    assert sum(source.articles for source in health) == ARTICLES
    _report(
        "Status",
        f"source_health   {_seconds(lambda: source_health(db, now=now), 3) * 1000:8.1f} ms",
        f"database_totals {_seconds(lambda: database_totals(db), 3) * 1000:8.1f} ms",
        f"the view        {_seconds(lambda: list(db['source_health'].rows), 3) * 1000:8.1f} ms",
    )


def test_exporting(filled: tuple[Database, float, float], tmp_path: Path) -> None:
    db, _, _ = filled
    path = db.conn.execute("PRAGMA database_list").fetchone()[2]
    lines = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, columns in (
        ("all columns", ()),
        ("without text", ("id", "url", "source", "title", "authors", "published_at", "tags")),
        ("plain columns", ("id", "url", "title", "published_at", "word_count")),
    ):
        options = ExportOptions(output=tmp_path / "out.csv", columns=columns)
        seconds = _seconds(lambda options=options: export_table(db, "csv", options))  # type: ignore[misc]
        size = (tmp_path / "out.csv").stat().st_size
        lines.append(
            f"csv, {name:13} {ARTICLES / seconds:8.0f} rows/s {size / seconds / 1e6:7.1f} MB/s"
        )
    with sqlite3.connect(path) as bare:
        seconds = _seconds(lambda: sum(1 for _ in bare.execute("SELECT * FROM articles")))
    lines.append(f"bare SELECT *      {ARTICLES / seconds:8.0f} rows/s")
    for format_name in ("jsonl", "parquet"):
        options = ExportOptions(output=tmp_path / f"out.{format_name}")
        seconds = _seconds(lambda o=options, f=format_name: export_table(db, f, o))  # type: ignore[misc]
        lines.append(f"{format_name:18} {ARTICLES / seconds:8.0f} rows/s")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == ARTICLES
    _report("Exporting", *lines, f"peak memory grew by {(after - before) / 1024:.0f} MB")


def test_space(filled: tuple[Database, float, float]) -> None:
    db, _, _ = filled
    stats = database_stats(db)
    _report(
        f"Space: {stats.total_bytes / 1e6:.0f} MB, "
        f"{stats.total_bytes / ARTICLES / 1000:.1f} kB an article",
        *(
            f"{table.name:16} {table.data_bytes / 1e6:8.1f} MB, "
            f"indexes {table.index_bytes / 1e6:.1f}"
            for table in stats.tables[:10]
        ),
    )
    parts = sum(table.data_bytes + table.index_bytes for table in stats.tables)
    assert parts + stats.free_bytes == stats.total_bytes


def test_leasing_costs_the_same_whatever_waits(tmp_path: Path) -> None:
    lines = []
    for size in (1_000, max(ARTICLES * 5, 2_000)):
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
