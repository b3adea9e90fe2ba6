"""One article, many addresses: versions are merged, pages joined, canonicals believed or not."""

from collections import Counter

from pipelines.store.database import open_database
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, story


def page_of(number: int, following: str | None) -> bytes:
    """A page of a long article, with a link to the one after it."""
    link = f'<link rel="next" href="{following}">' if following else ""
    return story(number).replace(b"</head>", link.encode() + b"</head>")


def test_pages_of_one_article_are_joined(site: Site) -> None:
    urls = ["/news/long-story-about-rain.html", *(
        f"/news/long-story-about-rain.html?page={n}" for n in (2, 3))]  # fmt: skip
    for number, following in enumerate([urls[1], urls[2], None]):
        site.queries[urls[number]] = Answer(page_of(number, following))
    other = site.add_articles(2)
    # The second page stands in the sitemap too: it is not an article for all that.
    site.add_sitemap([urls[0], *other, urls[1]])
    db = open_database(":memory:")
    report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert report.total("failed") == 0
    rows = query(
        db, "SELECT title, text, next_page_url FROM articles WHERE url LIKE '%long-story%'"
    )
    assert len(rows) == 1
    text = str(rows[0][1])
    days = Counter(day for day in range(4) if f"On day {day} the" in text)
    assert sorted(days) == [0, 1, 2]
    assert rows[0][2] is None
    assert query(db, "SELECT count(*) FROM articles") == [(3,)]
    assert query(db, "SELECT DISTINCT state FROM urls") == [("done",)]

    second = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert second.total("fetched") == 0
    db.close()


def test_a_page_that_is_missing_is_told_and_asked_for_again(site: Site) -> None:
    first, second = "/news/long-story-about-rain.html", "/news/long-story-about-rain.html?page=2"
    site.queries[first] = Answer(page_of(0, second))
    site.queries[second] = Answer(b"", 500)
    site.add_sitemap([first])
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    assert query(db, "SELECT next_page_url FROM articles") == [(site.url + second,)]
    assert query(db, "SELECT stage, error, url FROM failures") == [
        ("fetch", "StatusError", site.url + second)
    ]
    site.queries[second] = Answer(page_of(1, None))
    db.execute("UPDATE urls SET next_fetch_at = added_at WHERE kind = 'article'")
    db.execute("UPDATE hosts SET backoff_until = NULL")
    db.conn.commit()
    assert run_crawl(db, sources).total("changed") == 1
    assert query(db, "SELECT next_page_url, text LIKE '%On day 1 the%' FROM articles") == [
        (None, 1)
    ]
    db.close()


def test_versions_for_phones_and_printers_are_the_same_article(site: Site) -> None:
    main = site.add_articles(3)
    versions = [f"/amp{main[0]}", f"{main[1]}?print=1", f"{main[2][:-5]}.amp.html"]
    for number, path in enumerate(versions):
        site.pages[path.partition("?")[0]] = Answer(story(number, extra="<p>Read on our app.</p>"))
    site.pages[main[1]] = Answer(story(1))
    db = open_database(":memory:")
    for paths in (main, [*main, *versions]):
        site.add_sitemap(paths)
        report = run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert (report.total("new"), report.total("changed"), report.total("unchanged")) == (0, 0, 3)
    assert query(db, "SELECT count(*) FROM articles WHERE text NOT LIKE '%our app%'") == [(3,)]
    assert query(db, "SELECT count(*) FROM revisions") == [(0,)]
    db.close()


def test_a_version_found_first_gives_way_to_the_main_one(site: Site) -> None:
    (main,) = site.add_articles(1)
    site.pages[f"/amp{main}"] = Answer(story(0, extra="<p>Read on our app.</p>"))
    db = open_database(":memory:")
    for paths in ([f"/amp{main}"], [f"/amp{main}", main]):
        site.add_sitemap(paths)
        run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    db.execute("UPDATE urls SET next_fetch_at = added_at, etag = NULL WHERE url LIKE '%/amp/%'")
    db.conn.commit()
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert query(db, "SELECT text LIKE '%our app%' FROM articles") == [(0,)]
    db.close()


def test_a_canonical_that_is_always_the_front_page_folds_nothing(site: Site) -> None:
    paths = site.add_articles(4)
    for number, path in enumerate(paths):
        target = "/" if number < 3 else f"/news/{number}/proper-address.html"
        link = f'<link rel="canonical" href="{site.url}{target}"></head>'.encode()
        site.pages[path] = Answer(story(number).replace(b"</head>", link))
    site.add_sitemap(paths)
    db = open_database(":memory:")
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    assert query(db, "SELECT count(*), count(canonical_url) FROM articles") == [(4, 1)]
    db.close()
