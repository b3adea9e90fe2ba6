"""Every command as a process, in an environment with all extras and in one with none."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipelines.command_line import Outcome
from tests.pipelines.loopback_site import Site
from tests.program.case import (
    Case,
    assert_no_traceback,
    check_extra_is_named,
    check_outcome,
    mistake,
)
from tests.program.case_checks import holds
from tests.program.command_cases import CASES, WITHOUT_EXTRAS
from tests.program.command_tree import Choice, find_choices, find_commands
from tests.program.installed_program import INSTALLED, Program

COMMANDS = [path for path, _ in find_commands()]


def _parameters(is_wanted: Callable[[Case], object]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("command", "case"),
        [
            pytest.param(command, case, id=f"{command} {case.arguments}".strip())
            for command, cases in CASES.items()
            for case in cases
            if is_wanted(case)
        ],
    )


def test_every_command_has_runs() -> None:
    assert set(CASES) == set(COMMANDS)
    for command, cases in CASES.items():
        assert [case for case in cases if case.code == 0], f"no run of {command} succeeds"
        assert [case for case in cases if case.code], f"no run of {command} is a mistake"


@pytest.mark.parametrize("choice", list(find_choices()), ids=lambda c: f"{c.command} {c.value}")
def test_every_choice_has_a_run(choice: Choice) -> None:
    assert any(choice.is_in(case.arguments) for case in CASES[choice.command] if case.code == 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(barest: Program, tmp_path: Path, command: str) -> None:
    outcome = barest.run(tmp_path, *command.split(), "--help")
    assert_no_traceback(outcome)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"winnow {command}" in outcome.out.partition("Example:")[2]
    assert list(tmp_path.iterdir()) == []


@_parameters(lambda case: case.code == 0 or case.extra)
def test_command(program: Program, folder: Path, site: Site, command: str, case: Case) -> None:
    _check(program, folder, command, _fill_in(case, site))


@_parameters(lambda case: case.code and not case.extra)
def test_mistake(barest: Program, folder: Path, site: Site, command: str, case: Case) -> None:
    _check(barest, folder, command, _fill_in(case, site))


def _check(program: Program, folder: Path, command: str, case: Case) -> None:
    if case.extra and program is not INSTALLED:
        line = f"{command} {case.arguments}"
        check_extra_is_named(program.run(folder, *shlex.split(line)), case.extra)
        return
    for line in case.before:
        assert program.run(folder, *shlex.split(line)).code == 0
    arguments = [*command.split(), *shlex.split(case.arguments)]
    if case.until is not None:
        outcome = _run_until(program, folder, arguments, case)
    else:
        stdin = (folder / case.stdin).read_bytes() if case.stdin else b""
        outcome = program.run(folder, *arguments, stdin=stdin)
    check_outcome(outcome, command, case)
    if case.check is not None:
        case.check(outcome, folder)


@pytest.mark.parametrize(("line", "extra"), WITHOUT_EXTRAS)
def test_a_missing_extra_is_named(bare: Program, folder: Path, line: str, extra: str) -> None:
    before = sorted(folder.rglob("*"))
    check_extra_is_named(bare.run(folder, *shlex.split(line)), extra)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("line", ["ingest s3://bucket/pages", "load s3://bucket/parts"])
def test_a_store_that_does_not_answer_is_one_line(folder: Path, line: str) -> None:
    pytest.importorskip("s3fs", reason="the extra cluster is not installed")
    variables = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
    }  # fmt: skip
    outcome = INSTALLED.run(folder, *line.split(), variables=variables)
    url = line.split()[1]
    check_outcome(outcome, line, mistake("", f"{url}: Could not connect to the endpoint URL"))


def test_the_demo_comes_with_the_program(barest: Program, tmp_path: Path) -> None:
    outcome = barest.run(tmp_path, "demo", "--db", "new.db")
    assert (outcome.code, outcome.errors) == (0, [])
    assert "\n50 articles " in outcome.out
    assert "  winnow browse --db new.db\n" in outcome.out
    holds("new.db", 50)(outcome, tmp_path)


def test_the_bare_environment_is_bare(bare: Program, tmp_path: Path) -> None:
    extras = (
        "boto3", "dask", "datasette", "datatrove", "distributed", "duckdb", "fsspec", "pandas",
        "playwright", "pyarrow", "pytest", "s3fs", "scrapy", "uvicorn", "warcio",
    )  # fmt: skip
    program = (
        "import importlib.util, pipelines, sys\n"
        f"print(pipelines.__file__, *filter(importlib.util.find_spec, {extras!r}), sep='\\n')"
    )
    done = subprocess.run(
        [bare.path.with_name("python"), "-c", program],
        cwd=tmp_path,
        env=dict(bare.environment),
        capture_output=True,
        text=True,
        check=True,
    )
    (file,) = done.stdout.splitlines()
    assert Path(file).is_relative_to(bare.path.parents[1])
    assert Path(file) != Path(sys.modules["pipelines"].__file__ or "")


def test_the_version_is_that_of_the_package(program: Program, tmp_path: Path) -> None:
    outcome = program.run(tmp_path, "--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.split()[0] == "winnow"
    assert outcome.out.split()[1][0].isdigit()


def _fill_in(case: Case, site: Site) -> Case:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    arguments = case.arguments.replace("{site}", site.url).replace("{port}", port)
    return replace(
        case, arguments=arguments, out=tuple(text.replace("{site}", site.url) for text in case.out)
    )


def _run_until(program: Program, folder: Path, arguments: list[str], case: Case) -> Outcome:
    """What a command that does not end by itself prints until Ctrl-C ends it."""
    printed = ""
    with subprocess.Popen(
        program.command(*arguments),
        cwd=folder,
        env=dict(program.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            while (case.until or "") not in printed:
                line = process.stdout.readline()
                assert line, f"it ended: {printed}"
                printed += line
            if case.meanwhile is not None:
                case.meanwhile(printed)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            printed += process.stdout.read()
        finally:
            process.kill()
    return Outcome(process.wait(), printed, "")
