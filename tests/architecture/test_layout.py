"""The house stays one in which a newcomer finds his way."""

import re
import subprocess
from collections import Counter, defaultdict

import pytest

from tests.architecture.imports import ROOT, draw_plan, source_files

MOST_FILES_SIDE_BY_SIDE = 12
COMMANDS = "pipelines/cli/"  # a command's file is named as the command, and so is what it calls
ALIKE = {"errors.py"}  # the error tree of each package


def test_no_two_files_bear_one_name_for_different_things() -> None:
    places = defaultdict(list)
    for path in source_files():
        if not path.name.startswith("__") and not str(path).startswith(COMMANDS):
            places[path.name].append(str(path))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert set(twice) <= ALIKE, twice


def test_a_command_shares_its_name_only_with_what_it_runs() -> None:
    others = {p.name for p in source_files() if not str(p).startswith(COMMANDS)}
    for path in source_files("pipelines/cli"):
        if path.name in others and not path.name.startswith("__"):
            room = next(
                p for p in source_files() if p.name == path.name and not str(p).startswith(COMMANDS)
            )
            package = ".".join(room.parent.parts)
            runs = package if package != "pipelines" else f"pipelines.{room.stem}"
            assert f"from {runs}" in (ROOT / path).read_text(), f"{path} beside {room}"


def test_a_folder_can_be_seen_whole() -> None:
    count = Counter(p.parent for p in source_files() if p.name != "__init__.py")
    assert {str(folder): n for folder, n in count.items() if n > MOST_FILES_SIDE_BY_SIDE} == {}


def test_files_do_not_import_each_other_in_circles() -> None:
    assert draw_plan(by_file=True).circles == ()


def test_no_module_is_imported_by_nobody() -> None:
    """What is neither imported nor started by name is dead."""
    plan = draw_plan(by_file=True)
    wanted = {end for _, end in plan.arrows}
    loaded_by_name = (ROOT / "pyproject.toml").read_text() + "".join(
        (ROOT / path).read_text() for path in source_files()
    )
    alone = [
        room
        for room in plan.rooms
        if room not in wanted
        and not room.endswith("__main__.py")
        and room.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        not in loaded_by_name
    ]
    assert alone == []


def _table_paths() -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| I want to add") :]
    return re.findall(r"`((?:scraper|pipelines|data|tests)/[^`]+)`", table)


@pytest.mark.parametrize("path", _table_paths())
def test_files_named_for_newcomers_are_there(path: str) -> None:
    if "SITE" in path or path == "data/sources.toml":
        return  # to be filled in, or the reader's own
    tracked = subprocess.run(
        ["git", "ls-files", path], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert tracked.stdout or (ROOT / path).exists() or list(ROOT.glob(path))
