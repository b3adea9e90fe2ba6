"""Silence is an alarm: each sign has its line in `status --check`, while it lasts and no longer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.crawls import start_crawl
from pipelines.store.crawl.sources import record_success, save_source
from pipelines.store.database.database import open_database
from scraper.article import Article
from scraper.blocks import Heading
from tests.pipelines.command_line import run_winnow
from tests.pipelines.crawl.passing_time import let_pass
from tests.pipelines.loopback_site import Answer, Site, serve

_WALL = (
    b"<html><head><title>Access denied</title></head><body><h1>Access denied</h1>"
    b"<p>You have been blocked.</p></body></html>"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


class Desk:
    """A folder in which the real program crawls a site, and what it complains about."""

    def __init__(self, folder: Path, sources: str) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        (folder / "data/sources.toml").write_text(sources)
        self.db = folder / "data/articles.db"

    def crawl(self, **later: float) -> list[str]:
        """Let time pass, crawl, and return the lines of `status --check`."""
        if self.db.exists():
            db = open_database(self.db)
            let_pass(db, **later)
            db.close()
        run_winnow(self.folder, "crawl", "--workers", "1")
        check = run_winnow(self.folder, "status", "--check")
        assert check.code == (1 if check.errors else 0)
        return check.errors


def test_a_feed_that_turns_into_a_web_page_is_told_until_it_is_one_again(
    site: Site, tmp_path: Path
) -> None:
    paths = site.add_articles(3)
    items = "".join(f"<item><link>{site.url}{path}</link></item>" for path in paths)
    feed = Answer(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
        content_type="application/rss+xml",
    )
    site.pages["/feed.xml"] = feed
    link = b"<link rel=alternate type='application/rss+xml' href='/feed.xml'>"
    site.add_index(paths)
    site.pages["/"] = Answer(site.pages["/"].body.replace(b"<title>", link + b"<title>"))
    desk = Desk(tmp_path, site.sources_toml())
    assert desk.crawl() == []
    site.pages["/feed.xml"] = Answer(b"<!doctype html><html><body><h1>Welcome</h1></body></html>")
    desk.crawl(hours=6)
    told = desk.crawl(hours=12)
    assert len(told) == 1
    assert f"its feed {site.url}/feed.xml fails: this feed has turned into a web page" in told[0]
    site.pages["/feed.xml"] = feed
    desk.crawl(days=1)
    assert not any("feed" in line for line in desk.crawl(days=2))


def test_a_front_page_that_leads_nowhere_is_told(site: Site, tmp_path: Path) -> None:
    site.add_index(site.add_articles(4))
    full = site.pages["/"]
    desk = Desk(tmp_path, site.sources_toml())
    assert desk.crawl() == []
    site.pages["/"] = Answer(b"<html><body><div id=app>Loading the news</div></body></html>")
    (told,) = desk.crawl(hours=8)
    assert "leads to no story any more" in told
    site.pages["/"] = full
    assert desk.crawl(hours=8) == []


def test_a_source_that_never_gave_an_article_is_told_after_a_day(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = Answer(b"<html><body><p>Nothing to read here.</p></body></html>")
    desk = Desk(tmp_path, site.sources_toml())
    assert desk.crawl() == []
    assert "it has never given an article" in desk.crawl(hours=30)[0]


def test_a_share_of_pages_that_are_not_believed_is_told_and_forgotten(
    site: Site, tmp_path: Path
) -> None:
    paths = site.add_articles(5)
    site.add_index(paths)
    well = dict(site.pages)
    desk = Desk(tmp_path, site.sources_toml())
    assert desk.crawl() == []
    site.pages |= {path: Answer(_WALL) for path in paths}
    (told,) = desk.crawl(days=3)
    assert "5 of 5 pages of the last days are not believed" in told
    site.pages = well
    assert desk.crawl(hours=3) == []


def _article(number: int, *, is_whole: bool) -> Article:
    text = "\n".join(f"The {number}th boat came in at {k} with the tide." for k in range(40))
    return Article(
        url=f"https://alder.example/{number}",
        title=f"Boat {number}",
        text=text if is_whole else text[:200],
        authors=("Mira Olsdotter",) if is_whole else (),
        published_at="2026-03-04" if is_whole else None,
        blocks=(Heading(2, "Tide"),) if is_whole else (),
        confidence=0.9,
    )


def _with_articles(folder: Path, *, is_whole: bool) -> Database:
    (folder / "data").mkdir()
    db = open_database(folder / "data/articles.db")
    source_id = save_source(db, "alder", "https://alder.example/")
    now = datetime.now(UTC)
    record_success(db, source_id, now)
    for number in range(30):
        seen_at = now - timedelta(days=20 - number / 10)
        save_article(db, _article(number, is_whole=True), source_id=source_id, seen_at=seen_at)
    for number in range(30, 40):
        seen_at = now - timedelta(hours=number)
        save_article(db, _article(number, is_whole=is_whole), source_id=source_id, seen_at=seen_at)
    return db


@pytest.mark.parametrize("is_whole", [True, False])
def test_fields_that_most_articles_had_and_suddenly_lack_are_told(
    tmp_path: Path, is_whole: bool
) -> None:
    _with_articles(tmp_path, is_whole=is_whole).close()
    said = run_winnow(tmp_path, "status", "--check").err
    for name in ("author", "date of publication", "heading"):
        assert (f"0% of its newest articles have a {name}, usually 100%" in said) != is_whole
    assert ("words, usually" in said) != is_whole


def test_a_clock_that_was_ahead_is_told(tmp_path: Path) -> None:
    db = _with_articles(tmp_path, is_whole=True)
    start_crawl(db)
    assert "clock" not in run_winnow(tmp_path, "status", "--check").err
    db.execute("UPDATE crawls SET started_at = '2199-01-01T00:00:00.000Z'")
    db.conn.commit()
    db.close()
    check = run_winnow(tmp_path, "status", "--check")
    assert check.code == 1
    assert "clock: a crawl is dated 2199-01-01 00:00 UTC" in check.err
