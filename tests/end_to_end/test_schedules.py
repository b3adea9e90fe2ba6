"""The README's examples for cron and systemd, checked by what reads them."""

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer.main
from croniter import croniter

from pipelines.cli import app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)
    return str(found)


def check_command(words: list[str]) -> None:
    """That the command line is one the program takes."""
    assert words[0].endswith("winnow")
    group = typer.main.get_command(app)
    command = group.commands[words[1]]  # type: ignore[attr-defined]  # a group
    command.make_context(words[1], words[2:])


def test_cron_lines_are_due_some_time_and_run_commands_that_exist() -> None:
    lines = block("crontab").splitlines()
    assert len(lines) == 2
    for line in lines:
        fields = line.split(maxsplit=5)
        assert croniter.is_valid(" ".join(fields[:5]))
        check_command(shlex.split(fields[5].partition("&&")[2]))


def test_the_unit_runs_a_command_that_exists() -> None:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    unit.read_string(block("ini"))
    service = unit["Service"]
    check_command(shlex.split(service["ExecStart"]))
    assert service["WorkingDirectory"] == service["ReadWritePaths"]
    assert service["Restart"] == "on-failure"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    # The program and user of the example are not on this machine.
    text = re.sub(r"=/srv/news/.venv/bin/winnow", "=/bin/true", block("ini"))
    path = tmp_path / "winnow.service"
    path.write_text(text.replace("User=news", "User=root"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "winnow.service" in line]
    assert not ours, done.stderr
    path.write_text(text.replace("Restart=on-failure", "Restart=some-times"))
    broken = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert "winnow.service" in broken.stderr
