"""One article, many addresses: versions are merged, pages joined, canonicals believed or not."""

import asyncio
from collections import Counter

import pytest

from pipelines.reextract import ReextractOptions, reextract
from pipelines.store.database.database import open_database
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, serve, story


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


def test_a_change_on_a_later_page_is_a_revision(site: Site) -> None:
    first, second = "/news/long-story-about-rain.html", "/news/long-story-about-rain.html?page=2"
    site.queries[first] = Answer(page_of(0, second))
    site.queries[second] = Answer(page_of(1, None))
    site.add_sitemap([first])
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    site.queries[second] = Answer(page_of(2, None))
    db.execute("UPDATE urls SET next_fetch_at = added_at WHERE url LIKE '%rain.html'")
    db.conn.commit()
    assert run_crawl(db, sources).total("changed") == 1
    assert query(db, "SELECT text LIKE '%On day 2 the%' FROM articles") == [(1,)]
    assert query(db, "SELECT count(*) FROM revisions") == [(1,)]
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


def test_a_copy_that_names_another_server_is_an_article_of_its_own(site: Site) -> None:
    db = open_database(":memory:")
    (path,) = site.add_articles(1)
    with serve() as copied:
        link = f'<link rel="canonical" href="{site.url}{path}"></head>'.encode()
        copied.pages[path] = Answer(story(5).replace(b"</head>", link))
        for one in (copied, site):
            one.add_sitemap([path])
            run_crawl(db, one.sources_toml(path="/sitemap.xml"))
        urls = [(copied.url + path,), (site.url + path,)]
    assert query(db, "SELECT url FROM articles ORDER BY id") == urls
    assert query(db, "SELECT count(*) FROM revisions") == [(0,)]
    db.close()


LONG = ["/news/long-story-about-rain.html", *(
    f"/news/long-story-about-rain.html?page={n}" for n in (2, 3))]  # fmt: skip


def add_long_story(site: Site, *, with_previous: bool = True) -> None:
    """An article of three pages; each names the ones beside it."""
    for number, path in enumerate(LONG):
        body = page_of(number, LONG[number + 1] if number < 2 else None)
        if number and with_previous:
            link = f'<link rel="prev" href="{LONG[number - 1]}"></head>'
            body = body.replace(b"</head>", link.encode())
        site.queries[path] = Answer(body)


def days_of(text: object) -> list[int]:
    return [day for day in range(5) if f"On day {day} the" in str(text)]


def test_joined_pages_are_kept_and_joined_again(site: Site) -> None:
    add_long_story(site)
    site.add_sitemap([LONG[0], *site.add_articles(1)])
    db = open_database(":memory:")
    sources = site.sources_toml(path="/sitemap.xml")
    run_crawl(db, sources)
    assert query(db, "SELECT count(*) FROM pages") == [(4,)]
    before = query(db, "SELECT id, url, text FROM articles ORDER BY id")

    # What another version of the extractor had made of it is mended, from all three pages.
    db.execute("UPDATE articles SET text = 'cut', record_hash = 'x', content_hash = 'x'")
    db.conn.commit()
    report = asyncio.run(reextract(db, ReextractOptions()))
    assert (report.pages, report.changed, report.new, report.incomplete) == (2, 2, 0, 0)
    assert query(db, "SELECT id, url, text FROM articles ORDER BY id") == before
    assert query(db, "SELECT count(*) FROM revisions") == [(0,)]

    # A change on the last page is a new version, though the first page is the same.
    site.queries[LONG[2]] = Answer(page_of(4, None))
    db.execute("UPDATE urls SET next_fetch_at = added_at, etag = NULL WHERE kind = 'article' "
               "AND url NOT LIKE '%page=%'")  # fmt: skip
    db.conn.commit()
    assert run_crawl(db, sources).total("changed") == 1
    assert query(db, "SELECT count(*) FROM revisions") == [(1,)]
    ((text,),) = query(db, "SELECT text FROM articles WHERE url LIKE '%long-story%'")
    assert days_of(text) == [0, 1, 4]

    # Without all of its pages, it stays as it is.
    db.execute("DELETE FROM pages WHERE url LIKE '%page=2'")
    db.conn.commit()
    report = asyncio.run(reextract(db, ReextractOptions()))
    assert (report.changed, report.incomplete) == (0, 1)
    assert query(db, "SELECT count(*) FROM articles") == [(2,)]
    assert query(db, "SELECT text FROM articles WHERE url LIKE '%long-story%'") == [(text,)]
    db.close()


@pytest.mark.parametrize("met", [[2], [1], [2, 1], [1, 0], [2, 0]])
@pytest.mark.parametrize("with_previous", [True, False])
def test_whichever_page_is_met_first_it_is_one_article_under_the_first_ones_url(
    site: Site, met: list[int], with_previous: bool
) -> None:
    if not with_previous and 0 not in met:
        pytest.skip("nothing leads to the first page")
    add_long_story(site, with_previous=with_previous)
    db = open_database(":memory:")
    for number in met:  # a crawl for each, so that one is read before the other is known
        site.add_sitemap([LONG[number]])
        run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    rows = query(db, "SELECT url, text FROM articles WHERE duplicate_of IS NULL")
    assert [url for url, _ in rows] == [site.url + LONG[0]]
    assert days_of(rows[0][1]) == [0, 1, 2]
    if with_previous:
        assert query(db, "SELECT count(*) FROM articles") == [(1,)]
    assert query(db, "SELECT DISTINCT state FROM urls") == [("done",)]
    db.close()


def test_a_later_page_whose_first_one_is_gone_stands_for_itself(site: Site) -> None:
    add_long_story(site)
    site.queries[LONG[0]] = Answer(b"", 404)
    site.add_sitemap([LONG[1]])
    db = open_database(":memory:")
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    db.execute("UPDATE urls SET next_fetch_at = added_at WHERE state = 'done'")
    db.conn.commit()
    run_crawl(db, site.sources_toml(path="/sitemap.xml"))
    ((url, text),) = query(db, "SELECT url, text FROM articles")
    assert (url, days_of(text)) == (site.url + LONG[1], [1, 2])
    db.close()
