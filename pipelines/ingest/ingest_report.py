"""What an ingest counts: for the person who waits, and for each file's row in the database."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from pipelines.ingest.entries import Entry
from pipelines.ingest.items import START, Place, Skipped
from pipelines.store.crawl.ingests import IngestAdvance

_MOST_FAILURES: Final = 100  # kept in a report; all are rows


@dataclass(slots=True)
class IngestReport:
    """What came of it so far.

    Attributes:
        done_bytes: Read of all files, as stored, those of an earlier run included.
        pages: Pages that were looked at.
        left_out: How many were not wanted, by a word each.
        failures: What is wrong with the archives, or could not be read: the first few.
        cut_short: Pages of which there is only the beginning: it was read.
        unlisted: Files that the list of addresses does not name.
    """

    done_bytes: int = 0
    files: int = 0
    pages: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    cut_short: int = 0
    unlisted: list[str] = field(default_factory=list)

    @property
    def articles(self) -> int:
        """New and changed ones."""
        return self.new + self.changed

    def add(self, other: "IngestReport") -> None:
        """Count in what another batch brought."""
        for name in ("done_bytes", "files", "pages", "new", "changed", "unchanged", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.left_out.update(other.left_out)
        self.failures += other.failures[: _MOST_FAILURES - len(self.failures)]
        self.cut_short += other.cut_short
        self.unlisted += other.unlisted


@dataclass(slots=True)
class FileProgress:
    """How far one file came with a batch."""

    place: Place = START
    pages: int = 0
    articles: int = 0
    failed: int = 0
    is_end: bool = False
    reasons: Counter[str] = field(default_factory=Counter)

    def note(self, entry: Entry, report: IngestReport) -> None:
        """Count an entry in, here and in the report."""
        self.place, self.is_end = entry.after, entry.is_end
        if entry.unlisted:
            report.unlisted.append(entry.unlisted)
        report.done_bytes += entry.read_bytes
        report.files += entry.is_end
        if entry.is_page:
            self.pages += 1
            report.pages += 1
            report.cut_short += entry.is_cut_short
        elif isinstance(entry.item, Skipped):
            self.leave_out(entry.item.reason, report)
            if entry.item.is_fault:
                self.fail(f"{entry.item.name}: {entry.item.message or entry.item.reason}", report)

    def leave_out(self, reason: str, report: IngestReport) -> None:
        """Count what is not wanted."""
        self.reasons[reason] += 1
        report.left_out[reason] += 1

    def fail(self, message: str, report: IngestReport) -> None:
        """Count what is damaged, or could not be read or stored."""
        self.failed += 1
        report.failed += 1
        if len(report.failures) < _MOST_FAILURES:
            report.failures.append(message)

    def advance(self) -> IngestAdvance:
        """What the file's row in `ingests` is told."""
        return IngestAdvance(
            next_offset=self.place.offset,
            next_record=self.place.records,
            pages=self.pages,
            articles=self.articles,
            skipped=self.reasons.total(),
            failed=self.failed,
            reasons=self.reasons,
        )
