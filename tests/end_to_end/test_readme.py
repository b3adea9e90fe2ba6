"""The README's commands, run as a reader would paste them.

Every ```sh block below a line `<!-- runs -->` is run, in order and in one folder: that of somebody
who has the demo's newspapers in data/sources.toml; the first command is the one that crawls them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.demo.server import serve_demo

README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"^<!-- runs -->\n```sh\n(.*?)^```$", re.M | re.S)


def read_commands(markdown: str) -> list[str]:
    """Each command of the blocks that are run; a line that ends in a backslash goes on."""
    lines = "".join(_BLOCK.findall(markdown)).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


COMMANDS = read_commands(README.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("reader")
    (place / "data").mkdir()
    with serve_demo() as sites:
        sources = [
            f'[[source]]\nname = "{served.site.folder.name}"\nurl = "{served.base_url}/"\n'
            for served in sites
        ]
        defaults = "[defaults]\ndelay_seconds = 0.0\nallow_private = true\n\n"
        (place / "data/sources.toml").write_text(defaults + "\n".join(sources), encoding="utf-8")
        yield place


@pytest.mark.parametrize("command", COMMANDS)
def test_command_works_as_pasted(command: str, folder: Path) -> None:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = command.split(maxsplit=1)[0]
    if shutil.which(program, path=programs) is None:
        pytest.skip(f"{program} is not installed")
    before = {path for path in folder.rglob("*") if path.is_file()}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": programs, "HOME": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    written = [path for path in folder.rglob("*") if path.is_file() and path not in before]
    assert done.stdout.strip() or any(path.stat().st_size for path in written)


def test_blocks_are_read() -> None:
    assert len(COMMANDS) >= 8
    markdown = "```sh\nno\n```\n<!-- runs -->\n```sh\none \\\n  two\n# what\nthree\n```\n"
    assert read_commands(markdown) == ["one    two", "three"]
