"""The item pipeline inside a real Scrapy crawl of a site on loopback."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.store.database.database import open_database
from tests.pipelines.loopback_site import Answer, serve, story_title

pytest.importorskip("scrapy", reason="the extra scrapy is not installed")

_EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "scrapy_spider.py"


def run_example(folder: Path, url: str, db: str) -> "subprocess.CompletedProcess[str]":
    # The example waits a second between requests, as it should; this site is ours.
    code = _EXAMPLE.read_text().replace('"DOWNLOAD_DELAY": 1.0', '"DOWNLOAD_DELAY": 0')
    (folder / "spider.py").write_text(code)
    return subprocess.run(
        [sys.executable, "spider.py", url, "--db", db],
        cwd=folder, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_example_stores_articles_and_says_what_was_none(tmp_path: Path) -> None:
    with serve() as site:
        paths = site.add_articles(4)
        site.add_index([*paths, "/about"])
        site.pages["/about"] = Answer(b"<html><body><p>About us</p></body></html>")
        done = run_example(tmp_path, f"{site.url}/", "articles.db")
        assert done.returncode == 0, done.stderr
        db = open_database(tmp_path / "articles.db", create=False)
        rows = db.execute(
            "SELECT a.title, s.name, a.page_hash IS NOT NULL FROM articles a "
            "JOIN sources s ON s.id = a.source_id ORDER BY a.url"
        ).fetchall()
        assert sorted(rows) == sorted((story_title(i), "news", 1) for i in range(4))
        failures = db.execute("SELECT url, stage, error FROM failures").fetchall()
        assert failures == [(f"{site.url}/about", "extract", "NoArticle")]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
        records = [json.loads(line) for line in (tmp_path / "articles.jsonl").open()]
        assert {record["title"] for record in records} == {story_title(i) for i in range(4)}
        assert all(record["blocks"] for record in records)


_SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Papers(scrapy.Spider):
    name = "papers"
    handle_httpstatus_list = [410]

    def parse(self, response):
        for path in response.css("a::attr(href)").getall():
            yield response.follow(path, callback=self.parse_page)
        yield {"kind": "front", "url": response.url}

    def parse_page(self, response):
        if response.url.endswith("/gone"):
            yield response
        else:
            yield {"url": response.url, "html": response.text, "desk": "weather"}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"pipelines.integrations.for_scrapy.ArticlePipeline": 300},
    "WINNOW_DB": "papers.db", "WINNOW_HTML_FIELD": "html", "WINNOW_SOURCE": "press",
    "LOG_LEVEL": "WARNING", "FEEDS": {"items.jsonl": {"format": "jsonlines"}},
    "STATS_DUMP": False,
})
crawler = process.create_crawler(Papers)
process.crawl(crawler, start_urls=[sys.argv[1]])
process.start()
stats = crawler.stats.get_stats()
print({key: value for key, value in stats.items() if key.startswith("winnow/")})
"""


def test_items_that_hold_a_page_are_read_and_keep_their_other_fields(tmp_path: Path) -> None:
    (tmp_path / "papers.py").write_text(_SPIDER)
    with serve() as site:
        paths = site.add_articles(6)
        site.add_index([*paths, "/gone"])
        site.pages["/gone"] = Answer(b"<h1>Gone</h1><p>This page is no longer here.", status=410)
        done = subprocess.run(
            [sys.executable, "papers.py", f"{site.url}/"],
            cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert ast.literal_eval(done.stdout) == {"winnow/new": 6, "winnow/status": 1}
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").open()]
    assert [item for item in items if "title" not in item] == [
        {"kind": "front", "url": f"{site.url}/"}
    ]
    records = [item for item in items if "title" in item]
    assert {record["title"] for record in records} == {story_title(i) for i in range(6)}
    assert all(record["desk"] == "weather" and "html" not in record for record in records)
    db = open_database(tmp_path / "papers.db", create=False)
    assert db.execute("SELECT count(*), min(page_hash) FROM articles").fetchone() == (6, None)
    assert db.execute("SELECT DISTINCT name FROM sources").fetchall() == [("press",)]
    failures = db.execute("SELECT url, stage, error, message FROM failures").fetchall()
    assert failures == [(f"{site.url}/gone", "fetch", "StatusError", "the server answered 410")]
    db.close()


@pytest.mark.parametrize("settings", [{}, {"WINNOW_BATCH_PAGES": "many"}])
def test_what_cannot_be_used_is_said_before_the_crawl(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    from scrapy.exceptions import NotConfigured
    from scrapy.utils.test import get_crawler

    from pipelines.integrations.for_scrapy import ArticlePipeline

    path = tmp_path / "articles.db"
    path.write_text("This is no database. " * 50)
    crawler = get_crawler(settings_dict={"WINNOW_DB": str(path), **settings})
    crawler.spider = crawler._create_spider("papers")
    with pytest.raises(NotConfigured, match="WINNOW_" if settings else "articles.db"):
        ArticlePipeline.from_crawler(crawler)
    assert path.read_text().startswith("This is no database")
