"""The headline, and what stands around it."""

from scraper.extract.metadata.title.title import find_title

__all__ = ["find_title"]
