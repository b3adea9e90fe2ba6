"""A Scrapy spider whose articles winnow reads and stores.

    pip install "winnow-news[scrapy]"
    python scrapy_spider.py https://www.example.com/news --db articles.db

It follows the links of the start page that stay on its site, and yields each page.
"""

import argparse
import re
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor


class NewsSpider(scrapy.Spider):
    """The pages that a front page leads to."""

    name = "news"

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:
        """Follow the links of the front page."""
        same_site = LinkExtractor(allow=re.escape(response.urljoin("/")))
        for link in same_site.extract_links(response):
            yield response.follow(link, callback=self.parse_page)

    def parse_page(self, response: Any) -> Iterator[Any]:
        """Hand a page over to winnow."""
        yield response


def main() -> None:
    """Crawl the site whose front page is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--db", default="data/articles.db")
    arguments = parser.parse_args()
    process = CrawlerProcess(
        {
            "ITEM_PIPELINES": {"pipelines.integrations.for_scrapy.ArticlePipeline": 300},
            "WINNOW_DB": arguments.db,
            "WINNOW_KEEP_PAGES": True,
            "DOWNLOAD_DELAY": 1.0,
            "ROBOTSTXT_OBEY": True,
            "LOG_LEVEL": "WARNING",
            "FEEDS": {"articles.jsonl": {"format": "jsonlines"}},
        }
    )
    process.crawl(NewsSpider, start_urls=[arguments.url])
    process.start()


if __name__ == "__main__":
    main()
