"""A worker process: pages come in on standard input, what was read of them goes out.

A process of its own rather than one of `concurrent.futures`: a page that kills it or never ends
costs that page and nothing else, and which page it was is known.
"""

import gc
import os
import pickle
import resource
import signal
import struct
import sys
from typing import BinaryIO, Final

from pipelines.crawl.reading import ReadJob, read_page
from scraper.page import Page

HEADER: Final = struct.Struct("<I")
"""Each message is its length in bytes, then a pickle; a worker that ends at ease sends length 0."""

READY: Final = b"ready"
"""The first message of a worker, once everything it needs is loaded."""

_FIRST_PAGE: Final = b"<html><body><article><h1>Rain</h1><p>It rained all night.</p></article>"

# A worker that has grown beyond this hands over to a fresh one: memory lost in C libraries is only
# won back so. A worker that has just read a large page is at 140 MB.
_LARGEST_RESIDENT_BYTES: Final = 220_000_000
_PAGES_BETWEEN_LOOKS: Final = 50


def main() -> None:
    """Read pages until standard input ends."""
    # Ctrl-C goes to every process of the terminal, and SIGTERM to every one of a service; the
    # crawl decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, _claim_stdout()
    # What is loaded with the first page is loaded now, so that no page waits for it.
    read_page(ReadJob(page=Page(url="https://example.org/", body=_FIRST_PAGE), kind="article"))
    gc.collect()
    gc.freeze()
    _send(sink, READY)
    for count, payload in enumerate(iter(lambda: _receive(source), None), start=1):
        reading = read_page(pickle.loads(payload))  # noqa: S301 - from the process that started us
        _send(sink, pickle.dumps(reading, pickle.HIGHEST_PROTOCOL))
        if count % _PAGES_BETWEEN_LOOKS == 0 and _resident_bytes() > _LARGEST_RESIDENT_BYTES:
            _send(sink, b"")
            return


def _claim_stdout() -> BinaryIO:
    """The pipe to the crawl; whatever a library prints goes to standard error instead."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sink


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


def _resident_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
