"""All pages of a newspaper: others' pipelines keep the articles that a crawl keeps, and no more."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.demo.server import ServedSite, serve_demo
from pipelines.store.database.database import open_database
from tests.pipelines.command_line import run_winnow

_SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Everything(scrapy.Spider):
    name = "everything"

    def parse(self, response):
        if "html" not in response.headers.get("content-type", b"").decode():
            return
        yield response
        for path in response.css("a::attr(href)").getall():
            if not path.startswith("mailto:"):
                yield response.follow(path)

process = CrawlerProcess({
    "ITEM_PIPELINES": {"pipelines.integrations.for_scrapy.ArticlePipeline": 300},
    "WINNOW_DB": "spider.db", "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Everything, start_urls=[sys.argv[1]], allowed_domains=["127.0.0.1"])
process.start()
"""


def titles_of(path: Path) -> list[str]:
    with closing(open_database(path, create=False)) as db:
        return sorted(title for (title,) in db.execute("SELECT title FROM articles").fetchall())


def titles_of_a_crawl(folder: Path, site: ServedSite) -> list[str]:
    (folder / "sources.toml").write_text(
        f'[[source]]\nname = "paper"\nurl = "{site.base_url}/"\nallow_private = true\n'
        "delay_seconds = 0.0\n"
    )
    command = ("--sources", "sources.toml", "--db", "crawl.db", "crawl", "--executor", "local")
    assert run_winnow(folder, *command).code == 0
    return titles_of(folder / "crawl.db")


def test_scrapy_keeps_what_a_crawl_keeps(tmp_path: Path) -> None:
    pytest.importorskip("scrapy", reason="the extra scrapy is not installed")
    (tmp_path / "spider.py").write_text(_SPIDER)
    with serve_demo() as sites:
        for number, site in enumerate(sites):
            folder = tmp_path / str(number)
            folder.mkdir()
            subprocess.run(
                [sys.executable, tmp_path / "spider.py", f"{site.base_url}/"],
                cwd=folder, check=True, timeout=120,
            )  # fmt: skip
            kept = titles_of(folder / "spider.db")
            assert kept == titles_of_a_crawl(folder, site)
            assert len(kept) == 10


LINKS = [
    f'<a href="https://a.example/2031/flood-{n}">The river rose by day {n}, not by night</a>'
    for n in "abcd"
]
SUMMARY = "<p>What the keeper of the lock saw in the morning, and what the mayor made of it.</p>"
LISTS = {
    "headings": "".join(f"<h2>{link}</h2>{SUMMARY}" for link in LINKS),
    "paragraphs": "".join(f"<div><p>{link}</p>{SUMMARY}</div>" for link in LINKS),
    "one story": f"<h2>{LINKS[0]}</h2>{SUMMARY}",
}


@pytest.mark.parametrize("what", LISTS)
def test_datatrove_drops_lists_of_stories(what: str) -> None:
    pytest.importorskip("datatrove", reason="the extra datatrove is not installed")
    from pipelines.integrations.for_datatrove import WinnowExtractor

    body = f"<body><main><h1>Politics</h1>{LISTS[what]}</main></body>"
    page = f"<!doctype html><html><head><title>Politics</title></head>{body}</html>"
    for url in ("https://a.example/section/politics/", "https://a.example/", None):
        assert WinnowExtractor().read(page, url) == (None, "no_article")
