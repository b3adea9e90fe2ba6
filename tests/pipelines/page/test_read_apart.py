"""The process beside this one: what it gives back, and what becomes of it."""

import os
import re
import resource
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines.errors import WorkerLostError, describe_error
from pipelines.page.read_apart import read_apart
from scraper.errors import StatusError
from scraper.extract.dom import parse_html


def work(task: str) -> object:
    """Whatever a page may have a parser do."""
    match task:
        case "refuse":
            raise StatusError("not today", url="https://quay.example/", status=403)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(3)
        case "spin in C":
            re.match("(a+)+$", "a" * 60 + "b")
        case "sleep":
            time.sleep(60)
        case "fill":
            return len(bytearray(3_000_000_000))
        case "fill libxml2":
            resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))
            return len(parse_html(b"<p>" + b"<b a=c>x</b>" * 1_500_000))
        case "print":
            print("printed", flush=True)
    return os.getpid()


def ask(task: str, seconds: float = 20.0) -> object:
    return read_apart(work, task, page_timeout_seconds=seconds)


def in_a_thread(task: str, seconds: float = 20.0) -> object:
    """Asked from a thread of several, whose process starts afresh."""
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(ask(task, seconds))
        except Exception as error:  # noqa: BLE001 - it is looked at by the test
            answers.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_one_process_stays_for_all_pages_and_is_another_one() -> None:
    assert ask("pid") == ask("pid") == ask("print") != os.getpid()
    assert in_a_thread("print") not in {ask("pid"), os.getpid()}


@pytest.mark.parametrize("task", ["spin in C", "sleep"])
def test_what_takes_too_long_is_ended_and_the_next_one_has_a_new_process(task: str) -> None:
    before = ask("pid")
    with pytest.raises(WorkerLostError, match=r"^reading the page took longer than 0\.5 seconds$"):
        ask(task, 0.5)
    assert not Path(f"/proc/{before}").exists()
    assert ask("pid") != before
    late = in_a_thread(task, 2.0)
    assert str(late) == "reading the page took longer than 2 seconds"


@pytest.mark.parametrize("task", ["die", "exit"])
def test_what_kills_its_process_is_told(task: str) -> None:
    with pytest.raises(WorkerLostError, match="the page killed the process that read it"):
        ask(task)
    assert isinstance(in_a_thread(task), WorkerLostError)
    assert ask("pid") == ask("pid")


def test_an_error_comes_back_as_it_is() -> None:
    before = ask("pid")
    with pytest.raises(StatusError, match="not today") as caught:
        ask("refuse")
    assert (caught.value.status, caught.value.url) == (403, "https://quay.example/")
    assert ask("pid") == before


@pytest.mark.skipif(sys.platform != "linux", reason="others do not bound it")
@pytest.mark.parametrize("task", ["fill", "fill libxml2"])
def test_what_fills_the_memory_is_an_error_of_its_own(task: str) -> None:
    with pytest.raises(MemoryError) as caught:
        ask(task)
    name, message = describe_error(caught.value)
    assert (name, message) == (
        "MemoryError",
        "reading it needs more memory than a page may have",
    )
    with pytest.raises(WorkerLostError):
        ask("die")  # its limit is another one now


def test_an_answer_is_never_taken_for_that_to_the_next_question() -> None:
    class StopError(BaseException):
        pass

    def stop(*_: object) -> None:
        raise StopError

    earlier = signal.signal(signal.SIGUSR1, stop)
    try:
        timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGUSR1))
        before = ask("pid")
        timer.start()
        with pytest.raises(StopError):
            ask("sleep")
        assert ask("pid") != before
        assert not Path(f"/proc/{before}").exists()
    finally:
        signal.signal(signal.SIGUSR1, earlier)


def test_a_process_that_is_forked_has_one_of_its_own() -> None:
    mine = ask("pid")
    source, sink = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(sink, str(ask("pid")).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert int(os.read(source, 100)) != mine
    assert ask("pid") == mine
    os.close(source)
    os.close(sink)
