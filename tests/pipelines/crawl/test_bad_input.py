"""What is not as it should be: each a row, one clear line and the right exit code."""

import asyncio
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.options import CrawlOptions
from pipelines.errors import StoreError
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from tests.pipelines.command_line import Outcome, run_winnow
from tests.pipelines.loopback_site import Answer, Site, serve


@dataclass(frozen=True)
class Crawled:
    """A crawl of a site where much is wrong, and of a host that is not there."""

    outcome: Outcome
    folder: Path
    site: Site

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        db = Database(self.folder / "data/articles.db")
        try:
            return db.conn.execute(sql).fetchall()
        finally:
            db.close()

    def failure(self, path: str) -> tuple[object, ...]:
        rows = self.rows(
            "SELECT f.stage, f.error, f.message, u.last_error, u.state, f.url FROM failures f "
            "JOIN urls u ON u.id = f.url_id"
        )
        found = [row[:5] for row in rows if row[5] == self.site.url + path]
        assert len(found) == 1
        return found[0]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("bad")
    with socket.socket() as unused, serve() as site:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        dead_url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        good = site.add_articles(3)
        site.pages |= {
            "/report.html": Answer(b"%PDF-1.7\n" + b"x" * 500),
            "/empty.html": Answer(b""),
            "/binary.html": Answer(bytes(range(256)) * 8, content_type="application/octet-stream"),
            "/login.html": Answer(b"<html><title>Log in</title><form><input name=user></form>"),
            "/broken.html": Answer(b"try later", 500),
            "/secret.html": Answer(b"no", 403),
            "/robots.txt": Answer(
                b"User-agent: *\nDisallow: /private\n", content_type="text/plain"
            ),
        }
        bad = ["/report.html", "/empty.html", "/binary.html", "/login.html", "/missing.html"]
        bad += ["/broken.html", "/secret.html", "/private.html"]
        site.add_sitemap([*good, *bad])
        dead = f'[[source]]\nname = "dead"\nurl = "{dead_url}"\nallow_private = true\n'
        (folder / "sources.toml").write_text(
            site.sources_toml(path="/sitemap.xml", more='discover = ["sitemap"]') + dead
        )
        outcome = run_winnow(folder, "crawl", "--workers", "1")
        yield Crawled(outcome, folder, site)


def test_what_is_good_is_stored_whatever_else_is_wrong(crawled: Crawled) -> None:
    assert crawled.rows("SELECT count(*) FROM articles") == [(3,)]
    assert crawled.rows("PRAGMA integrity_check") == [("ok",)]


def test_the_exit_code_is_one_and_each_failure_one_line(crawled: Crawled) -> None:
    assert crawled.outcome.code == 1
    failed = ["report", "empty", "binary", "missing", "broken", "secret"]
    for name in failed:
        lines = [line for line in crawled.outcome.errors if f"/{name}.html" in line]
        assert len(lines) == 1, (name, crawled.outcome.err)
    assert len(crawled.outcome.errors) == len(failed) + 1  # and the host that is not there


@pytest.mark.parametrize(
    ("path", "stage", "error", "words"),
    [
        ("/report.html", "fetch", "ContentTypeError", "PDF"),
        ("/binary.html", "fetch", "ContentTypeError", "binary"),
        ("/empty.html", "extract", "ExtractionError", ""),
        ("/missing.html", "fetch", "StatusError", "404"),
        ("/broken.html", "fetch", "StatusError", "500"),
        ("/secret.html", "fetch", "StatusError", "403"),
        ("/private.html", "fetch", "RobotsError", "robots.txt"),
    ],
)
def test_each_failure_is_a_row_with_its_reason(
    crawled: Crawled, path: str, stage: str, error: str, words: str
) -> None:
    row = crawled.failure(path)
    assert row[:2] == (stage, error)
    assert words in str(row[2])
    assert row[3] == row[2]
    assert row[4] == "failed"


def test_a_page_without_an_article_is_recorded_and_not_stored(crawled: Crawled) -> None:
    rows = crawled.rows(
        "SELECT reason, article_id FROM suspect_versions WHERE url LIKE '%/login.html'"
    )
    assert rows == [("wall", None)]
    assert crawled.rows("SELECT count(*) FROM articles WHERE url LIKE '%login%'") == [(0,)]


