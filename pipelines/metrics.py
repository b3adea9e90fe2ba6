"""Figures for Prometheus: what a watch has done since it began, and how its sources are now.

The text format is version 0.0.4 of
https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from pipelines.crawl.crawl_report import CrawlReport, Progress
from pipelines.errors import PipelineError
from pipelines.store.crawl.hosts import load_backing_off
from pipelines.store.database.database import open_database
from pipelines.store.database.times import parse_utc
from pipelines.store.statistics.source_status import (
    DatabaseTotals,
    SourceHealth,
    database_totals,
    source_health,
)

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_COUNTERS: Final = {
    "fetched": ("pages_fetched", "Requests answered with a page."),
    "not_modified": ("pages_not_modified", "Requests answered with 304."),
    "new": ("articles_new", "Articles stored for the first time."),
    "changed": ("articles_changed", "Articles that became a new version."),
    "suspect": ("versions_suspect", "Versions that were not believed."),
    "skipped": ("pages_skipped", "Pages without an article."),
    "failed": ("failures", "Requests and pages that failed."),
    "bytes": ("received_bytes", "Bytes transferred."),
}
# A scrape every fifteen seconds must not read a database of millions of articles each time.
_SECONDS_BETWEEN_LOOKS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Metric:
    """One family of figures of one name.

    Attributes:
        kind: ``counter`` or ``gauge``.
        samples: Value of the label, and the figure; None for a figure without a label.
        label: Name of the label.
    """

    name: str
    kind: str
    help: str
    samples: tuple[tuple[str | None, float], ...]
    label: str = "source"


@dataclass(slots=True)
class WatchCounts:
    """What a watch has done so far: its loop adds to it, the threads that answer scrapes read it.

    Attributes:
        counts: For each source, sums of the fields of its crawl reports.
        progress: How far the running crawl is; None between crawls.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    crawls: int = 0
    settings_errors: int = 0
    settings_are_good: bool = True
    progress: Progress | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_report(self, report: CrawlReport) -> None:
        """Add what a crawl did, when it has ended."""
        with self._lock:
            self.crawls += 1
            self.progress = None
            for source in report.sources.values():
                mine = self.counts.setdefault(source.name, Counter())
                mine.update({name: getattr(source, name) for name in _COUNTERS})

    def note_settings(self, *, are_good: bool) -> None:
        """Note that the settings were read anew, or could not be."""
        with self._lock:
            self.settings_are_good = are_good
            self.settings_errors += not are_good

    def note_progress(self, progress: Progress) -> None:
        """Note how far the crawl is that is running."""
        self.progress = progress  # one reference replaced by another: no lock

    def metrics(self) -> tuple[Metric, ...]:
        """The figures as they are at this moment."""
        with self._lock:
            families = [
                Metric(
                    f"winnow_{name}_total",
                    "counter",
                    f"{words[:-1]}, since the watch began.",
                    tuple((source, counts[key]) for source, counts in self.counts.items()),
                )
                for key, (name, words) in _COUNTERS.items()
            ]
            now = self.progress
            single = (
                ("crawls_total", "counter", "Crawls since the watch began.", self.crawls),
                ("settings_errors_total", "counter", "Broken settings read.", self.settings_errors),
                ("settings_good", "gauge", "1 when sources.toml is good.", self.settings_are_good),
                ("crawl_running", "gauge", "1 during a crawl.", now is not None),
                ("crawl_done_urls", "gauge", "Dealt with in this crawl.", now.done if now else 0),
                ("crawl_waiting_urls", "gauge", "Waiting in it.", now.waiting if now else 0),
            )
        families += [Metric(f"winnow_{n}", kind, text, ((None, v),)) for n, kind, text, v in single]
        return tuple(families)


def database_metrics(path: Path) -> tuple[Metric, ...]:
    """How the sources in the database are doing, and how much it holds.

    Raises:
        StoreError: The database cannot be read.
    """
    with closing(open_database(path, read_only=True)) as db:
        health, totals = source_health(db), database_totals(db)
        hosts = load_backing_off(db)
    backing_off = Metric(
        "winnow_host_backoff_failures",
        "gauge",
        "Failures in a row of a host that is backed off from.",
        tuple((host, backoff.failures_in_a_row) for host, backoff in hosts.items()),
        label="host",
    )
    return (*_health_metrics(health), *_total_metrics(totals), backing_off)


