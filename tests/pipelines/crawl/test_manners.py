"""What a site sees of a crawl, and what it says to one: its delay, its wishes, its validators."""

from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.store.crawl.hosts import load_backing_off
from pipelines.store.database.database import open_database
from tests.pipelines.command_line import run_winnow
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, serve, story


def test_sources_that_share_a_host_share_its_delay(site: Site) -> None:
    news, sport = site.add_articles(4), site.add_articles(4, folder="sport")
    site.add_sitemap(news)
    site.pages["/news.xml"] = site.pages.pop("/sitemap.xml")
    site.add_sitemap(sport)
    sources = "".join(
        site.sources_toml(name, path).replace("delay_seconds = 0.0", "delay_seconds = 0.3")
        for name, path in (("news", "/news.xml"), ("sport", "/sitemap.xml"))
    )
    db = open_database(":memory:")
    report = run_crawl(db, sources)
    assert [counts.new for counts in report.sources.values()] == [4, 4]
    times = [at for at, path in site.asked_at if path != "/robots.txt"]
    assert len(times) == 10
    assert all(later - earlier > 0.15 for earlier, later in pairwise(times))
    db.close()


def test_a_host_that_keeps_failing_is_backed_off_from_for_ever_longer_and_status_says_so(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = Answer(b"", drop=True)
    site.pages["/robots.txt"] = Answer(b"", content_type="text/plain")
    (tmp_path / "sources.toml").write_text(site.sources_toml())
    seconds = []
    for _ in range(4):
        run_winnow(tmp_path, "crawl", "local", "--executor", "local")
        db = open_database(tmp_path / "data/articles.db")
        (backoff,) = load_backing_off(db).values()
        seconds.append(backoff.seconds_left())
        make_time_pass(db)
        db.close()
    assert all(later > 1.8 * earlier for earlier, later in pairwise(seconds)), seconds
    assert site.requests["/"] >= 4

    run_winnow(tmp_path, "crawl", "local", "--executor", "local")
    host = site.url.removeprefix("http://")
    said = " ".join(run_winnow(tmp_path, "status").out.split())
    assert host in said
    assert "asked again in" in said
    check = run_winnow(tmp_path, "status", "--check")
    assert check.code == 1
    message = f"{host}: backing off from it until"
    assert any(message in line for line in check.errors), check.err


def make_time_pass(db: Database) -> None:
    """As if every host could be asked again, and every URL were due."""
    db.execute("UPDATE hosts SET backoff_until = '2020-01-01T00:00:00Z'")
    db.execute("UPDATE urls SET next_fetch_at = '2020-01-01T00:00:00Z'")
    db.conn.commit()


def test_failures_that_are_forgiven_are_counted_over_crawls_and_forgotten_with_an_answer(
    site: Site,
) -> None:
    site.pages["/"] = Answer(b"", 500)
    db = open_database(":memory:")
    seen = []
    for number in range(7):
        if number == 5:
            site.add_index(site.add_articles(1))
        run_crawl(db, site.sources_toml())
        seen.append((query(db, "SELECT refusals FROM hosts"), len(load_backing_off(db))))
        make_time_pass(db)
    assert [len_ for _, len_ in seen] == [0, 0, 0, 0, 1, 0, 0]
    assert [row[0][0] for row, _ in seen[:5]] == [1, 2, 3, 4, 5]
    assert [row[0][0] for row, _ in seen[5:]] < [5, 5]  # each page it gives counts for it
    db.close()


@pytest.mark.parametrize(("answer", "pages"), [(Answer(drop=True), 1), (Answer(status=500), 5)])
def test_a_host_that_goes_down_costs_few_requests_and_its_urls_keep_their_places(
    site: Site, answer: Answer, pages: int
) -> None:
    paths = site.add_articles(20)
    site.add_sitemap(paths)
    site.pages |= dict.fromkeys(paths, answer)
    db = open_database(":memory:")
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert report.backing_off == (site.url.removeprefix("http://"),)
    assert (report.total("failed"), report.left) == (pages, 20 - pages)
    assert sum(site.requests[path] for path in paths) == 2 * pages  # each is tried again once
    states = "SELECT state, max(attempts), count(*) FROM urls WHERE kind = 'article' GROUP BY state"
    assert query(db, states) == [("due", 0, 20 - pages), ("failed", 1, pages)]
    db.close()


def test_where_redirects_lead_to_a_host_that_is_down_only_that_one_is_backed_off_from(
    site: Site,
) -> None:
    with serve("127.0.0.9") as down:
        paths = site.add_articles(4)
        site.add_sitemap(paths)
        for path in paths[:2]:
            site.pages[path] = Answer(b"", 302, headers={"Location": f"{down.url}{path}"})
            down.pages[path] = Answer(drop=True)
        db = open_database(":memory:")
        report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
        assert (report.total("new"), report.total("failed"), report.backing_off) == (2, 2, ())
        assert query(db, "SELECT error FROM failures ORDER BY id") == [
            ("ConnectFailedError",),
            ("HostBackingOffError",),
        ]
        assert sum(down.requests[path] for path in paths) == 2  # one page, tried again once
        assert query(db, "SELECT count(*) FROM urls WHERE state = 'leased'") == [(0,)]
        db.close()


def test_what_a_page_asks_of_robots_is_in_the_record(site: Site) -> None:
    paths = site.add_articles(3)
    meta = b'<meta name="robots" content="NOARCHIVE, max-snippet:50"></head>'
    site.pages[paths[0]] = Answer(story(0).replace(b"</head>", meta))
    site.pages[paths[1]] = Answer(story(1), headers={"X-Robots-Tag": "noindex, noarchive"})
    site.add_sitemap(paths)
    db = open_database(":memory:")
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    robots = {str(url): said for url, said in query(db, "SELECT url, robots FROM articles")}
    said = [robots[site.url + path] for path in paths]
    assert said == ['["noarchive","max-snippet:50"]', '["noindex","noarchive"]', "[]"]
    db.close()


def test_a_date_alone_is_enough_to_cost_nothing_the_next_time(site: Site) -> None:
    """A server without ETags: feed, front page and article are asked for with their dates."""
    path, dated = "/news/the-bridge-opens-again-0001.html", datetime(2026, 3, 2, 10, tzinfo=UTC)
    site.pages[path] = Answer(story(1))
    feed = f"<rss version='2.0'><channel><item><link>{site.url}{path}</link></item></channel></rss>"
    site.pages["/feed.xml"] = Answer(feed.encode(), content_type="application/rss+xml")
    site.last_modified = format_datetime(dated, usegmt=True)
    db = open_database(":memory:")
    sources = site.sources_toml(path="/feed.xml")
    first = run_crawl(db, sources)
    assert first.total("new") == 1
    db.execute("UPDATE urls SET next_fetch_at = added_at")
    db.conn.commit()
    second = run_crawl(db, sources)
    assert (second.total("not_modified"), second.total("fetched")) == (2, 0)
    assert second.total("bytes") < first.total("bytes") / 5
    assert set(site.unchanged) == {"/feed.xml", path}
    db.close()


def test_what_follows_a_reader_around_makes_no_new_article(site: Site) -> None:
    (path,) = site.add_articles(1)
    tails = ["", "?utm_source=feed&utm_medium=rss", "?fbclid=IwAR0x", "?gclid=1", "#comments"]
    site.add_sitemap([f"{path}{tail.replace('&', '&amp;')}" for tail in tails])
    db = open_database(":memory:")
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert (report.total("new"), site.requests[path]) == (1, 1)
    assert query(db, "SELECT url FROM urls WHERE kind = 'article'") == [(site.url + path,)]
    db.close()
