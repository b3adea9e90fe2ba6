"""Tables on a terminal of 80 columns: every figure is there, nothing is wider than the screen."""

import io
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.cli.collect.crawl import print_report
from pipelines.cli.collect.demo import print_recovered
from pipelines.cli.explore.status import print_health
from pipelines.crawl.crawl_report import CrawlReport, SourceReport
from pipelines.demo.run_demo import Recovered
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from pipelines.store.database.times import utc_text
from pipelines.store.statistics.source_status import database_totals, source_health


class Screen(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[80, 120])
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Screen:
    shown = Screen()
    monkeypatch.setenv("COLUMNS", str(request.param))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(shown, "columns", request.param, raising=False)
    return shown


def lines_of(screen: Screen) -> list[str]:
    lines = screen.getvalue().splitlines()
    assert all(len(line) <= screen.columns for line in lines)  # type: ignore[attr-defined]
    return [line.rstrip() for line in lines]


def test_what_the_demo_recovered_fits(screen: Screen) -> None:
    articles = [
        Recovered(
            site=site,
            title="A title that is much longer than any screen is wide, " * 3,
            authors=("Somebody With A Name", "Somebody Else"),
            published_at="2026-10-22T07:50:00Z",
            headings=12,
            list_items=34,
            faq_pairs=5,
            words=12_345,
        )
        for site in ("The First Gazette", "The First Gazette", "A Second Paper")
    ]
    with redirect_stdout(screen):
        print_recovered(articles)
    lines = lines_of(screen)
    assert [line for line in lines if not line.startswith(" ")][1:3] == [
        "The First Gazette", "A Second Paper",
    ]  # fmt: skip
    rows = [line.split()[-5:] for line in lines if line.startswith("  A title")]
    assert rows == [["2026-10-22", "12", "34", "5", "12345"]] * 3


def test_what_a_crawl_did_fits_and_leaves_out_what_did_not_happen(screen: Screen) -> None:
    names = ["the-first-gazette-of-the-coast", "second"]
    sources = {n: SourceReport(n, fetched=1200, new=1000, failed=3, bytes=5_300_000) for n in names}
    with redirect_stdout(screen):
        print_report(CrawlReport(crawl_id=1, sources=sources, elapsed_seconds=60.0))
    lines = lines_of(screen)
    assert lines[0].split() == ["source", "fetched", "new", "failed", "bytes"]
    assert lines[1].split() == [names[0], "1200", "1000", "3", "5.3", "MB"]
    assert lines[3].split() == ["all", "2400", "2000", "6", "10.6", "MB"]


def test_the_status_fits(screen: Screen, tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    save_source(db, "the-first-gazette", url="https://example.org/")
    health = replace(
        source_health(db)[0],
        last_success_at=utc_text(datetime.now(UTC) - timedelta(minutes=55)),
        articles=123_456,
        new_last_day=120,
        usual_per_day=118.4,
        failures=12,
        failure_share=0.12,
        confidence_recent=0.51,
        confidence_usual=0.93,
        waiting=1_234,
    )
    with redirect_stdout(screen):
        print_health([health], database_totals(db), {}, {}, {})
    db.close()
    assert lines_of(screen)[2].split() == (
        "the-first-gazette 55 min ago 123456 120 118 12 (12%) 0.51 0.93 1234".split()
    )
