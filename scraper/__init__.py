"""News pages in, clean articles out: the library, free of disk, database and terminal.

    from scraper import extract_article
    article = extract_article(html, url="https://example.com/news/rain")

Each name is imported when it is first asked for: who wants an error class loads no model, and
extraction alone loads no HTTP client.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scraper import blocks, errors
    from scraper.article import Article, Comment, FaqEntry, LiveEntry
    from scraper.extract.extractor import (
        EXTRACTOR_VERSION,
        explain_page,
        extract_article,
        extract_page,
    )
    from scraper.extract.plain_text import extract_plain_text
    from scraper.fetch import Fetcher, FetchOptions
    from scraper.page import Page
    from scraper.sites.rules import SiteRules

__all__ = [
    "EXTRACTOR_VERSION",
    "Article",
    "Comment",
    "FaqEntry",
    "FetchOptions",
    "Fetcher",
    "LiveEntry",
    "Page",
    "SiteRules",
    "blocks",
    "errors",
    "explain_page",
    "extract_article",
    "extract_page",
    "extract_plain_text",
]

_PLACES: Final = {
    "EXTRACTOR_VERSION": "scraper.extract.extractor",
    "Article": "scraper.article",
    "Comment": "scraper.article",
    "FaqEntry": "scraper.article",
    "LiveEntry": "scraper.article",
    "FetchOptions": "scraper.fetch",
    "Fetcher": "scraper.fetch",
    "Page": "scraper.page",
    "SiteRules": "scraper.sites.rules",
    "explain_page": "scraper.extract.extractor",
    "extract_article": "scraper.extract.extractor",
    "extract_page": "scraper.extract.extractor",
    "extract_plain_text": "scraper.extract.plain_text",
}
_MODULES: Final = frozenset({"blocks", "errors"})


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"scraper.{name}")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value  # asked for once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
