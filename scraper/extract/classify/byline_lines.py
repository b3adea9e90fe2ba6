"""Lines above the text that say who wrote it and when: they are fields, and no part of the body."""

import re
from collections.abc import Sequence
from typing import Final

from scraper.extract.metadata.authors.credits import AGO
from scraper.extract.metadata.authors.names import has_lead_in
from scraper.extract.segment import Segmentation
from scraper.extract.words import count_words

# Of 1,600 pages thirty have such a line, some as the fourth; the longest has 137 characters.
_LINES_LOOKED_AT: Final = 4
_MAX_CHARS: Final = 160
_MAX_OTHER_WORDS: Final = 14  # "Posted by … on Sunday, 4 October 2026, 18:05 in Electronics"
# A sentence that ends and another that follows; three letters before, so not the dot of "J. Öst".
# Where a name was, a comma may follow "Prof."
_SENTENCE: Final = re.compile(r"[a-zà-ÿ]{3}[.!?。]\s+[^\s,;]")


def find_byline_lines(
    segmentation: Segmentation, kept: Sequence[bool], authors: Sequence[str]
) -> list[int]:
    """Indexes of kept segments at the beginning that name an author, as a byline does.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> page = segment_tree(parse_html("<p>Posted by Ida Lund on Sunday<p>It rained."))
        >>> find_byline_lines(page, [True, True], ["Ida Lund"])
        [0]
    """
    if not authors:
        return []
    found = []
    first = [index for index, keep in enumerate(kept) if keep][:_LINES_LOOKED_AT]
    for index in first:
        text = segmentation.segments[index].text
        if len(text) > _MAX_CHARS:
            break
        if _says_nothing_else(text, authors):
            found.append(index)
    return found


def _says_nothing_else(text: str, authors: Sequence[str]) -> bool:
    rest = text
    for name in authors:
        rest = rest.replace(name, "")
    is_named = rest != text and (has_lead_in(text) or AGO.match(rest.strip()))
    return bool(is_named) and count_words(rest) <= _MAX_OTHER_WORDS and not _SENTENCE.search(rest)
