"""A program that is ended, however, leaves no process behind, whatever those are busy with."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipelines.ingest.archives import make_archive

_COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]


def processes_of(folder: Path) -> list[int]:
    """Those that were started with a variable that names the folder."""
    mark = f"STARTED_FOR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
            is_dead = "Z (zombie)" in (process / "status").read_text()
        except OSError:
            continue
        if mark in variables and not is_dead:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are looked for in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
@pytest.mark.parametrize("executor", ["local", "processes", "dask"])
def test_no_worker_stays_behind(tmp_path: Path, executor: str, number: signal.Signals) -> None:
    if executor == "dask":
        pytest.importorskip("distributed")
    (tmp_path / "news.warc.gz").write_bytes(make_archive(3000).data)
    running = subprocess.Popen(
        [*_COMMAND, "ingest", "news.warc.gz", "--executor", executor, "--workers", "2"],
        cwd=tmp_path,
        env={**os.environ, "STARTED_FOR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    fewest = {"local": 2, "processes": 5, "dask": 5}[executor]  # with those that read pages
    give_up_at = time.monotonic() + 60
    while len(processes_of(tmp_path)) < fewest and running.poll() is None:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    running.send_signal(number)
    assert running.wait(timeout=20) == -number
    give_up_at = time.monotonic() + 10
    while (left := processes_of(tmp_path)) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert left == []
