"""Questions a page answers, from its structured data and from what it shows or unfolds."""

from collections.abc import Iterable

from scraper.article import FaqEntry
from scraper.extract.faq.page_pairs import find_page_pairs
from scraper.extract.faq.stated_pairs import find_stated_pairs
from scraper.extract.segment import Segmentation
from scraper.extract.structured.structured_data import StructuredData


def find_faq(segmentation: Segmentation, structured: StructuredData) -> tuple[FaqEntry, ...]:
    """The question and answer pairs of a page, each question once.

    A pair that the page states in JSON-LD or microdata comes before one that is only seen. All
    segments are looked at: answers are hidden until unfolded, and need not be main content.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> page = "<h2>FAQ</h2><h3>Will it rain?</h3><p>All night.</p>"
        >>> [e.answer for e in find_faq(segment_tree(parse_html(page)), StructuredData())]
        ['All night.']
    """
    return tuple(_merged([*find_stated_pairs(structured), *find_page_pairs(segmentation)]))


def _merged(entries: Iterable[FaqEntry]) -> Iterable[FaqEntry]:
    """The first entry of each question."""
    seen: set[str] = set()
    for entry in entries:
        key = "".join(filter(str.isalnum, entry.question.lower()))
        if key and entry.answer and key not in seen:
            seen.add(key)
            yield entry


__all__ = ["find_faq"]