def _health_metrics(health: Iterable[SourceHealth]) -> Iterator[Metric]:
    sources = [source for source in health if source.kind != "archive"]
    for name, help_text, key in (
        ("articles", "Articles in the database.", "articles"),
        ("new_articles_last_day", "First seen in the last 24 hours.", "new_last_day"),
        ("usual_articles_per_day", "New articles a day over four weeks.", "usual_per_day"),
        ("failure_ratio", "Share of the requests of seven days that failed.", "failure_share"),
        ("confidence", "Of the extraction, over seven days.", "confidence_recent"),
        ("usual_confidence", "The same over four weeks before.", "confidence_usual"),
        ("waiting_urls", "URLs due or being fetched.", "waiting"),
    ):
        values = ((source.name, getattr(source, key)) for source in sources)
        samples = tuple((label, value) for label, value in values if value is not None)
        yield Metric(f"winnow_source_{name}", "gauge", help_text, samples)
    moments = ((source.name, parse_utc(source.last_success_at)) for source in sources)
    yield Metric(
        "winnow_source_last_success_timestamp_seconds",
        "gauge",
        "When a page of it was last fetched and read.",
        tuple((name, moment.timestamp()) for name, moment in moments if moment is not None),
    )


def _total_metrics(totals: DatabaseTotals) -> Iterator[Metric]:
    for name in ("articles", "revisions", "pages", "bytes"):
        yield Metric(
            f"winnow_database_{name}", "gauge", f"In the database: {name}.",
            ((None, getattr(totals, name)),),
        )  # fmt: skip


def render_metrics(metrics: Iterable[Metric]) -> str:
    r"""The figures in Prometheus' text format.

    Example:
        >>> print(render_metrics([Metric("a_total", "counter", "What.", (("x", 1),))]), end="")
        # HELP a_total What.
        # TYPE a_total counter
        a_total{source="x"} 1
    """
    lines: list[str] = []
    for metric in metrics:
        lines.append(f"# HELP {metric.name} {metric.help}")
        lines.append(f"# TYPE {metric.name} {metric.kind}")
        for value, figure in metric.samples:
            labels = "" if value is None else f'{{{metric.label}="{_escape(value)}"}}'
            lines.append(f"{metric.name}{labels} {_number(figure)}")
    return "\n".join([*lines, ""])


def _escape(value: str) -> str:
    # A name may hold half a surrogate pair, which UTF-8 cannot.
    text = value.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(figure: float) -> str:
    return str(int(figure)) if float(figure).is_integer() else repr(float(figure))


@contextmanager
def serve_metrics(address: str, counts: WatchCounts, db_path: Path) -> Iterator[str]:
    """Answer GET /metrics at ``HOST:PORT`` while the context lasts; gives the URL.

    Raises:
        PipelineError: The address is none, or taken.
    """
    host, port = parse_address(address)
    look = _Look(db_path)

    class Handler(_Handler):
        render = staticmethod(lambda: render_metrics((*counts.metrics(), *look.metrics())))

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise PipelineError(f"metrics at {address}: {error.strerror or error}") from error
    server.daemon_threads = True
    # It looks every 0.1 s whether to stop: at the usual 0.5 s the end of a watch would wait for it.
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def parse_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``.

    Raises:
        PipelineError: It is written differently.

    Example:
        >>> parse_address("127.0.0.1:9464")
        ('127.0.0.1', 9464)
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise PipelineError(f'metrics at "{address}": write an address as 127.0.0.1:9464')
    return host, int(port)


class _Look:
    """The database's figures, read again every half minute however often they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._metrics: tuple[Metric, ...] = ()

    def metrics(self) -> tuple[Metric, ...]:
        """The newest figures; those from before when the database cannot be read just now."""
        with self._lock:
            if time.monotonic() - self._at >= _SECONDS_BETWEEN_LOOKS:
                is_read = True
                try:
                    self._metrics = database_metrics(self._path)
                except PipelineError:
                    is_read = False
                self._at = time.monotonic()
                readable = Metric(
                    "winnow_database_readable", "gauge", "1 when it was read.", ((None, is_read),)
                )
                kept = (m for m in self._metrics if m.name != readable.name)
                self._metrics = (readable, *kept)
            return self._metrics


class _Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds: a client that says nothing holds a thread no longer
    render: Callable[[], str]

    def do_GET(self) -> None:
        is_known = self.path.partition("?")[0] == "/metrics"
        body = (self.render() if is_known else "see /metrics\n").encode()
        self.send_response(HTTPStatus.OK if is_known else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: a scrape every few seconds is no news."""
