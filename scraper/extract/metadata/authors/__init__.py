"""Who wrote an article."""

from scraper.extract.metadata.authors.authors import find_authors

__all__ = ["find_authors"]
