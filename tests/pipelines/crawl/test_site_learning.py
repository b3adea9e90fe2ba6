"""A crawl learns what a site repeats, and leaves its articles alone."""

import asyncio

from pipelines.crawl.crawl import crawl
from pipelines.crawl.options import CrawlOptions
from pipelines.reextract import ReextractOptions, reextract
from pipelines.settings import parse_settings
from pipelines.store.crawl.site_blocks import load_known_blocks
from pipelines.store.database.database import open_database
from scraper.urls.web_urls import site_of
from tests.pipelines.loopback_site import Answer, Site, serve

REFRAIN = (
    "This is a part of our series on the rivers of the north, for which we walked along eleven "
    "streams from their springs to the sea and talked with those who live beside them."
)


def crawl_once(db: object, site: Site) -> int:
    settings = parse_settings(site.sources_toml(more='include = ["/news/**"]'))
    options = CrawlOptions(workers=1, sources=("local",))
    return asyncio.run(crawl(settings, db, options)).total("new")  # type: ignore[arg-type]


def test_blocks_are_counted_once_an_article_and_the_refrain_of_a_series_stays(site: Site) -> None:
    paths = site.add_articles(12)
    for path in paths:
        body = site.pages[path].body
        first = body.index(b"</p>") + len(b"</p>")
        added = f"<p>{REFRAIN}</p>".encode()
        site.pages[path] = Answer(body[:first] + added + body[first:])
    site.add_index(paths)
    db = open_database(":memory:")
    assert crawl_once(db, site) == 12
    counted = load_known_blocks(db, site_of(site.url))
    assert counted.pages == 12
    assert 12 in counted.counts.values()
    stories = "SELECT count(*) FROM articles WHERE instr(text, ?)"
    assert db.execute(stories, (REFRAIN,)).fetchall() == [(12,)]

    assert crawl_once(db, site) == 0
    assert load_known_blocks(db, site_of(site.url)) == counted
    report = asyncio.run(reextract(db, ReextractOptions()))
    assert (report.pages, report.lost, report.failed) == (12, 0, 0)
    assert db.execute(stories, (REFRAIN,)).fetchall() == [(12,)]


def test_servers_of_one_machine_teach_nothing_about_each_other(site: Site) -> None:
    db = open_database(":memory:")
    with serve() as other:
        for one, count in ((site, 3), (other, 4)):
            one.add_index(one.add_articles(count))
            crawl_once(db, one)
        counted = [load_known_blocks(db, site_of(one.url)).pages for one in (site, other)]
    assert counted == [3, 4]
