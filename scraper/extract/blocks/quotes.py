"""Quotes: block quotes, pull quotes and embedded posts."""

from collections.abc import Sequence

from scraper.blocks import Quote
from scraper.linked_text import LinkedText, join_texts


def build_quote(texts: Sequence[LinkedText]) -> Quote:
    """The quote made of `texts`, one line each."""
    whole = join_texts("\n", texts)
    return Quote(whole.text, whole.links)
