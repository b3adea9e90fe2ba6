"""Pages that no parser comes to the end of: each costs itself, whichever command reads it."""

import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from tests.pipelines.command_line import Outcome
from tests.pipelines.ingest.archives import ArchiveMaker, news_page
from tests.pipelines.loopback_site import Answer, serve
from tests.program.installed_program import INSTALLED

_TOO_LONG = "reading the page took longer than 2 seconds"
_LIMIT = ("--page-timeout", "2")


def endless_page() -> bytes:
    """Minutes of libxml2: attributes whose values hide how many there are."""
    attributes = " ".join(f'a{number}=">"' for number in range(200_000))
    return f"<html><body><article {attributes}>{news_page(0)}".encode()


def run(folder: Path, *arguments: str) -> Outcome:
    start = time.monotonic()
    outcome = INSTALLED.run(folder, *arguments)
    assert time.monotonic() - start < 60
    return outcome


def failures(folder: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / "data/articles.db")) as db:
        return db.execute("SELECT url, error, message FROM failures").fetchall()


def titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "data/articles.db")) as db:
        return [title for (title,) in db.execute("SELECT title FROM articles ORDER BY title")]


@pytest.mark.parametrize("command", ["extract", "inspect"])
def test_one_page_is_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "endless.html").write_bytes(endless_page())
    outcome = run(tmp_path, command, "endless.html", *_LIMIT)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"error: endless.html: {_TOO_LONG}\n"


def test_the_limit_may_be_said_once_for_all(tmp_path: Path) -> None:
    (tmp_path / "endless.html").write_bytes(endless_page())
    outcome = INSTALLED.run(
        tmp_path, "extract", "endless.html", variables={"WINNOW_PAGE_TIMEOUT": "2"}
    )
    assert outcome.errors == [f"error: endless.html: {_TOO_LONG}"]


@pytest.mark.parametrize("executor", ["local", "processes", "dask"])
def test_a_folder_is_read_but_for_it(tmp_path: Path, executor: str) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in (1, 2, 4):
        (folder / f"{number}.html").write_text(news_page(number))
    (folder / "3.html").write_bytes(endless_page())
    more = ("--workers", "1", "--executor", executor, "--all-pages", *_LIMIT)
    outcome = run(tmp_path, "ingest", "saved", *more)
    assert (outcome.code, outcome.errors) == (1, [f"error: saved/3.html: {_TOO_LONG}"])
    assert "4 pages of 4 files: 3 articles new, 0 changed, 0 the same, 1 failed" in outcome.out
    assert failures(tmp_path) == [("saved/3.html", "WorkerLostError", _TOO_LONG)]
    assert titles(tmp_path) == [f"Flood report {number}" for number in (1, 2, 4)]


@pytest.mark.parametrize("target", ["database", "shards"])
def test_an_archive_is_read_but_for_it(tmp_path: Path, target: str) -> None:
    maker = ArchiveMaker()
    for number in range(4):
        body = endless_page() if number == 2 else news_page(number)
        maker.add_page(f"https://flood.example/news/2031/report-{number}.html", body)
    (tmp_path / "news.warc.gz").write_bytes(maker.data)
    more = ("--to", "parts") if target == "shards" else ()
    outcome = run(tmp_path, "ingest", "news.warc.gz", "--workers", "1", *more, *_LIMIT)
    url = "https://flood.example/news/2031/report-2.html"
    assert (outcome.code, outcome.errors) == (1, [f"error: {url}: {_TOO_LONG}"])
    if target == "shards":
        run(tmp_path, "load", "parts")
    assert failures(tmp_path) == [(url, "WorkerLostError", _TOO_LONG)]
    assert titles(tmp_path) == [f"Flood report {number}" for number in (0, 1, 3)]


def test_a_site_whose_front_page_it_is_can_be_added(tmp_path: Path) -> None:
    with serve() as site:
        site.add_sitemap(site.add_articles(3))
        site.pages["/"] = Answer(endless_page())
        outcome = run(tmp_path, "add", f"{site.url}/", "--allow-private", *_LIMIT)
        assert (outcome.code, outcome.errors) == (0, [])
        assert f"the page cannot be read: {_TOO_LONG}: what is open beside it is" in outcome.err
        assert f"sitemap  {site.url}/sitemap.xml  3 entries" in outcome.out


def test_a_site_of_which_nothing_else_is_known_cannot_be_added(tmp_path: Path) -> None:
    with serve() as site:
        site.pages["/"] = Answer(endless_page())
        outcome = run(tmp_path, "add", f"{site.url}/", "--allow-private", *_LIMIT)
        (error,) = outcome.errors
        assert outcome.code == 1
        assert f"{site.url}/: the page cannot be read: {_TOO_LONG}; name its feed" in error


def test_a_feed_that_is_one_costs_itself(tmp_path: Path) -> None:
    with serve() as site:
        site.add_index(site.add_articles(12))
        link = b"<link rel=alternate type=application/rss+xml href=/feed><body>"
        site.pages["/"].body = site.pages["/"].body.replace(b"<body>", link)
        attributes = " ".join(f"a{number}='>'" for number in range(100_000))
        feed = f"<rss version='2.0'><channel><item {attributes}></item></channel></rss>"
        site.pages["/feed"] = Answer(feed.encode(), content_type="application/rss+xml")
        outcome = run(tmp_path, "add", f"{site.url}/", "--allow-private", *_LIMIT)
        assert (outcome.code, outcome.errors) == (0, [])
        assert outcome.err.count(f"{site.url}/feed: {_TOO_LONG}") == 1
        assert "links    12 links to articles" in outcome.out


def test_kept_pages_are_read_again_but_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_text(news_page(number))
    run(tmp_path, "ingest", "saved", "--keep-pages", "--executor", "local")
    _put_into_a_page(tmp_path / "data/articles.db", endless_page())
    outcome = run(tmp_path, "reextract", *_LIMIT)
    assert outcome.code == 1
    assert "3 pages: 0 articles changed, 2 the same, 0 new" in outcome.out
    assert [failure[1:] for failure in failures(tmp_path)] == [("WorkerLostError", _TOO_LONG)]


def _put_into_a_page(path: Path, body: bytes) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        packed = zstandard.compress(body)
        db.execute("UPDATE pages SET body = ? WHERE rowid = 2", (packed,))


def test_nothing_goes_on_reading_when_the_command_has_been_killed(tmp_path: Path) -> None:
    (tmp_path / "endless.html").write_bytes(endless_page())
    command = INSTALLED.command("extract", "endless.html")
    with subprocess.Popen(command, cwd=tmp_path, env=INSTALLED.environment) as process:
        child = _child_of(process.pid)
        process.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}/cmdline").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}/cmdline").exists()


def _child_of(pid: int) -> int:
    deadline = time.monotonic() + 20
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    while not listed.read_text().split():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(listed.read_text().split()[0])
