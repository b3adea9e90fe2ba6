"""Bytes to text, as browsers do it."""

from scraper.extract.encoding.encoding import decode_html, find_encoding, recode_html

__all__ = ["decode_html", "find_encoding", "recode_html"]