def test_a_host_that_does_not_answer_is_backed_off_from_and_shown(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT failures_in_a_row, backoff_until > '2026' FROM hosts "
                        "WHERE backoff_until IS NOT NULL")  # fmt: skip
    assert rows == [(1, 1)]
    status = run_winnow(crawled.folder, "status")
    assert status.code == 0
    assert "asked again in" in status.out
    check = run_winnow(crawled.folder, "status", "--check")
    assert check.code == 1
    assert any(line.startswith("error: dead: never crawled") for line in check.errors)
    # A minute ends by itself; it is in `status`, and no problem to be mailed about.
    assert not any("backing off" in line for line in check.errors)
    assert not check.out


def test_a_second_crawl_asks_for_nothing_that_has_to_wait(crawled: Crawled) -> None:
    before = crawled.site.requests.copy()
    again = run_winnow(crawled.folder, "crawl", "--workers", "1")
    assert again.code == 0
    asked = crawled.site.requests - before
    assert set(asked) <= {"/robots.txt"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["crawl", "--sources", "none.toml"], 2, "none.toml: No such file"),
        (["crawl", "--sources", "broken.toml"], 2, 'broken.toml, line 4: source "a": `evry`'),
        (["crawl", "nobody"], 2, 'there is no source "nobody"'),
        (["crawl", "--db", "page.html"], 1, "page.html: this is not a SQLite database"),
        (["crawl", "--db", "."], 1, "this is a folder"),
        (["crawl", "--db", "other.db"], 1, "other.db: this SQLite database was not made by winnow"),
        (["search", "rain", "--db", "none.db"], 1, "none.db: there is no such file"),
        (["export", "csv", "--db", "none.db"], 1, "none.db: there is no such file"),
        (["status", "--db", "none.db"], 1, "none.db: there is no such file"),
        (["extract", "none.html"], 1, "none.html: No such file"),
        (["extract", "."], 1, "Is a directory"),
        (["extract", "empty.html"], 1, "empty.html: there is nothing in it"),
        (["extract", "report.pdf"], 1, "report.pdf: this is a PDF"),
        (["extract", "noise.bin"], 1, "noise.bin: this is binary data"),
        (["extract", "http://127.0.0.1:8081/"], 1, "loopback"),
        (["extract", "http://127.0.0.1:1/", "--allow-private"], 1, "127.0.0.1"),
        (["add", "http://127.0.0.1:2/", "--allow-private"], 1, "127.0.0.1"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    source = '[[source]]\nname = "a"\nurl = "http://127.0.0.1:1/"\n'
    (tmp_path / "sources.toml").write_text(source)
    (tmp_path / "broken.toml").write_text(source + 'evry = "1h"\n')
    (tmp_path / "page.html").write_text("<p>no database</p>")
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 4)
    other = Database(tmp_path / "other.db")
    other.table("birds").insert({"name": "wren"})
    other.close()
    before = (tmp_path / "other.db").read_bytes()
    outcome = run_winnow(tmp_path, *arguments)
    assert outcome.code == code
    assert len(outcome.err.splitlines()) == 1, outcome.err
    assert words in outcome.err
    assert (tmp_path / "other.db").read_bytes() == before


def test_a_full_disk_loses_nothing_and_the_next_crawl_goes_on(site: Site, tmp_path: Path) -> None:
    site.add_sitemap(site.add_articles(30))
    settings = parse_settings(site.sources_toml(path="/sitemap.xml"))
    options = CrawlOptions(workers=1)
    db = open_database(tmp_path / "a.db")
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 40}")
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        asyncio.run(crawl(settings, db, options))
    db.close()

    db = open_database(tmp_path / "a.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    stored = db["articles"].count
    assert stored < 30
    # The lease of a crawl that could not even give it back is taken from it by its successor.
    asyncio.run(crawl(settings, db, options))
    assert db["articles"].count == 30
    assert db.execute("SELECT count(DISTINCT url) FROM articles").fetchone() == (30,)
    db.close()


def test_a_file_that_may_not_grow_is_one_line(site: Site, tmp_path: Path) -> None:
    site.add_sitemap(site.add_articles(30))
    (tmp_path / "sources.toml").write_text(site.sources_toml(path="/sitemap.xml"))
    open_database(tmp_path / "data/articles.db").close()
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "crawl", "-q"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1, done.stderr.decode()
    assert b"the disk" in done.stderr
