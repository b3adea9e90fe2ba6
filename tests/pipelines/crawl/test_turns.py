"""Who gets a turn: new stories before known ones, the newest first, and everybody in the end."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlite_utils import Database

from pipelines.crawl.options import CrawlOptions
from pipelines.store.database.database import open_database
from tests.pipelines.crawl.passing_time import let_pass
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, serve, story, story_slug

TODAY = datetime.now(UTC).date()
ROBOTS = "User-agent: *\nDisallow:\nSitemap: {}\n"


@pytest.fixture
def db() -> Database:
    return open_database(":memory:")


def _add_archive(site: Site, days: range) -> list[str]:
    """A story a day, so many days old; the addresses tell the day."""
    paths = []
    for age in days:
        day = TODAY - timedelta(days=age)
        path = f"/{day:%Y/%m/%d}/{story_slug(age)}.html"
        site.pages[path] = Answer(story(age))
        paths.append(path)
    return paths


def _xml(root: str, entry: str, urls: list[str], dates: list[str] | None = None) -> Answer:
    lastmods = [f"<lastmod>{d}</lastmod>" for d in dates] if dates else [""] * len(urls)
    body = "".join(
        f"<{entry}><loc>{url}</loc>{lastmod}</{entry}>"
        for url, lastmod in zip(urls, lastmods, strict=True)
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Answer(f'<{root} xmlns="{namespace}">{body}</{root}>'.encode(), 200, "application/xml")


def _asked(site: Site) -> Counter[str]:
    """What was asked since the last call."""
    asked = site.requests + site.unchanged
    site.requests.clear()
    site.unchanged.clear()
    return asked


def _stories_of(asked: Counter[str]) -> list[date]:
    found = (re.match(r"/(\d{4})/(\d\d)/(\d\d)/", path) for path in asked)
    return sorted(date(*map(int, match.groups())) for match in found if match)


def test_the_newest_come_first_by_their_addresses(site: Site, db: Database) -> None:
    paths = _add_archive(site, range(40, -1, -1))
    site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + p for p in paths])
    sources = site.sources_toml(path="/sitemap.xml", more="max_articles_per_crawl = 10")
    run_crawl(db, sources)
    assert _stories_of(_asked(site)) == [TODAY - timedelta(days=n) for n in range(9, -1, -1)]


def test_known_stories_have_turns_of_their_own_and_come_after_new_ones(
    site: Site, db: Database
) -> None:
    old = _add_archive(site, range(10, 20))
    site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + p for p in old])
    sources = site.sources_toml(path="/sitemap.xml", more="max_articles_per_crawl = 10")
    assert run_crawl(db, sources).total("new") == 10
    let_pass(db, days=30)
    new = _add_archive(site, range(10))
    site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + p for p in new + old])
    _asked(site)
    site.asked_at.clear()
    report = run_crawl(db, sources)
    assert report.total("new") == 10
    assert report.total("not_modified") == 10
    asked = [path for _, path in site.asked_at if path in {*new, *old}]
    assert set(asked[:10]) == {*new}


def test_a_site_that_calls_everything_changed_still_has_every_story_read(
    site: Site, db: Database
) -> None:
    paths = site.add_articles(40)
    urls = [site.url + path for path in paths]
    sources = site.sources_toml(path="/sitemap.xml", more="max_articles_per_crawl = 10")
    for _ in range(4):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        site.pages["/sitemap.xml"] = _xml("urlset", "url", urls, [now] * len(urls))
        run_crawl(db, sources)
        let_pass(db, minutes=50)
    assert query(db, "SELECT count(*) FROM articles") == [(40,)]
    # Each was asked for once: nothing but the list said that it had changed.
    asked = _asked(site)
    assert {asked[path] for path in paths} == {1}


def test_dates_that_prove_wrong_story_by_story_are_believed_no_more(
    site: Site, db: Database
) -> None:
    paths = site.add_articles(12)
    urls = [site.url + path for path in paths]
    sources = site.sources_toml(path="/sitemap.xml")
    asked = []
    for turn in range(8):
        moments = [datetime.now(UTC) - timedelta(minutes=7 * n + 11) for n in range(len(urls))]
        dates = [moment.isoformat(timespec="seconds") for moment in moments]
        site.pages["/sitemap.xml"] = _xml("urlset", "url", urls, dates)
        run_crawl(db, sources)
        seen = _asked(site)
        asked.append(sum(seen[path] for path in paths))
        let_pass(db, hours=3 if turn < 7 else 0)
    assert asked[0] == 12
    assert sum(asked[4:]) < 24, asked

    # One that proves right is believed: what a list calls changed is read at once.
    db.execute("UPDATE sources SET dates_right = 5, dates_wrong = 1")
    db.conn.commit()
    let_pass(db, hours=3)
    newest = datetime.now(UTC) - timedelta(minutes=12)
    site.pages["/sitemap.xml"] = _xml(
        "urlset", "url", urls, [newest.isoformat(timespec="seconds"), *["2020-01-01"] * 11]
    )
    run_crawl(db, sources)
    assert _asked(site)[paths[0]] == 1


def test_the_parts_of_an_index_are_read_newest_first_and_past_ones_rest(
    site: Site, db: Database
) -> None:
    months = [TODAY.replace(day=1) - timedelta(days=31 * n) for n in range(6)]
    parts = []
    for number, month in enumerate(months):
        age = (TODAY - month).days
        paths = _add_archive(site, range(age, age + 1))
        name = f"/sitemap-{month:%Y-%m}.xml"
        site.pages[name] = _xml("urlset", "url", [site.url + p for p in paths])
        parts.append(name)
        assert number < 6
    index = [site.url + part for part in reversed(parts)]
    site.pages["/sitemap.xml"] = _xml("sitemapindex", "sitemap", index)
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    read = [path for _, path in site.asked_at if path in parts]
    assert read == parts
    _asked(site)
    let_pass(db, hours=6)
    run_crawl(db, sources)
    again = _asked(site)
    assert {part for part in parts if again[part]} <= {*parts[:2]}


def test_an_index_of_more_parts_than_a_crawl_reads_is_read_over_crawls(
    site: Site, db: Database
) -> None:
    parts = [f"/part-{number}.xml" for number in range(230)]
    for number, part in enumerate(parts):
        path = f"/{story_slug(number)}-{number:04}.html"
        site.pages[part] = _xml("urlset", "url", [site.url + path])
    site.pages["/sitemap.xml"] = _xml("sitemapindex", "sitemap", [site.url + p for p in parts])
    sources = site.sources_toml(path="/sitemap.xml", more="max_articles_per_crawl = 1")
    read: Counter[str] = Counter()
    for turn in range(3):
        run_crawl(db, sources)
        asked = _asked(site)
        assert sum(asked[part] for part in parts) <= 100
        if turn == 0:  # which end is the newer one is not known
            assert asked[parts[0]] == asked[parts[-1]] == 1
        read += asked
        let_pass(db, minutes=10)
    assert sum(read[part] > 0 for part in parts) == 230


def test_a_sitemap_on_another_host_is_read_where_robots_txt_names_it(
    site: Site, db: Database
) -> None:
    paths = site.add_articles(3)
    with serve("127.0.0.2") as files:
        files.pages["/map.xml"] = _xml("urlset", "url", [site.url + path for path in paths])
        robots = ROBOTS.format(f"{files.url}/map.xml").encode()
        site.pages["/robots.txt"] = Answer(robots, 200, "text/plain")
        site.pages["/"] = Answer(b"<html><body><p>Nothing to see.</p></body></html>")
        assert run_crawl(db, site.sources_toml()).total("new") == 3


def test_a_sitemap_may_be_as_long_as_the_protocol_allows(site: Site, db: Database) -> None:
    paths = _add_archive(site, range(5))
    padding = "<!-- " + "x" * 1_000_000 + " -->"
    body = _xml("urlset", "url", [site.url + path for path in paths]).body
    long = body.replace(b"<url>", padding.encode() * 4 + b"<url>", 4)
    assert len(long) > 15_000_000
    site.pages["/sitemap.xml"] = Answer(long, 200, "application/xml")
    assert run_crawl(db, site.sources_toml(path="/sitemap.xml")).total("new") == 5


def test_the_oldest_of_a_site_that_publishes_all_a_crawl_takes_come_in_the_end(
    site: Site, db: Database
) -> None:
    paths = _add_archive(site, range(100, 130))
    sources = site.sources_toml(path="/sitemap.xml", more="max_articles_per_crawl = 10")
    for turn in range(12):
        news = [f"/{TODAY:%Y/%m/%d}/{story_slug(n)}-{turn}.html" for n in range(10)]
        for number, path in enumerate(news):
            site.pages[path] = Answer(story(1000 + turn * 10 + number))
        paths = news + paths
        site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + path for path in paths])
        run_crawl(db, sources)
    stored = [str(row[0]) for row in query(db, "SELECT url FROM articles")]
    assert len(stored) == 120
    assert sum(f"/{TODAY:%Y/%m/%d}/" not in url for url in stored) == 11


def test_a_wider_include_counts_for_lists_that_did_not_change(site: Site, db: Database) -> None:
    paths = site.add_articles(2, "news") + site.add_articles(3, "sport")
    site.add_sitemap(paths)
    narrow = site.sources_toml(path="/sitemap.xml", more='include = ["/news/**"]')
    wide = site.sources_toml(path="/sitemap.xml", more='include = ["/news/**", "/sport/**"]')
    assert run_crawl(db, narrow).total("new") == 2
    assert run_crawl(db, narrow).total("not_modified") == 1
    assert query(db, "SELECT count(*) FROM urls WHERE url LIKE '%/sport/%'") == [(0,)]
    run_crawl(db, wide)
    assert query(db, "SELECT count(*) FROM urls WHERE url LIKE '%/sport/%'") == [(3,)]


def test_what_is_excluded_now_is_not_asked_for_though_it_was_found(
    site: Site, db: Database
) -> None:
    paths = site.add_articles(2, "news") + site.add_articles(8, "sport")
    site.add_sitemap(paths)
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources, CrawlOptions(workers=1, limit=1))
    _asked(site)
    run_crawl(db, site.sources_toml(path="/sitemap.xml", more='exclude = ["/sport/**"]'))
    assert not [path for path in _asked(site) if path.startswith("/sport/")]


def test_what_a_clock_that_was_ahead_has_put_off_comes_in_its_time(
    site: Site, db: Database
) -> None:
    paths = _add_archive(site, range(5))
    site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + path for path in paths])
    site.pages[paths[0]] = Answer(b"<html><body><p>Not yet.</p></body></html>")
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    let_pass(db, days=-7)  # all of it was done a week from now
    run_crawl(db, sources)
    later = query(db, "SELECT julianday(max(next_fetch_at)) - julianday('now') FROM urls")
    assert float(str(later[0][0])) < 3
    let_pass(db, hours=25)
    site.pages[paths[0]] = Answer(story(0))
    assert run_crawl(db, sources).total("new") == 1


def test_an_archive_is_filled_between_two_days(site: Site, db: Database) -> None:
    paths = _add_archive(site, range(60))
    site.pages["/sitemap.xml"] = _xml("urlset", "url", [site.url + path for path in paths])
    since, until = TODAY - timedelta(days=30), TODAY - timedelta(days=21)
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources, CrawlOptions(workers=1, since=since, until=until))
    assert _stories_of(_asked(site)) == [since + timedelta(days=n) for n in range(10)]
    run_crawl(db, site.sources_toml(path="/sitemap.xml", more=f"since = {since}"))
    assert _stories_of(_asked(site)) == [
        TODAY - timedelta(days=n) for n in range(30, -1, -1) if not 21 <= n <= 30
    ]


def test_a_story_whose_page_alone_tells_that_it_is_too_old_is_left_out_in_words(
    site: Site, db: Database
) -> None:
    paths = site.add_articles(2)
    old = '<meta property="article:published_time" content="2019-04-05T10:00:00Z"></head>'
    site.pages[paths[0]] = Answer(story(0).replace(b"</head>", old.encode()))
    site.add_sitemap(paths)
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml", more="since = 2020-01-01"))
    assert (report.total("new"), report.total("skipped")) == (1, 1)
    assert query(db, "SELECT error, message FROM failures") == [
        ("OutsideDates", "published on 2019-04-05, before `since` (2020-01-01)")
    ]
