"""The title of an article, and the words around its headline."""

from scraper.extract.metadata.title.title import find_title

__all__ = ["find_title"]
