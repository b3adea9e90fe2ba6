"""Whether an article is free to read or behind a paywall."""

import re
from typing import Any, Final

from scraper.article import Access
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.extract.structured.structured_data import nodes_of_type

_FALSE: Final = frozenset(
    {"false", "no", "0", "nein", "http://schema.org/false", "https://schema.org/false"}
)
_TRUE: Final = frozenset(
    {"true", "yes", "1", "ja", "http://schema.org/true", "https://schema.org/true"}
)
_TIER_METAS: Final = (
    "article:content_tier",
    "og:article:content_tier",
    "content_tier",
    "contenttier",
    "access",
    "article:access",
    "paywall",
    "cxenseparse:access",
    "is_paywalled",
    "ispaid",
    "premium",
)
_PAID: Final = re.compile(
    r"locked|metered|premium|paid|subscri|paywall|plus|member|^true$|^yes$|^1$|registered",
    re.IGNORECASE,
)
_FREE: Final = re.compile(r"^(?:free|open|public|false|no|0|unlocked|gratis)$", re.IGNORECASE)
_WALL: Final = re.compile(
    r"paywall|pay-wall|subscriber-?only|premium-?(?:content|wall|overlay)|piano-?(?:offer|container)|article-?locked|regwall|subscribe-?wall",
    re.IGNORECASE,
)


def find_access(survey: Survey) -> Found[Access]:
    """Whether the article is "paywalled" or "free", where the page says so; else "unknown"."""
    for node in (survey.article, *nodes_of_type(survey.structured, "WebPage", nested=False)):
        stated = _truth(node.get("isAccessibleForFree"))
        if stated is False or _has_locked_part(node.get("hasPart")):
            return Found("paywalled", "json-ld isAccessibleForFree")
        if stated is True:
            return Found("free", "json-ld isAccessibleForFree")
    if survey.item is not None:
        for text in survey.item.texts("isAccessibleForFree"):
            stated = _truth(text)
            if stated is not None:
                return Found("free" if stated else "paywalled", "microdata isAccessibleForFree")
    for name in _TIER_METAS:
        text = survey.meta(name)
        if text and _FREE.match(text):  # before paid words: "unlocked" holds one of them
            return Found("free", f"meta {name}")
        if text and _PAID.search(text):
            return Found("paywalled", f"meta {name}")
    return Found("unknown", "")


def _truth(value: Any) -> bool | None:
    """What a value of `isAccessibleForFree` says; None when it says neither."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text in _FALSE:
        return False
    return True if text in _TRUE else None


def _has_locked_part(value: Any) -> bool:
    parts = value if isinstance(value, list) else [value]
    return any(isinstance(p, dict) and _truth(p.get("isAccessibleForFree")) is False for p in parts)
