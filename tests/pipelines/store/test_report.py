"""The figures of a report: articles by the day they were published."""

from datetime import UTC, datetime

from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.sources import save_source
from pipelines.store.statistics.report_figures import load_report
from scraper.article import Article

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)


def add(db: Database, *published: str | None, source: str = "courier") -> None:
    source_id = save_source(db, source, f"https://{source}.example/")
    for number, day in enumerate(published):
        url = f"https://{source}.example/{day}/{number}"
        text = f"On {day} boat {number} of {source} left the harbour, and {number} came back."
        save_article(
            db,
            Article(url=url, title=f"Boat {number}", text=text, published_at=day),
            source_id=source_id,
            seen_at=datetime(2026, 5, 19, 23, 59, tzinfo=UTC),
        )


def test_articles_count_on_the_day_they_were_published(db: Database) -> None:
    add(db, "2026-05-20T08:59:00Z", "2026-05-18", "2026-05-18", "2026-01-01", None)
    add(db, "2026-05-17", source="mirror")
    figures = load_report(db, days=4, now=NOW)
    assert figures.days == ("2026-05-17", "2026-05-18", "2026-05-19", "2026-05-20")
    assert figures.per_day == {"courier": (0, 2, 1, 1), "mirror": (1, 0, 0, 0)}
    assert list(figures.per_day) == ["courier", "mirror"]


def test_the_days_of_an_archive_end_with_it(db: Database) -> None:
    add(db, "2019-03-02T10:00:00Z", "2019-03-01", "2019-03-01", "2031-01-01", None)
    figures = load_report(db, days=3, now=NOW)
    assert figures.days == ("2019-02-28", "2019-03-01", "2019-03-02")
    assert figures.per_day == {"courier": (0, 2, 1)}


def test_one_old_article_does_not_hide_new_ones_without_a_date(db: Database) -> None:
    add(db, "2019-03-02", None, None)
    figures = load_report(db, days=2, now=NOW)
    assert figures.days == ("2026-05-19", "2026-05-20")
    assert figures.per_day == {"courier": (2, 0)}


def test_a_year_alone_is_no_day(db: Database) -> None:
    add(db, "2019")
    assert load_report(db, days=2, now=NOW).per_day == {}
