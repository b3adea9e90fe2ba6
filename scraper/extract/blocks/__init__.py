"""From kept segments to the parts of an article: headings, lists, quotes, tables, figures."""

from scraper.extract.blocks.build import build_blocks

__all__ = ["build_blocks"]
