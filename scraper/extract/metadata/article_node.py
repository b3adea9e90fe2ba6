"""Which JSON-LD node describes the article that the page is about."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from scraper.extract.metadata.clean import fold, path_of
from scraper.extract.structured.structured_data import (
    MicrodataItem,
    StructuredData,
    items_of_type,
    nodes_of_type,
    types_of,
)

# The likeliest to be what a page is about first: a review or a film may be but a part of it.
ARTICLE_TYPES: Final = (
    "NewsArticle",
    "Article",
    "BlogPosting",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "LiveBlogPosting",
    "TechArticle",
    "ScholarlyArticle",
    "MedicalScholarlyArticle",
    "SocialMediaPosting",
    "DiscussionForumPosting",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "Report",
    "Review",
    "Recipe",
    "HowTo",
    "BlogPost",
    "PodcastEpisode",
    "VideoObject",
)
_PAGE_TYPES: Final = (
    "WebPage",
    "ItemPage",
    "CreativeWork",
    "MedicalWebPage",
    "FAQPage",
    "AboutPage",
    "QAPage",
    "CollectionPage",
)
_ADDRESS_KEYS: Final = ("url", "mainEntityOfPage")
_MAX_ITEMS: Final = 100  # of article types: one and its teasers are tens at most
_RANK: Final = {name: rank for rank, name in enumerate(ARTICLE_TYPES)}


def find_article_node(
    structured: StructuredData, url: str | None, titles: Sequence[str] = ()
) -> Mapping[str, Any]:
    """The JSON-LD node of an article type that fits the page best: its address, then its titles.

    One of a page type when there is none; empty when there is neither.
    """
    candidates = list(_candidates(structured))
    if not candidates:
        return next(nodes_of_type(structured, *_PAGE_TYPES, nested=False), {})
    if len(candidates) == 1:
        return candidates[0]
    path = path_of(url).rstrip("/")
    shown = [folded for title in titles if (folded := fold(title))]
    scores = [_score(node, path) + _is_shown(node, shown) for node in candidates]
    return candidates[scores.index(max(scores))]


def find_article_item(
    structured: StructuredData, url: str | None, titles: Sequence[str]
) -> MicrodataItem | None:
    """The microdata item of an article type that is this page's; None where all are of others.

    Teasers of other articles are items too: what bears another headline or address is one of them,
    and so may be each of several that bear none.
    """
    items = list(islice(items_of_type(structured, *ARTICLE_TYPES), _MAX_ITEMS))
    shown = [folded for title in titles if (folded := fold(title))]
    path = path_of(url).rstrip("/")
    silent = []
    for item in items:
        headlines = [f for text in item.texts("headline") if (f := fold(text))]
        if any(_is_among(headline, shown) for headline in headlines):
            return item
        addresses = [v for key in _ADDRESS_KEYS for v in item.texts(key) if path_of(v)]
        if path and any(path_of(address).rstrip("/") == path for address in addresses):
            return item
        if not headlines:
            silent.append(item)
    if len(items) == 1:
        return items[0]
    return silent[0] if len(silent) == 1 else None


def _is_shown(node: Mapping[str, Any], shown: list[str]) -> float:
    """2 for a node whose headline is one of the page's: related stories have nodes as well."""
    headline = node.get("headline")
    folded = fold(headline) if isinstance(headline, str) else ""
    return 2.0 * (bool(folded) and _is_among(folded, shown))


def _is_among(headline: str, shown: list[str]) -> bool:
    return any(headline in text or text in headline for text in shown)


def _candidates(structured: StructuredData) -> Iterator[dict[str, Any]]:
    yield from nodes_of_type(structured, *ARTICLE_TYPES, nested=False)
    for node in structured.json_ld:
        for key in ("mainEntity", "mainEntityOfPage", "about", "hasPart", "subjectOf"):
            inner = structured.resolve(node.get(key))
            if isinstance(inner, dict) and not set(types_of(inner)).isdisjoint(_RANK):
                yield inner


def _score(node: dict[str, Any], path: str) -> float:
    """How well a node fits: the page's address counts most, then a headline, last its type."""
    kinds = types_of(node)
    score = -0.05 * min((_RANK.get(kind, 99) for kind in kinds), default=99)
    score += 2.0 * ("headline" in node) + ("datePublished" in node) + ("author" in node)
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and path and path_of(value).rstrip("/") == path:
            score += 3.0
            break
    return score
