"""Telling pages that scripts are still to build from pages that simply have little text."""

import re
from typing import Final

from lxml import etree

from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.encoding import decode_html
from scraper.page import Page

# A dozen of 1,669 labelled articles have 150 words or fewer and are complete, the shortest with 32:
# between these bounds another sign is needed.
_FEW_WORDS: Final = 150
_FEW_WORDS_FOR_SURE: Final = 30
# Where the usual frameworks put what they build.
_MOUNT_IDS: Final = frozenset(
    "root app __next __nuxt __layout ___gatsby svelte react-root app-root main-app q-app".split()
)
_MOUNT_TAGS: Final = frozenset({"app-root", "ng-app", "app"})
_ASKS_FOR_SCRIPT: Final = re.compile(r"java\s?script", re.IGNORECASE)
_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "head"})


def looks_scripted(page: Page) -> bool:
    """Whether a page is still to be built by its scripts, so that a browser has to render it.

    It is when it has scripts and few words, and shows a sign: an empty element where a framework
    puts what it builds, a word to those without JavaScript, or next to no words at all.

    Example:
        >>> looks_scripted(Page(url="", body=b"<div id=root></div><script src=/a.js></script>"))
        True
        >>> looks_scripted(Page(url="", body=b"<p>Moved.</p><script src=/a.js></script>" * 99))
        False
    """
    text, _ = decode_html(page.body, page.content_type)
    try:
        root = parse_html(text)
    except ExtractionError:
        return False  # no element in it, so no script either
    if root.find(".//script") is None:
        return False
    words = _count_words(root)
    if words > _FEW_WORDS:
        return False
    return words <= _FEW_WORDS_FOR_SURE or _has_mount(root) or _asks_for_script(root)


def _count_words(root: etree._Element) -> int:
    count = 0
    pending = [root]
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        count += len((element.text or "").split())
        for child in element:
            count += len((child.tail or "").split())
            pending.append(child)
    return count


def _has_mount(root: etree._Element) -> bool:
    places = (e for e in root.iter("div", "main", "section", *_MOUNT_TAGS))
    return any(
        (place.get("id") in _MOUNT_IDS or place.tag in _MOUNT_TAGS) and len(place) <= 1
        for place in places
    )


def _asks_for_script(root: etree._Element) -> bool:
    return any(
        _ASKS_FOR_SCRIPT.search("".join(map(str, element.itertext())))
        for element in root.iter("noscript")
    )
