"""The article's text as JSON-LD states it, for comparison with what the page shows."""

import html
import re
from typing import Final

from scraper.extract.structured.structured_data import StructuredData

_BODY_KEYS: Final = ("articleBody", "text")
_TAG: Final = re.compile(r"<[^<>]{1,200}>")


def find_stated_body(structured: StructuredData) -> str | None:
    """The longest `articleBody` or `text` of the page's JSON-LD, without markup.

    None when there is none of more than 100 characters: shorter ones are summaries.

    It is often cut short or lacks what stands between paragraphs, so it is a witness to what the
    page shows and no replacement for it.
    """
    bodies = [
        value
        for node in structured.json_ld
        for key in _BODY_KEYS
        if isinstance(value := node.get(key), str) and len(value) > 100
    ]
    if not bodies:
        return None
    body = max(bodies, key=len)
    if "<" in body or "&" in body:
        body = _TAG.sub(" ", html.unescape(body))
    return body
