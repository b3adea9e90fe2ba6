"""Two environments with the program, and a folder that it has filled; each is made once a run."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.pipelines.loopback_site import Site, serve
from tests.program.bare_environment import CannotBuildError, build_bare_environment
from tests.program.installed_program import INSTALLED, Program, users_environment
from tests.program.newsroom import add_lists, add_mistakes, fill_folder, publish


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all processes of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "program"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def bare(shared: Path) -> Program:
    """The program of an environment without any extra."""
    folder = shared / "bare"
    try:
        _make_once(folder, build_bare_environment)
    except CannotBuildError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"no second environment can be made here: {error}")
    environment = users_environment(with_paths=False)
    return Program(folder / "environment/bin/winnow", environment)


@pytest.fixture(params=["all extras", "no extra"])
def program(request: pytest.FixtureRequest) -> Program:
    """The program of either environment."""
    if request.param == "all extras":
        return INSTALLED
    found: Program = request.getfixturevalue("bare")
    return found


@pytest.fixture
def barest(request: pytest.FixtureRequest) -> Program:
    """The program with the fewest libraries there is, for what none makes a difference to."""
    try:
        found: Program = request.getfixturevalue("bare")
    except pytest.skip.Exception:
        return INSTALLED
    return found


@pytest.fixture(scope="session")
def filled(shared: Path) -> Path:
    """The folder that others are copied from."""
    folder = shared / "filled"
    _make_once(folder, partial(fill_folder, program=INSTALLED))
    return folder


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The newspaper, as long as a module's tests last."""
    with serve() as running:
        publish(running)
        yield running


@pytest.fixture
def folder(filled: Path, site: Site, tmp_path: Path) -> Path:
    """A user's folder: the database, wrong files, and lists and live.toml for the running site."""
    own = tmp_path / "folder"
    shutil.copytree(filled, own)
    (own / "live.toml").write_text(site.sources_toml("live", "/sitemap.xml"))
    add_lists(own, site)
    add_mistakes(own)
    return own


def _make_once(folder: Path, make: Callable[[Path], object]) -> None:
    """Have `make` make the folder, unless another process of this run has."""
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
