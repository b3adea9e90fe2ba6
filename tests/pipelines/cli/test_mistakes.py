"""What people get wrong: one clear line, the right exit code, nothing broken, no traceback."""

import os
import re
import socket
import sqlite3
from pathlib import Path

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.pipelines.command_line import Outcome, run_winnow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database of one article, and every wrong file one may come across."""
    db = open_database(tmp_path / "data/articles.db")
    save_article(db, Article(url="https://example.org/1", title="Rain", text="It rained."))
    db.close()
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE music (name)")
    other.close()
    (tmp_path / "empty.html").touch()
    (tmp_path / "binary.html").write_bytes(os.urandom(64) + bytes(range(256)) * 8)
    (tmp_path / "text.db").write_text("This is a letter, and a long one at that.")
    (tmp_path / "good.toml").write_text('[[source]]\nname = "a"\nurl = "https://example.org/"\n')
    (tmp_path / "none.toml").touch()
    return tmp_path


def one_line(outcome: Outcome) -> str:
    assert not outcome.out
    assert "Traceback" not in outcome.err
    lines = [line for line in outcome.err.splitlines() if line.strip()]
    assert len(lines) == 1, outcome.err
    return lines[0].removeprefix("error: ")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("extract none.html", 1, "none.html: No such file or directory"),
        ("extract empty.html", 1, "empty.html: there is nothing in it"),
        ("extract binary.html", 1, "this is binary data, not a page"),
        ("extract data", 1, "data: Is a directory"),
        ("extract https://nowhere.invalid/", 1, "nowhere.invalid does not resolve"),
        ("status --db other.db", 1, "was not made by winnow"),
        ("search rain --db text.db", 1, "not a SQLite database"),
        ("status --db empty.html", 1, "empty.html: there is nothing in it; a crawl fills it"),
        ("export csv --db none.db", 1, "there is no such file; a crawl makes one"),
        ("diff 99", 1, "there is no article 99"),
        ("reextract nobody", 1, 'no source "nobody"'),
        ("db backup /proc/none/copy.db", 1, "/proc/none"),
        ("crawl --sources none.toml", 2, "names no source; `winnow add URL` adds one"),
        ("crawl --sources missing.toml", 2, "`winnow add URL` makes one"),
        ("crawl nobody --sources good.toml", 2, "nobody"),
        ("watch --sources missing.toml", 2, "`winnow add URL` makes one"),
        ("export csv --output data", 2, "data is a folder"),
        ("export csv --output /proc/none/a.csv", 2, "cannot write /proc/none/a.csv"),
        ("report --output /proc/none/a.html", 2, "/proc/none/a.html"),
        ("crawl --sources good.toml --db /proc/none/a.db", 1, "/proc/none"),
    ],
)
def test_a_mistake_is_one_line(folder: Path, arguments: str, code: int, words: str) -> None:
    outcome = run_winnow(folder, *arguments.split())
    assert words in one_line(outcome)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[source]]\nname = "a"\nurl = "https://e.org/"\nevry = "1h"', r"line 4.*`evry`.*`every`"),
        ('[[source]\nname = "a"', r"line 1: this is no TOML"),
        ('[[source]]\nname = "a"\nurl = "example"', r"line 3.*`url`.*no web address"),
        ('[[source]]\nname = "a"\nurl = "https://e g.org/"', r"line 3.*`url`.*no web address"),
        ('[[source]]\nname = "a"\nurl = "https://e.org/"\n[source.rules]\nbody = "p[["',
         r"line 5.*`rules.body`.*no CSS selector"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["crawl", "watch", "status"])
def test_broken_settings_are_named_by_line_and_key(
    folder: Path, command: str, text: str, words: str
) -> None:
    (folder / "data/sources.toml").write_text(text)
    outcome = run_winnow(folder, command)
    assert re.search(f"^data/sources.toml, {words}", one_line(outcome))
    assert outcome.code == 2


@pytest.mark.parametrize("address", ["ht tp://x", "mailto://x", "https://"])
def test_only_a_web_address_can_be_added(folder: Path, address: str) -> None:
    outcome = run_winnow(folder, "add", address)
    assert outcome.code == 2
    assert "is no web address" in " ".join(outcome.err.replace("│", " ").split())
    assert not (folder / "data/sources.toml").exists()


def test_a_port_that_is_taken_is_said_before_anything_is_served(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run_winnow(folder, "browse", "--port", str(port))
    assert one_line(outcome) == (
        f"127.0.0.1:{port}: Address already in use; --port chooses another one"
    )
    assert outcome.code == 1


def test_an_article_without_versions_has_no_difference_to_show(folder: Path) -> None:
    outcome = run_winnow(folder, "diff", "1")
    assert (outcome.code, outcome.err) == (0, "one version only\n")
