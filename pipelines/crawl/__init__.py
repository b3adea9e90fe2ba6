"""The crawl: from the frontier over the network into the database."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pipelines.crawl.report import (
        CrawlOptions,
        CrawlReport,
        Progress,
        ProgressCallback,
        SourceReport,
    )
    from pipelines.crawl.run import crawl, stop_on_signals

__all__ = [
    "CrawlOptions",
    "CrawlReport",
    "Progress",
    "ProgressCallback",
    "SourceReport",
    "crawl",
    "stop_on_signals",
]

# Loaded when asked for: a process that reads pages needs neither a network nor a database.
_PLACES: Final = {
    **dict.fromkeys(
        ("CrawlOptions", "CrawlReport", "Progress", "ProgressCallback", "SourceReport"),
        "pipelines.crawl.report",
    ),
    **dict.fromkeys(("crawl", "stop_on_signals"), "pipelines.crawl.run"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
