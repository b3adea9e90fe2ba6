"""What the runs of the commands must have brought, looked at with other means than winnow's."""

import csv
import io
import json
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.pipelines.command_line import Outcome
from tests.pipelines.loopback_site import story_title
from tests.program.case import Check
from tests.program.newsroom import ARTICLES


def holds(database: str, articles: int) -> Check:
    """That a database has so many articles, and passes SQLite's own check."""

    def check(_outcome: Outcome, folder: Path) -> None:
        assert query(folder / database, "PRAGMA integrity_check") == [("ok",)]
        assert query(folder / database, "SELECT count(*) FROM articles") == [(articles,)]

    return check


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a database answers."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def is_the_story(outcome: Outcome, _folder: Path) -> None:
    """The record of the page with everything."""
    record = json.loads(outcome.out)
    assert record["title"] == story_title(0)
    assert record["authors"] == ["Ada Byron"]
    kinds = {block["kind"] for block in record["blocks"]}
    assert kinds == {"heading", "paragraph", "list", "quote", "table", "figure"}
    assert [entry["question"] for entry in record["faq"]] == [
        "When does the ferry leave?",
        "May I bring a bicycle?",
    ]


def is_log_of_a_crawl(database: str) -> Check:
    """A JSON object a line, the last with all counts, which are those of the database."""

    def check(outcome: Outcome, folder: Path) -> None:
        events = [json.loads(line) for line in outcome.out.splitlines()]
        assert events[0]["event"] == "started"
        assert (events[-1]["event"], events[-1]["new"]) == ("crawl", ARTICLES)
        holds(database, ARTICLES)(outcome, folder)

    return check


def added_a_source(_outcome: Outcome, folder: Path) -> None:
    text = (folder / "data/sources.toml").read_text()
    assert text.count("[[source]]") == 2
    assert 'every = "2h"' in text


def names_sources(count: int) -> Check:
    """That sources.toml has so many."""

    def check(_outcome: Outcome, folder: Path) -> None:
        text = (folder / "data/sources.toml").read_text()
        assert len(tomllib.loads(text)["source"]) == count

    return check


def wrote_parts(_outcome: Outcome, folder: Path) -> None:
    (part,) = (folder / "parts/parts").iterdir()
    assert part.read_bytes()[:4] == b"PAR1"
    (marker,) = (folder / "parts/markers").iterdir()
    assert json.loads(marker.read_bytes())["rows"] == 1


def wrote_html(name: str, *texts: str) -> Check:
    """That a file is a page with these texts."""

    def check(_outcome: Outcome, folder: Path) -> None:
        page = (folder / name).read_text(encoding="utf-8")
        assert page.lower().startswith("<!doctype html>")
        for text in texts:
            assert text in page

    return check


def has_hits(outcome: Outcome, _folder: Path) -> None:
    """A line a hit, six fields each, all of it harmless."""
    lines = [line.split("\t") for line in outcome.out.splitlines()]
    assert [line[3] for line in lines] == [story_title(0)]
    assert {len(line) for line in lines} == {6}


def has_json_hits(outcome: Outcome, _folder: Path) -> None:
    (hit,) = json.loads(outcome.out)
    assert (hit["title"], hit["source"]) == (story_title(0), "harbour")


def has_all_sources(outcome: Outcome, _folder: Path) -> None:
    record = json.loads(outcome.out)
    assert [source["name"] for source in record["sources"]] == ["archive", "harbour"]
    assert record["totals"]["articles"] == ARTICLES


def describes_tables(outcome: Outcome, _folder: Path) -> None:
    record = json.loads(outcome.out)
    assert "canonical_url" in record["articles"]["columns"]
    assert "question" in record["faqs"]["columns"]


def is_split(*names: str) -> Check:
    """That an export is in these files, which together have every article, and are described."""

    def check(_outcome: Outcome, folder: Path) -> None:
        files = {path.name: path for path in (folder / "out").glob("*.csv")}
        assert set(files) == set(names)
        texts = [path.read_text(encoding="utf-8") for path in files.values()]
        rows = [row for text in texts for row in csv.DictReader(io.StringIO(text, newline=""))]
        assert {row["title"] for row in rows} == {story_title(n) for n in range(ARTICLES)}
        described = json.loads((folder / "out/datapackage.json").read_text())
        assert {resource["path"] for resource in described["resources"]} == set(names)

    return check


def is_backup(_outcome: Outcome, folder: Path) -> None:
    sql = "SELECT url, text FROM articles ORDER BY id"
    assert query(folder / "copies/b.db", sql) == query(folder / "data/articles.db", sql)


def serves(path: str, text: bytes) -> Any:
    """That the address in the line a service prints serves a page with this text."""

    def check(line: str) -> None:
        address = next(word for word in line.split() if word.startswith("http://"))
        base = "/".join(address.split("/")[:3])
        with urlopen(base + path, timeout=20) as answer:  # noqa: S310 - on loopback
            assert text in answer.read()

    return check
