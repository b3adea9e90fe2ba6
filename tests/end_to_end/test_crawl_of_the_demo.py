"""The crawl of the demo as a whole: all of it, nothing twice, and out of the database again."""

import csv
import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.demo.run_demo import load_recovered
from pipelines.demo.server import ServedSite
from pipelines.export import ExportOptions, export_table
from pipelines.store.database.database import open_database
from pipelines.store.search.search import SearchFilters, search_articles
from tests.end_to_end.conftest import CrawledDemo, crawl_into


def urls_of(sites: tuple[ServedSite, ...]) -> list[str]:
    return [
        served.base_url + served.site.path_of(story)
        for served in sites
        for story in served.site.stories
    ]


def test_every_article_was_found_and_nothing_else(demo: CrawledDemo) -> None:
    with closing(open_database(demo.path, create=False)) as db:
        stored = [row["url"] for row in db.query("SELECT url FROM articles")]
    assert sorted(stored) == sorted(urls_of(demo.sites))
    assert demo.report.total("failed") == 0, demo.report.failures
    assert demo.report.total("new") == len(stored)


def test_what_robots_txt_forbids_was_not_asked_for(demo: CrawledDemo) -> None:
    with closing(open_database(demo.path, create=False)) as db:
        urls = [row["url"] for row in db.query("SELECT url FROM urls WHERE state = 'done'")]
    assert urls
    assert not [url for url in urls if "/intern/" in url]


def test_each_way_of_discovery_was_used(demo: CrawledDemo) -> None:
    with closing(open_database(demo.path, create=False)) as db:
        kinds = {row["url"]: row["kind"] for row in db.query("SELECT url, kind FROM urls")}
    for served in demo.sites:
        of_site = {kind for url, kind in kinds.items() if url.startswith(served.base_url)}
        assert of_site >= {"page", "feed", "sitemap", "article"}, served.site.name


def test_crawling_again_adds_nothing_and_asks_for_little(demo: CrawledDemo) -> None:
    again = crawl_into(demo.path, demo.sites)
    assert [again.total(name) for name in ("new", "changed", "failed")] == [0, 0, 0]
    assert again.total("fetched") == 0
    with closing(open_database(demo.path, create=False)) as db:
        assert db.table("articles").count == len(urls_of(demo.sites))
        assert db.table("revisions").count == 0


def test_the_demo_lists_what_it_recovered(demo: CrawledDemo) -> None:
    with closing(open_database(demo.path, create=False)) as db:
        recovered = load_recovered(db, demo.sites)
    stories = [story for served in demo.sites for story in served.site.stories]
    assert [article.title for article in recovered] == [story.title for story in stories]
    assert [article.faq_pairs for article in recovered] == [len(story.faq) for story in stories]


@pytest.mark.parametrize("excel", [False, True])
def test_csv_has_every_article(demo: CrawledDemo, tmp_path: Path, excel: bool) -> None:
    path = tmp_path / "articles.csv"
    with closing(open_database(demo.path, create=False)) as db:
        export_table(db, "csv", ExportOptions(output=str(path), format_options={"excel": excel}))
    encoding = "utf-8-sig" if excel else "utf-8"
    with path.open(encoding=encoding, newline="") as file:
        rows = list(csv.DictReader(file))
    stories = {
        served.base_url + served.site.path_of(story): story
        for served in demo.sites
        for story in served.site.stories
    }
    assert {row["url"]: row["title"] for row in rows} == {
        url: story.title for url, story in stories.items()
    }
    assert all(tuple(json.loads(row["authors"])) == stories[row["url"]].authors for row in rows)


def test_csv_of_questions_has_every_pair(demo: CrawledDemo, tmp_path: Path) -> None:
    path = tmp_path / "faqs.csv"
    with closing(open_database(demo.path, create=False)) as db:
        export_table(db, "csv", ExportOptions(output=str(path), table="faqs"))
    with path.open(encoding="utf-8", newline="") as file:
        found = {(row["question"], row["answer"]) for row in csv.DictReader(file)}
    assert found == {
        pair for served in demo.sites for story in served.site.stories for pair in story.faq
    }


def test_search_finds_each_story_by_its_title(demo: CrawledDemo) -> None:
    with closing(open_database(demo.path, create=False)) as db:
        for served in demo.sites:
            filters = SearchFilters(source=served.site.folder.name)
            for story in served.site.stories:
                words = " ".join(re.findall(r"\w{4,}", story.title))
                hits = search_articles(db, words, filters=filters)
                assert story.title in [hit.title for hit in hits]
