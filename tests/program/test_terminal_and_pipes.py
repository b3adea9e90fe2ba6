"""Where a user's output goes: a terminal, a pipe whose reader leaves, a full disk, nowhere."""

import os
import re
import shlex
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from tests.pipelines.command_line import Outcome
from tests.pipelines.loopback_site import story_title
from tests.program.case import assert_no_traceback
from tests.program.installed_program import INSTALLED
from tests.program.on_a_terminal import run_on_terminal

PRINTING = (
    "--help", "search story", "diff 1", "schema", "status", "extract saved/ferry.html", "db stats",
    "export csv", "export jsonl", "export markdown", "export parquet", "export warc",
)  # fmt: skip
"""Each way there is of printing something that somebody may want."""

into_either_buffer = pytest.mark.parametrize(
    ("line", "unbuffered"),
    [*((line, "") for line in PRINTING), ("search story", "1"), ("export jsonl", "1")],
    ids=lambda value: value.replace("1", "unbuffered") if value in {"", "1"} else value,
)

_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@into_either_buffer
def test_a_reader_that_has_gone_is_told_of_by_the_exit_code_alone(
    folder: Path, line: str, unbuffered: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outcome = _run_into(writing, folder, line, unbuffered)
    assert (outcome.code, outcome.err) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@into_either_buffer
def test_a_full_disk_is_one_line(folder: Path, line: str, unbuffered: str) -> None:
    outcome = _run_into(os.open("/dev/full", os.O_WRONLY), folder, line, unbuffered)
    assert outcome.code == 1
    (said,) = outcome.err.splitlines()
    assert said.startswith("error: ")
    assert said.endswith("No space left on device")


def _run_into(output: int, folder: Path, line: str, unbuffered: str) -> Outcome:
    """What a command does whose standard output is this file, which is closed then."""
    with os.fdopen(output, "wb") as file:
        return INSTALLED.run(
            folder, *shlex.split(line), stdout=file, variables={"PYTHONUNBUFFERED": unbuffered}
        )


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_reader_that_leaves_in_the_middle(folder: Path, unbuffered: str) -> None:
    """As `winnow export csv | head -1` does; what is printed is more than a pipe holds."""
    with closing(open_database(folder / "data/articles.db")) as db:
        save_article(
            db, Article(url="https://a.example/", title="Long", text="It rained. " * 50_000)
        )
    with subprocess.Popen(
        INSTALLED.command("export", "csv"),
        cwd=folder,
        env={**INSTALLED.environment, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(3) == b"id,"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.parametrize("line", ["search story", "db check"])
def test_closed_output_is_as_good_as_none(folder: Path, line: str) -> None:
    shell = ["sh", "-c", 'exec "$0" "$@" >&- 2>&-', *INSTALLED.command(*shlex.split(line))]
    done = subprocess.run(
        shell, cwd=folder, env=dict(INSTALLED.environment), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_search_marks_what_was_found_and_obeys_no_title(folder: Path) -> None:
    with closing(open_database(folder / "data/articles.db")) as db:
        title = "\x1b[31mRed\x1b]0;owned\x07 rain"
        save_article(db, Article(url="https://a.example/", title=title, text="It rained."))
    code, shown = run_on_terminal(INSTALLED, folder, "search", "rained")
    assert code == 0
    assert "\x1b[1;33mrained\x1b[0m" in shown
    assert "\x1b]0;" not in shown
    assert "\x1b[31mRed" not in shown


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("status", "harbour"),
        ("schema faqs", "The question."),
        ("db stats", "articles"),
        ("diff 1", "[+one o'clock+]"),
        ("--help", "News pages in, clean articles out"),
        ("export --help", "Example: winnow export jsonl"),
    ],
)
def test_nothing_is_wider_than_the_terminal(folder: Path, line: str, text: str) -> None:
    code, shown = run_on_terminal(INSTALLED, folder, *shlex.split(line), columns=80)
    assert code == 0
    assert "\x1b[" in shown, "no colours"
    lines = _STEERING.sub("", shown).splitlines()
    assert any(text in line for line in lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("crawl --sources live.toml --db new.db --engine local", "4 pages in "),
        ("ingest saved --all-pages --db new.db --engine local", "1 articles new"),
        ("reextract --dry-run --workers 1", "4 pages: "),
    ],
)
def test_a_progress_bar_goes_and_leaves_the_terminal_as_it_was(
    folder: Path, line: str, text: str
) -> None:
    code, shown = run_on_terminal(INSTALLED, folder, *shlex.split(line))
    assert_no_traceback(Outcome(code, shown, ""))
    assert code == 0
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the cursor is hidden"
    assert text in shown[shown.rindex("\x1b[?25h") :]


def test_a_mistake_on_a_terminal_is_one_red_line(folder: Path) -> None:
    code, shown = run_on_terminal(INSTALLED, folder, "search", "rain", "--db", "none.db")
    assert code == 1
    assert shown.startswith("\x1b[1;31merror: \x1b[0m")
    assert shown.count("\n") == 1


def test_an_interrupt_ends_what_waits_for_its_input(folder: Path) -> None:
    with subprocess.Popen(
        INSTALLED.command("ingest", "-", "--executor", "local", "--db", "new.db"),
        cwd=folder,
        env=dict(INSTALLED.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not (folder / "new.db").exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    again = INSTALLED.run(
        folder, "ingest", "-", "--all-pages", "--executor", "local", "--db", "new.db",
        stdin=(folder / "saved/ferry.html").read_bytes(),
    )  # fmt: skip
    assert again.code == 0
    assert "1 articles new" in again.out
    assert story_title(0) in INSTALLED.run(folder, "search", "crowns", "--db", "new.db").out


@pytest.mark.parametrize(("typed", "code", "left"), [("y\n", 0, 0), ("n\n", 1, 4), ("\n", 1, 4)])
def test_a_source_is_removed_when_whoever_is_there_agrees(
    folder: Path, typed: str, code: int, left: int
) -> None:
    done, shown = run_on_terminal(INSTALLED, folder, "remove", "harbour", typed=typed, columns=120)
    assert done == code, shown
    assert "4 addresses of the frontier; 3 articles stay" in shown
    assert "Remove it? [y/N]" in shown
    assert ("nothing was removed" in shown) is bool(code)
    with closing(open_database(folder / "data/articles.db")) as database:
        assert database.table("urls").count == left


def test_a_list_that_is_added_shows_how_far_it_is(folder: Path) -> None:
    done, shown = run_on_terminal(INSTALLED, folder, "add", "sites.txt", "--allow-private")
    assert done == 0
    assert "looking at sites" in shown
    plain = _STEERING.sub("", shown)
    assert plain.count("\nadded ") + plain.startswith("added ") >= 1
    assert "2 added to data/sources.toml" in plain
