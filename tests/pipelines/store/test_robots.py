"""robots.txt in the database: the last one of each site, for a month."""

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.store.crawl.robots_files import forget_old_robots, load_robots, save_robots

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ORIGIN = "https://harbour.example"


def test_the_last_one_of_each_site_is_kept(db: Database) -> None:
    assert load_robots(db, ORIGIN) is None
    save_robots(db, ORIGIN, b"User-agent: *\n", NOW - timedelta(days=1))
    save_robots(db, "http://harbour.example", b"", NOW)
    save_robots(db, ORIGIN, "User-agent: *\nDisallow: /båtar/\n".encode(), NOW)
    stored = load_robots(db, ORIGIN)
    assert stored is not None
    assert stored.body.decode() == "User-agent: *\nDisallow: /båtar/\n"
    assert stored.fetched_at == NOW
    other = load_robots(db, "http://harbour.example")
    assert other is not None
    assert other.body == b""


def test_bytes_that_are_no_text_are_kept_as_far_as_they_are(db: Database) -> None:
    save_robots(db, ORIGIN, b"Disallow: /\xff\x00\n", NOW)
    stored = load_robots(db, ORIGIN)
    assert stored is not None
    assert stored.body.startswith(b"Disallow: /")


def test_old_ones_are_forgotten(db: Database) -> None:
    save_robots(db, ORIGIN, b"", NOW - timedelta(days=31))
    save_robots(db, "https://other.example", b"", NOW - timedelta(days=29))
    assert forget_old_robots(db, NOW) == 1
    assert load_robots(db, ORIGIN) is None
    assert load_robots(db, "https://other.example") is not None
