"""What a run of `winnow ingest` leaves in a database, and ways to have it run."""

from contextlib import closing
from pathlib import Path
from typing import Any

from pipelines.store.database.database import open_database
from tests.pipelines.command_line import Outcome, run_winnow


def take_in(folder: Path, *arguments: str, stdin: bytes = b"") -> Outcome:
    """`winnow ingest` into the database of a folder."""
    command = ("--db", "a.db", "ingest", "--executor", "local", *arguments)
    return run_winnow(folder, *command, stdin=stdin)


def articles_in(folder: Path) -> dict[str, str]:
    """The title of each article by its address."""
    return dict(_rows(folder, "SELECT url, title FROM articles ORDER BY id"))


def texts_in(folder: Path) -> list[str]:
    """The text of each article."""
    return [text for (text,) in _rows(folder, "SELECT text FROM articles ORDER BY id")]


def failures_in(folder: Path) -> list[tuple[str, str]]:
    """What failed: its name and the kind of error."""
    return _rows(folder, "SELECT url, error FROM failures ORDER BY id")


def _rows(folder: Path, query: str) -> list[Any]:
    with closing(open_database(folder / "a.db", create=False)) as db:
        return list(db.execute(query).fetchall())
