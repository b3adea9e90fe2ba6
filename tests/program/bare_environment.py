"""An environment with winnow installed from its wheel, and nothing but the core dependencies.

Nothing is downloaded: the wheel is built from this checkout, and the dependencies are linked, file
by file as their RECORD names them, from the environment that the tests run in.
"""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from zipfile import Path as ZipPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]


class CannotBuildError(Exception):
    """What this environment lacks for building another one; the message says it in plain words."""


def build_bare_environment(folder: Path) -> Path:
    """Make the environment in `folder`; the `winnow` it has.

    Raises:
        CannotBuildError: This environment lacks what it takes.
    """
    wheel = _build_wheel(folder / "wheel")
    environment = folder / "environment"
    venv.create(environment, symlinks=os.name != "nt", with_pip=False)
    python = environment / "bin" / "python"
    packages = Path(
        _run(python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    )
    for distribution in _core_distributions(wheel):
        _link_files(distribution, packages)
    _install(wheel, python)
    return environment / "bin" / "winnow"


def _build_wheel(folder: Path) -> Path:
    if find_spec("hatchling") is None:
        raise CannotBuildError("hatchling, which builds the wheel, is not installed (extra dev)")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=CHECKOUT)
    (wheel,) = folder.glob("winnow_news-*.whl")
    return wheel


def _core_distributions(wheel: Path) -> Iterator[metadata.Distribution]:
    """Those the wheel requires without any extra, and those that they require, each once."""
    (info,) = (entry for entry in ZipPath(wheel).iterdir() if entry.name.endswith(".dist-info"))
    waiting = [(r, "") for r in metadata.PathDistribution(info).requires or ()]
    seen: set[tuple[str, str]] = set()
    while waiting:
        text, of_extra = waiting.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": of_extra}):
            continue
        name = canonicalize_name(requirement.name)
        wanted = {(name, extra) for extra in ("", *requirement.extras)} - seen
        if not wanted:
            continue
        try:
            distribution = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:
            raise CannotBuildError(f"{requirement.name}, a dependency, is not installed") from None
        if (name, "") not in seen:
            yield distribution
        seen |= wanted
        waiting += [(r, extra) for r in distribution.requires or () for _, extra in wanted]


def _link_files(distribution: metadata.Distribution, packages: Path) -> None:
    name = distribution.metadata["Name"]
    if distribution.files is None:
        raise CannotBuildError(f"{name}, a dependency, has no list of its files (RECORD)")
    for file in distribution.files:
        if ".." in PurePosixPath(file).parts:
            continue  # its commands and manual pages
        target = packages / file
        target.parent.mkdir(parents=True, exist_ok=True)
        source = Path(str(file.locate()))
        try:
            target.hardlink_to(source)
        except FileExistsError:
            continue  # two distributions name it
        except FileNotFoundError:
            continue  # a compiled file that was listed and is gone
        except OSError:  # another file system, or one without links
            shutil.copy2(source, target)


def _install(wheel: Path, python: Path) -> None:
    if find_spec("pip") is None:
        raise CannotBuildError("pip, which installs the wheel, is not installed")
    pip = (sys.executable, "-I", "-m", "pip", "--isolated", "--python", python)
    _run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel)


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    """What a program says; compiled files are written, as they are for anybody who installs."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise CannotBuildError(f"this failed: {words}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
