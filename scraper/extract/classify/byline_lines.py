"""Lines above and below the text that are fields, and no part of the body: bylines, tags."""

import re
from collections.abc import Sequence
from typing import Final

from scraper.extract.metadata.authors.credits import AGO
from scraper.extract.metadata.authors.names import has_lead_in
from scraper.extract.segment import Segment, Segmentation
from scraper.extract.words import count_words

# Of 1,600 pages thirty have such a line, some as the fourth; the longest has 137 characters.
_LINES_LOOKED_AT: Final = 4
_MAX_CHARS: Final = 160
_MAX_LABEL_WORDS: Final = 3  # "Filed under", "More about"
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


def find_tag_lines(
    segmentation: Segmentation, kept: Sequence[bool], tags: Sequence[str]
) -> list[int]:
    """Indexes of kept segments at the end that are links to the page's tags, and a label at most.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> page = segment_tree(parse_html("<p>It rained.<p>Filed under <a href=/t>weather</a>"))
        >>> find_tag_lines(page, [True, True], ["weather"])
        [1]
    """
    if not tags:
        return []
    last = [index for index, keep in enumerate(kept) if keep][-_LINES_LOOKED_AT:]
    return [i for i in last if _is_of_tags(segmentation.segments[i], tags)]


def _is_of_tags(segment: Segment, tags: Sequence[str]) -> bool:
    text = segment.text
    if not segment.links or len(text) > _MAX_CHARS:
        return False
    rest = text.lower()
    for tag in sorted(tags, key=len, reverse=True):
        rest = rest.replace(tag.lower(), "")
    return rest != text.lower() and count_words(rest.strip(" ,;|·#")) <= _MAX_LABEL_WORDS


def _says_nothing_else(text: str, authors: Sequence[str]) -> bool:
    rest = text
    for name in authors:
        rest = rest.replace(name, "")
    is_named = rest != text and (has_lead_in(text) or AGO.match(rest.strip()))
    return bool(is_named) and count_words(rest) <= _MAX_OTHER_WORDS and not _SENTENCE.search(rest)
