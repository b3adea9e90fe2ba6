"""The crawl: from the frontier over the network into the database."""

from pipelines.crawl.report import (
    CrawlOptions,
    CrawlReport,
    Progress,
    ProgressCallback,
    SourceReport,
)
from pipelines.crawl.run import crawl, default_workers, stop_on_signals

__all__ = [
    "CrawlOptions",
    "CrawlReport",
    "Progress",
    "ProgressCallback",
    "SourceReport",
    "crawl",
    "default_workers",
    "stop_on_signals",
]
