"""News pages in, clean articles out: the library, free of disk, database and terminal."""

from scraper.article import Article, FaqEntry
from scraper.extract.extractor import extract_article, extract_page
from scraper.page import Page

__all__ = ["Article", "FaqEntry", "Page", "extract_article", "extract_page"]
