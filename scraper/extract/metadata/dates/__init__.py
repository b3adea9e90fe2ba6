"""When an article was published and last changed."""

from scraper.extract.metadata.dates.dates import find_modified_at, find_published_at

__all__ = ["find_modified_at", "find_published_at"]
