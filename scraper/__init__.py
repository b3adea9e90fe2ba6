"""News pages in, clean articles out: the library, free of disk, database and terminal.

    from scraper import extract_article
    article = extract_article(html, url="https://example.com/news/rain")

`Fetcher` is imported when it is first asked for, so that extraction alone loads no HTTP client.
"""

from typing import TYPE_CHECKING, Any

from scraper import blocks, errors
from scraper.article import Article, FaqEntry
from scraper.extract.extractor import EXTRACTOR_VERSION, explain_page, extract_article, extract_page
from scraper.extract.plain_text import extract_plain_text
from scraper.page import Page
from scraper.sites.rules import SiteRules

if TYPE_CHECKING:
    from scraper.fetch import Fetcher, FetchOptions

__all__ = [
    "EXTRACTOR_VERSION",
    "Article",
    "FaqEntry",
    "FetchOptions",
    "Fetcher",
    "Page",
    "SiteRules",
    "blocks",
    "errors",
    "explain_page",
    "extract_article",
    "extract_page",
    "extract_plain_text",
]


def __getattr__(name: str) -> Any:
    if name in {"Fetcher", "FetchOptions"}:
        from scraper import fetch  # noqa: PLC0415 - loads an HTTP client

        return getattr(fetch, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
