"""The article's text as JSON-LD states it, for comparison with what the page shows."""

import html
import re
from collections.abc import Collection, Iterator
from typing import Final

from scraper.extract.structured.page_state.find_story import fold_words
from scraper.extract.structured.structured_data import StructuredData

_BODY_KEYS: Final = ("articleBody", "text")
_LEAST_CHARS: Final = 100
_TAG: Final = re.compile(r"<[^<>]{1,200}>")


def find_stated_body(structured: StructuredData) -> str | None:
    """The longest `articleBody` or `text` of the page's JSON-LD, without markup.

    None when there is none of more than 100 characters: shorter ones are summaries.

    It is often cut short or lacks what stands between paragraphs, so it is a witness to what the
    page shows and no replacement for it.
    """
    bodies = [body for _, body in _bodies(structured)]
    if not bodies:
        return None
    body = max(bodies, key=len)
    if "<" in body or "&" in body:
        body = _TAG.sub(" ", html.unescape(body))
    return body


def count_stated_chars(structured: StructuredData) -> int:
    """Characters of the longest body that JSON-LD states, with its markup; 0 without one."""
    return max((len(body) for _, body in _bodies(structured)), default=0)


def find_stated_markup(structured: StructuredData, titles: Collection[str]) -> str | None:
    """The longest body that JSON-LD states for this page, as it is written there.

    Args:
        structured: What the page says about itself.
        titles: Its headlines, folded to letters and digits. A body under another headline is
            another story's, where there are several.
    """
    bodies = list(_bodies(structured))
    own = [
        body
        for headline, body in bodies
        if not headline or any(headline in title or title in headline for title in titles)
    ]
    if not own and len({headline for headline, _ in bodies}) == 1:
        own = [body for _, body in bodies]
    return max(own, key=len, default=None)


def _bodies(structured: StructuredData) -> Iterator[tuple[str, str]]:
    """Each body that is stated, after the headline it stands under, folded."""
    for node in structured.json_ld:
        headline = node.get("headline")
        for key in _BODY_KEYS:
            value = node.get(key)
            if isinstance(value, str) and len(value) > _LEAST_CHARS:
                yield fold_words(headline) if isinstance(headline, str) else "", value
