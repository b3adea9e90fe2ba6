"""What `winnow status --check` finds wrong: in databases in which it is, and in none other."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.health import Problem, find_problems
from pipelines.settings import SourceDefaults
from pipelines.store.articles.articles import save_articles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.fetches import FetchRecord, record_fetch
from pipelines.store.crawl.hosts import load_backing_off, save_backoff
from pipelines.store.crawl.sources import record_success, save_source
from pipelines.store.database.database import open_database
from pipelines.store.frontier.leases import lease_urls
from pipelines.store.frontier.urls import NewUrl, add_urls
from pipelines.store.statistics.source_signs import source_signs
from pipelines.store.statistics.source_status import source_health
from scraper.article import Article
from scraper.backoff import Backoff
from tests.pipelines.command_line import run_winnow

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOURLY = SourceDefaults(every=timedelta(hours=1))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "data/articles.db")


def add_days(db: Database, source_id: int, counts: dict[int, int], confidence: float = 0.9) -> None:
    """Articles first seen so many days before NOW."""
    for days_ago, count in counts.items():
        seen_at = NOW - days_ago * DAY - timedelta(hours=1)
        save_articles(
            db,
            [
                ArticleToSave(
                    rows=build_rows(
                        Article(
                            url=f"https://a.example/{source_id}/{days_ago}/{number}/{confidence}",
                            text=f"Rain on day {days_ago}, and {number} drops.",
                            confidence=confidence,
                        )
                    ),
                    source_id=source_id,
                    seen_at=seen_at,
                )
                for number in range(count)
            ],
        )


def healthy(db: Database, *, days: range = range(20), confidence: float = 0.9) -> int:
    source_id = save_source(db, "harbour", "https://a.example/")
    add_days(db, source_id, dict.fromkeys(days, 6), confidence)
    record_success(db, source_id, NOW - timedelta(minutes=30))
    return source_id


def problems(db: Database, schedule: SourceDefaults = HOURLY) -> list[Problem]:
    health = source_health(db, now=NOW)
    return find_problems(health, load_backing_off(db, NOW), {"harbour": schedule}, NOW)


def add_fetches(db: Database, source_id: int, good: int, bad: int) -> None:
    add_urls(db, source_id, [NewUrl(url="https://a.example/x")])
    url = lease_urls(db, "me")[0]
    for number in range(good + bad):
        error = "HTTP 503" if number < bad else None
        record_fetch(
            db,
            FetchRecord(url_id=url.id, source_id=source_id, fetched_at=NOW - DAY, error=error),
        )


def test_a_source_that_is_well_has_no_problem(db: Database) -> None:
    add_fetches(db, healthy(db), good=90, bad=10)
    assert problems(db) == []


def test_a_source_that_does_not_answer_any_more(db: Database) -> None:
    source_id = healthy(db)
    save_failure(db, "https://a.example/", "fetch", "ConnectFailedError", "no connection")
    db.execute("UPDATE failures SET source_id = ?", [source_id])
    db.execute("UPDATE sources SET last_success_at = '2026-03-20T08:00:00Z'")
    (problem,) = problems(db)
    assert problem.message == (
        "last success 2026-03-20 08:00 UTC; last failure: no connection; `winnow crawl harbour` "
        "shows what stands in the way"
    )
    assert problems(db, SourceDefaults(every=DAY)) == []
    assert problems(db, SourceDefaults(cron="0 7 * * *")) == []


def test_a_source_nobody_has_crawled(db: Database) -> None:
    assert problems(db) == [Problem("harbour", "never crawled; `winnow crawl` does it")]
    save_source(db, "harbour", "https://a.example/")
    assert problems(db) == [Problem("harbour", "never crawled with success; is its url right?")]


@pytest.mark.parametrize(("bad", "count"), [(30, 1), (20, 0)])
def test_the_share_of_failures(db: Database, bad: int, count: int) -> None:
    add_fetches(db, healthy(db), good=100 - bad, bad=bad)
    found = problems(db)
    assert len(found) == count
    assert all("30% of the last 100 requests failed" in problem.message for problem in found)


def test_fewer_articles_than_usual(db: Database) -> None:
    healthy(db, days=range(1, 20))
    (problem,) = problems(db)
    assert problem.message.startswith("0 new articles in a day, usually 6: has a feed")
    # A source that is looked at once a week has none on most days.
    assert problems(db, SourceDefaults(every=7 * DAY)) == []


def test_a_first_crawl_that_brings_years_is_not_what_is_usual(db: Database) -> None:
    source_id = healthy(db, days=range(4))
    add_days(db, source_id, {3: 400})
    assert source_health(db, now=NOW)[0].usual_per_day == 6
    assert problems(db) == []


@pytest.mark.parametrize("changed_days", [1, 5])
def test_a_layout_that_changed(db: Database, changed_days: int) -> None:
    source_id = healthy(db, days=range(changed_days, 28))
    add_days(db, source_id, dict.fromkeys(range(changed_days), 20), confidence=0.4)
    (problem,) = problems(db)
    assert "confidence fell from 0.90 to 0.40: has the layout changed?" in problem.message


def test_two_odd_articles_are_no_new_layout(db: Database) -> None:
    source_id = healthy(db, days=range(28))
    add_days(db, source_id, {0: 2}, confidence=0.1)
    assert problems(db) == []


def test_a_host_that_keeps_failing(db: Database) -> None:
    healthy(db)
    for count in range(1, 4):
        until = NOW + timedelta(minutes=count + 1)
        save_backoff(db, "a.example", Backoff(count, until, "HTTP 503"), NOW)
        assert len(problems(db)) == (count >= 3)
    (problem,) = problems(db)
    assert problem == Problem(
        "a.example",
        "backing off from it until 2026-03-20 12:04 UTC after 3 failures, the last: HTTP 503; "
        "when it is well again, `winnow retry` asks it at once",
    )
    until = NOW + timedelta(hours=2)
    save_backoff(db, "a.example", Backoff(0, until, "HTTP 403", refusals=6), NOW)
    (problem,) = problems(db)
    assert (
        "it refuses to answer (HTTP 403), and is rested until 2026-03-20 14:00" in problem.message
    )


def test_check_has_a_line_for_each_problem_and_exit_code_one(db: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    source_id = save_source(db, "harbour", "https://a.example/")
    add_urls(db, source_id, [NewUrl(url="https://a.example/", kind="page")])
    record_success(db, source_id, now)
    text = '[[source]]\nname = "harbour"\nurl = "https://a.example/"\n'
    (tmp_path / "sources.toml").write_text(text)
    well = run_winnow(tmp_path, "status", "--check")
    assert (well.code, well.out, well.err) == (0, "", "")
    db.execute("UPDATE sources SET last_success_at = '2026-03-01T08:00:00Z'")
    save_backoff(db, "a.example", Backoff(5, now + DAY, "HTTP 503"), now)
    (tmp_path / "sources.toml").write_text(text + text.replace("harbour", "asleep"))
    ill = run_winnow(tmp_path, "status", "--check")
    assert (ill.code, ill.out) == (1, "")
    assert [line.split(": ")[1] for line in ill.errors] == ["asleep", "harbour", "a.example"]
    record = json.loads(run_winnow(tmp_path, "status", "--format", "json").out)
    assert len(record["problems"]) == 3
    assert record["hosts_backing_off"][0]["failures_in_a_row"] == 5
    assert run_winnow(tmp_path, "status").code == 0


def signs(db: Database) -> list[str]:
    found = find_problems(
        source_health(db, now=NOW),
        {},
        {"harbour": HOURLY},
        NOW,
        signs=source_signs(db, NOW),
    )
    return [problem.message for problem in found]


def ask_in_vain(db: Database, source_id: int, url: str, *, times: int, error: str) -> None:
    """A story found an hour ago, and asked so many times."""
    add_urls(db, source_id, [NewUrl(url=url)])
    db.execute(
        "UPDATE urls SET attempts = ?, last_error = ?, added_at = '2026-03-20T11:30:00Z' "
        "WHERE url = ?",
        [times, error, url],
    )


def test_a_small_sources_only_new_story_cannot_be_read(db: Database) -> None:
    source_id = healthy(db)
    ask_in_vain(db, source_id, "https://a.example/walled", times=1, error="a consent wall")
    assert signs(db) == []  # asked but once: it may be there in a minute
    db.execute("UPDATE urls SET attempts = 3")
    assert signs(db) == [
        "none of its 1 newest stories could be read, asked 3 times: a consent wall; "
        "`winnow retry harbour` asks again"
    ]
    add_days(db, source_id, {0: 1}, confidence=0.91)
    db.execute("UPDATE articles SET first_seen_at = '2026-03-20T11:45:00Z' WHERE confidence = 0.91")
    assert signs(db) == []  # one found later was read


def test_a_story_that_was_taken_back_is_no_alarm(db: Database) -> None:
    source_id = healthy(db)
    ask_in_vain(db, source_id, "https://a.example/gone", times=4, error="HTTP 404")
    add_urls(db, source_id, [NewUrl(url="https://a.example/front")])
    gone, front = (row[0] for row in db.execute("SELECT id FROM urls ORDER BY id").fetchall())
    hour = NOW - timedelta(hours=1)
    for url_id, status, error, times in ((gone, 404, "HTTP 404", 4), (front, 304, None, 6)):
        for _ in range(times):
            record_fetch(
                db,
                FetchRecord(
                    url_id=url_id,
                    source_id=source_id,
                    fetched_at=hour,
                    status=status,
                    error=error,
                ),
            )
    assert signs(db) == []
