"""Quotes: block quotes, pull quotes and embedded posts."""

from collections.abc import Sequence

from scraper.blocks import Quote
from scraper.extract.segment import Segmentation


def build_quote(segmentation: Segmentation, segments: Sequence[int]) -> Quote:
    """The quote made of `segments`, one line each."""
    return Quote("\n".join(segmentation.segments[index].text for index in segments))
