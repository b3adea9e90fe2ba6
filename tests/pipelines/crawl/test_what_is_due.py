"""What a crawl asks for: what a sitemap dates as changed, and none of what a trap offers."""

from pipelines.store.database.database import open_database
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, story


def test_lastmod_decides_what_is_asked_for_again(site: Site) -> None:
    paths = site.add_articles(4)
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml")
    site.add_sitemap(paths, lastmod="2020-01-01")
    assert run_crawl(db, sources).total("new") == 4

    # Dated later than before, and yet earlier than we were there: nothing to see.
    site.add_sitemap(paths, lastmod="2021-01-01")
    before = site.requests.copy()
    assert run_crawl(db, sources).total("fetched") == 1
    assert set(site.requests - before) == {"/sitemap.xml"}

    # A year after we were there: each is asked for once, and costs a 304 where it is the same.
    db.execute("UPDATE urls SET last_fetched_at = '2022-01-01T00:00:00Z' WHERE kind = 'article'")
    db.conn.commit()
    site.add_sitemap(paths, lastmod="2023-01-01")
    site.pages[paths[2]] = Answer(story(2, extra="<p>The water has fallen since.</p>"))
    third = run_crawl(db, sources)
    assert (third.total("changed"), third.total("not_modified")) == (1, 3), third
    assert run_crawl(db, sources).total("fetched") == 0
    db.close()


def test_sections_traps_and_other_sites_are_left(site: Site) -> None:
    paths = site.add_articles(3)
    session = "phpsessid=6f1ed002ab5595859014ebf0951522d9"
    left = [
        "/about",
        "/tag/harbour/",
        "/login",
        "/events/2031-05/",
        "/calendar?year=2031&month=4",
        "/news/a/news/a/news/a/",
        "http://127.0.0.99:1/2026/03/02/storm-hits-the-coast.html",
    ]
    links = [*paths, *(f"{path}?{session}" for path in paths), *left]
    anchors = "".join(f'<p><a href="{link}">Read what the harbour says</a></p>' for link in links)
    site.pages["/"] = Answer(f"<html><body>{anchors}</body></html>".encode())
    db = open_database(":memory:")
    report = run_crawl(db, site.sources_toml(more='discover = ["links"]'))
    assert (report.total("new"), report.total("failed")) == (3, 0)
    assert set(site.requests) == {"/", "/robots.txt", *paths}
    assert query(db, "SELECT count(*) FROM urls") == [(4,)]
    db.close()


def test_what_does_not_change_is_looked_at_ever_more_rarely(site: Site) -> None:
    paths = site.add_articles(1)
    site.add_sitemap(paths)
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    waits = []
    for hours in (2, 4, 8):
        db.execute(
            "UPDATE urls SET next_fetch_at = added_at, last_fetched_at = "
            "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?) WHERE kind = 'article'",
            [f"-{hours} hours"],
        )
        db.conn.commit()
        assert run_crawl(db, sources).total("not_modified") == 2
        ((wait,),) = query(
            db,
            "SELECT round((julianday(next_fetch_at) - julianday('now')) * 24) "
            "FROM urls WHERE kind = 'article'",
        )
        waits.append(wait)
    assert waits == [4, 8, 16]
    db.close()
