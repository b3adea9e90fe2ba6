"""The processes that parse pages: one that has everything loaded, and those it forks from itself.

Pages come in on a socket, what was read of them goes out. Processes of our own rather than those
of `concurrent.futures`: a page that kills its parser or never ends costs that page and nothing
else, and which page it was is known. Forked, they start at once and share the memory of what is
loaded, models above all: two of them took 270 MB, and take 170.
"""

import contextlib
import gc
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from typing import BinaryIO, Final

from pipelines.crawl.parse.code_version import code_version
from pipelines.crawl.parse.parse_page import ParseJob, parse_page
from pipelines.page.read_apart import limit_memory
from scraper.extract.metadata.language import detect_language
from scraper.page import Page

HEADER: Final = struct.Struct("<I")
"""Each message is its length in bytes, then a pickle; a worker that ends at ease sends length 0."""

COMMAND: Final = struct.Struct("<cI")
"""What the process that forks is told: a letter and a process id."""

FORK: Final = b"F"
"""With the socket of the new parser; the answer, which is also the first message, is `STARTED`."""

KILL: Final = b"K"
STARTED: Final = b"S"
OTHER_CODE: Final = b"O"
"""In place of the first `STARTED`: winnow was upgraded since the crawl began."""

_FIRST_PAGE: Final = b"<html><body><article><h1>Rain</h1><p>It rained all night.</p></article>"
_FIRST_TEXT: Final = "It rained all night, and in the morning the river had left its bed. " * 3

# A worker that has grown beyond this hands over to a fresh one: memory lost in C libraries is only
# won back so. A worker that has just read a large page is at 140 MB.
_LARGEST_RESIDENT_BYTES: Final = 220_000_000
_PAGES_BETWEEN_LOOKS: Final = 50

# ParseResult a page makes tens of thousands of objects and next to no cycles: looking for those at
# Python's usual pace takes 8% of the time, at this one none that could be measured.
_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000


def main() -> None:
    """Fork parsers as standard input, a socket, asks for them; until it ends.

    The one argument is the version of the code that the crawl runs: read by another one, a page
    would become rows the crawl takes for something else.
    """
    # Ctrl-C goes to every process of the terminal, and SIGTERM to every one of a service; the
    # crawl decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Whatever a library prints is for nobody.
    control = socket.socket(fileno=os.dup(0))
    if sys.argv[1:] != [code_version()]:
        control.sendall(COMMAND.pack(OTHER_CODE, os.getpid()))
        return
    _load()
    control.sendall(COMMAND.pack(STARTED, os.getpid()))
    children: set[int] = set()
    try:
        while _obey(control, children):
            children -= {pid for pid in children if _has_ended(pid)}
    finally:
        for pid in children:
            _kill(pid)


def _load() -> None:
    """Load now what is loaded with the first page, so that parsers share it and none waits."""
    parse_page(ParseJob(page=Page(url="https://example.org/", body=_FIRST_PAGE), kind="article"))
    # The model is unpacked through a temporary file. Without room for it, pages that state their
    # language can still be read, and the others say what is wrong.
    with contextlib.suppress(OSError):
        detect_language(_FIRST_TEXT)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _obey(control: socket.socket, children: set[int]) -> bool:
    """Do what is asked next; False when nobody is there to ask."""
    try:
        message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(message) < COMMAND.size:
            return False
        word, pid = COMMAND.unpack(message)
        if word == KILL and pid in children:
            _kill(pid)
            children.discard(pid)
        elif word == FORK and descriptors:
            child = os.fork()
            if not child:
                control.close()
                _be_a_reader(socket.socket(fileno=descriptors[0]))
            os.close(descriptors[0])
            children.add(child)
            control.sendall(COMMAND.pack(STARTED, child))
    except ConnectionError:
        return False
    return True


def _be_a_reader(connection: socket.socket) -> None:
    """Read pages until nobody sends any; does not return."""
    code = 1
    try:
        os.close(0)
        limit_memory()
        with connection, connection.makefile("rb") as source, connection.makefile("wb") as sink:
            _read_pages(source, sink)
        code = 0
    except OSError:  # the crawl is gone
        pass
    finally:
        os._exit(code)  # what this process was forked from tidies up


def _read_pages(source: BinaryIO, sink: BinaryIO) -> None:
    for count, payload in enumerate(iter(lambda: _receive(source), None), start=1):
        function, job = pickle.loads(payload)  # noqa: S301 - from the process that started us
        _send(sink, pickle.dumps(function(job), pickle.HIGHEST_PROTOCOL))
        if count % _PAGES_BETWEEN_LOOKS == 0 and _resident_bytes() > _LARGEST_RESIDENT_BYTES:
            _send(sink, b"")
            return


def _receive(source: BinaryIO) -> bytes | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    payload = source.read(HEADER.unpack(header)[0])
    return payload or None


def _send(sink: BinaryIO, payload: bytes) -> None:
    sink.write(HEADER.pack(len(payload)))
    sink.write(payload)
    sink.flush()


def _kill(pid: int) -> None:
    """End a child that has not been waited for, so that its id is certainly its own."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _resident_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
