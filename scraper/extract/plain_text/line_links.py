"""Addresses written out in the lines of a flattened page: all that is left of its links."""

import re
from typing import Final

from scraper.blocks import Link
from scraper.linked_text import LinkedText
from scraper.urls.web_urls import LONGEST_URL, absolute_web_url

# Up to what no address is written with: white space, quotes, the punctuation of Chinese and
# Japanese, and signs that nobody sees.
_ADDRESS: Final = re.compile(
    r"(?<![A-Za-z0-9])https?://"
    r"[^\s<>\"“”„«»‹›\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+",
    re.IGNORECASE,
)
_TRAILING: Final = "?!.,:;*_~'‘’`|\\…。"  # what ends a sentence or sets words apart
_CLOSED_BY: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_CLOSED_BY.values())
_SHORTENED: Final = ("…", "...")


def with_links(text: str) -> LinkedText:
    """A text with the web addresses in it as links; their words are the addresses as written.

    What ends the sentence is none of an address, nor are brackets that are not both in it. One that
    is cut short by an ellipsis leads nowhere and is no link.

    Example:
        >>> found = with_links("Maps (see https://news.example/map_(new)) are free.")
        >>> [link.text for link in found.links]
        ['https://news.example/map_(new)']
    """
    if "://" not in text:
        return LinkedText(text)
    links = []
    for match in _ADDRESS.finditer(text):
        written = _balanced(match.group())
        words = written.rstrip(_TRAILING)
        if len(words) > LONGEST_URL or text.startswith(_SHORTENED, match.start() + len(words)):
            continue
        if url := absolute_web_url(words, None):
            links.append(Link(words, url, None, match.start()))
    return LinkedText(text, tuple(links))


def _balanced(address: str) -> str:
    """The address up to a bracket that is closed without being opened, or never closed."""
    opened: list[int] = []
    for place, sign in enumerate(address):
        if sign in _CLOSED_BY:
            opened.append(place)
        elif sign in _CLOSING:
            if not opened or _CLOSED_BY[address[opened[-1]]] != sign:
                return address[: opened[0] if opened else place]
            opened.pop()
    return address[: opened[0]] if opened else address
