"""Lists of links: those that a text gives its readers, and those that lead on to other stories."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from lxml import etree

from scraper.extract.words import count_words
from scraper.urls.url_score import score_url
from scraper.urls.web_urls import LONGEST_URL, absolute_web_url

_MOST_LINKS: Final = 60
_LEAST_HEADLINE_WORDS: Final = 4
_STORY_SCORE: Final = 0.5  # of an address, from which on it looks like a story's
_ANY_SITE: Final = "https://site.example/"  # for addresses without one: the path says enough
# Where the buttons lead that share a page; what leads nowhere is a button as well.
_SHARE_TARGET: Final = re.compile(
    r"^(?:#|javascript:|mailto:\?|whatsapp:|viber:|tg:|sms:|fb-messenger:)|/sharer?[/.?]|/share\?"
    r"|/intent/|sharearticle|/submit\?|pin/create|^https?://(?:wa\.me|api\.whatsapp\.com)/",
    re.IGNORECASE,
)


def find_links(element: etree._Element) -> list[str]:
    """Where the links in an element lead, as written; at most the first sixty."""
    found: list[str] = []
    for link in element.iter("a"):
        found.append(_address(link))
        if len(found) == _MOST_LINKS:
            break
    return found


def are_share_buttons(addresses: Sequence[str]) -> bool:
    """Whether most links share the page, or lead nowhere."""
    return 2 * sum(bool(_SHARE_TARGET.search(url)) or not url for url in addresses) > len(addresses)


def are_stories(addresses: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether links lead to other stories under their headlines, by most addresses and texts."""
    urls = (absolute_web_url(address, _ANY_SITE) for address in addresses)
    stories = sum(score_url(url) >= _STORY_SCORE for url in urls if url)
    headlines = sum(count_words(text) >= _LEAST_HEADLINE_WORDS for text in texts)
    return 2 * stories > len(addresses) and 2 * headlines > len(texts)


def are_repeated(page_texts: Counter[str], texts: Sequence[str]) -> bool:
    """Whether most of the texts stand on the page more than once."""
    return 2 * sum(page_texts[text] > 1 for text in texts) > len(texts)


def _address(link: etree._Element) -> str:
    href = (link.get("href") or "").strip()
    return href if len(href) <= LONGEST_URL else ""
