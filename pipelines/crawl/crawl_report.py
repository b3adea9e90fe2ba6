"""What a crawl did: counted while it runs, handed back when it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_MOST_FAILURES_SHOWN: Final = 50


@dataclass(slots=True)
class SourceReport:
    """What became of one source in one crawl.

    Attributes:
        fetched: Requests answered with a page.
        not_modified: Requests answered with "what you have is current".
        new: Articles stored for the first time.
        changed: Articles whose title or text is another than before.
        unchanged: Articles read again and found to be the same.
        suspect: Versions that were not believed; each is a row in `suspect_versions`.
        skipped: Pages without an article, and addresses robots.txt asks not to fetch.
        failed: Requests and pages that failed; each is a row in `failures`.
        bytes: Transferred over the wire.
    """

    name: str
    fetched: int = 0
    not_modified: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    suspect: int = 0
    skipped: int = 0
    failed: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class FailureLine:
    """One failure, as the report shows it."""

    url: str
    stage: str
    error: str
    message: str


@dataclass(slots=True, kw_only=True)
class CrawlReport:
    """What a crawl did.

    Attributes:
        sources: By name, in the order of the settings.
        failures: The first failures; `failed` counts them all.
        left: URLs that are due and were not fetched: it was stopped, a host is backing off, or a
            source had as many articles as it may in one crawl.
        backing_off: Hosts that are backed off from for now.
        elsewhere: Hosts that another crawl was at work on when this one ended.
        was_stopped: Whether somebody ended it.
        elapsed_seconds: How long it took.
    """

    crawl_id: int = 0
    sources: dict[str, SourceReport] = field(default_factory=dict)
    failures: list[FailureLine] = field(default_factory=list)
    left: int = 0
    backing_off: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    was_stopped: bool = False
    elapsed_seconds: float = 0.0

    def note_failure(self, source: str, failure: FailureLine) -> None:
        """Count a failure, and keep it if it is one of the first."""
        self.sources[source].failed += 1
        if len(self.failures) < _MOST_FAILURES_SHOWN:
            self.failures.append(failure)

    def total(self, name: str) -> int:
        """The sum of one count over all sources.

        Example:
            >>> CrawlReport(sources={"a": SourceReport("a", new=2)}).total("new")
            2
        """
        return sum(getattr(source, name) for source in self.sources.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is.

    Attributes:
        done: URLs dealt with in this crawl.
        waiting: URLs of these sources that are due or being fetched.
        articles: New and changed articles so far.
        failed: Failures so far.
        bytes: Transferred so far.
    """

    done: int
    waiting: int
    articles: int
    failed: int
    bytes: int


ProgressCallback = Callable[[Progress], None]
