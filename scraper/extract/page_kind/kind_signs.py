"""What a page says and shows of its kind, as numbers beside what the net sees in its make."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from lxml import etree

from scraper.extract.classify.features import Floats
from scraper.extract.metadata import Metadata
from scraper.extract.segment import Segmentation
from scraper.extract.structured.structured_data import StructuredData, types_of
from scraper.urls.web_urls import split_normal

_OG_TYPES: Final = ("article", "product", "website", "profile")
_TYPE_GROUPS: Final[tuple[frozenset[str], ...]] = (
    frozenset({"NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"}),
    frozenset({"Article", "BlogPosting", "Report", "ScholarlyArticle", "Review", "Recipe"}),
    frozenset({"LiveBlogPosting"}),
    frozenset({"Product", "ProductGroup", "Offer", "AggregateOffer", "Vehicle", "Book"}),
    frozenset({"QAPage", "DiscussionForumPosting", "Question", "Comment"}),
    frozenset({"CollectionPage", "ItemList", "SearchResultsPage", "Blog", "OfferCatalog"}),
    frozenset({"TechArticle", "APIReference", "HowTo", "FAQPage", "SoftwareSourceCode"}),
    frozenset({"Service", "LocalBusiness", "ProfessionalService", "Organization", "ContactPage"}),
)
_PATH_WORDS: Final[tuple[frozenset[str], ...]] = tuple(
    frozenset(words.split())
    for words in (
        "category categories tag tags topic topics section sections author authors archive "
        "archives search page index list lists latest best top collections all rubrik thema",
        "forum forums thread threads viewtopic showthread topic questions question discuss "
        "discussion discussions community comments board answers t r",
        "product products shop store dp item items p buy catalog catalogue sku pd",
        "docs doc documentation api manual reference guide guides wiki help support handbook "
        "tutorial tutorials learn package packages man kb",
        "about services service solutions contact privacy terms pricing careers company legal "
        "features platform industries team",
        "news story stories article articles blog blogs post posts politics world sport opinion "
        "noticias nachrichten actualites artikel",
    )
)
_WORD: Final = re.compile(r"[a-z]+")
_DATED: Final = re.compile(r"/(?:19|20)\d\d[/-](?:[01]?\d|[a-z]{3})(?:[/-]|$)")
_NUMBER: Final = re.compile(r"\d{4,}")
_PRICE: Final = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|£|zł|kr|USD|EUR|руб)")
_MANY_CHARS: Final = 100  # a price stands in a shorter segment
_MOST_NODES: Final = 2_000
LIVE_BLOG: Final = len(_OG_TYPES) + 2
"""Which of the signs says that the page states to be a live blog."""

SIGN_COUNT: Final = len(_OG_TYPES) + len(_TYPE_GROUPS) + len(_PATH_WORDS) + 17


def read_signs(
    root: etree._Element,
    url: str | None,
    structured: StructuredData,
    metadata: Metadata,
    view: tuple[Segmentation, Sequence[bool]],
) -> Floats:
    """(SIGN_COUNT,) what is stated and shown, most of it 0 or 1.

    Args:
        root: The page.
        url: Where it is from; its signs are 0 without one.
        structured: What the page states.
        metadata: What was found of author and dates.
        view: The page's segments, and which of them are kept.
    """
    stated = set(_stated_types(structured))
    og_type = _og_type(root)
    values = [
        *(float(og_type.startswith(name)) for name in _OG_TYPES),
        *(float(not stated.isdisjoint(group)) for group in _TYPE_GROUPS),
        *_url_signs(url),
        float(bool(metadata.published_at)),
        float(bool(metadata.authors)),
        float(bool(metadata.published_at and metadata.authors)),
        *_shown_signs(*view),
        float(np.log1p(sum(1 for _ in root.iter("time"))) / 3),
    ]
    return np.array(values, dtype=np.float32)


def _stated_types(structured: StructuredData) -> Iterator[str]:
    for node in structured.json_ld:
        yield from types_of(node)
        main = node.get("mainEntity")
        if isinstance(main, dict):
            yield from types_of(main)
    for item in structured.microdata:
        yield from item.types


def _og_type(root: etree._Element) -> str:
    for meta in root.iterfind(".//meta[@property='og:type']"):
        return (meta.get("content") or "").strip().lower()
    return ""


def _url_signs(url: str | None) -> list[float]:
    """(len(_PATH_WORDS) + 6,) of the address."""
    count = len(_PATH_WORDS)
    if not url or not url.startswith("http"):  # a name of our own for a file says nothing
        return [0.0] * (count + 6)
    host, path, *_ = split_normal(url)
    path = path.lower()
    steps = [step for step in path.split("/") if step]
    last = _WORD.findall(steps[-1]) if steps else []
    words = set(_WORD.findall("/".join(steps[:-1]))) | (set(last) if len(last) <= 2 else set())
    words |= set(host.split(".")[:1])
    return [
        *(float(not words.isdisjoint(group)) for group in _PATH_WORDS),
        1.0,
        float(not steps),
        min(len(steps), 6) / 6,
        float(np.log1p(len(last)) / 3),
        float(bool(_DATED.search(path))),
        float(bool(_NUMBER.search(path))),
    ]


def _shown_signs(segmentation: Segmentation, kept: Sequence[bool]) -> list[float]:
    """(7,) how much is kept, how linked it is, and what it is made of."""
    segments, nodes = segmentation.segments, segmentation.nodes
    chosen = [s for s, k in zip(segments, kept, strict=True) if k]
    size = sum(len(s.text) for s in chosen)
    linked = sum(len(s.text) if nodes[s.node].in_link else s.link_chars for s in chosen)
    headings = [s for s in chosen if nodes[s.node].tag in {"h1", "h2", "h3", "h4"}]
    linked_headings = sum(bool(s.links) or nodes[s.node].in_link for s in headings)
    page = sum(len(s.text) for s in segments)
    prices = sum(_is_price(s.text) for s in segments[:_MOST_NODES])
    return [
        float(np.log1p(size) / 10),
        float(np.log1p(len(chosen)) / 6),
        size / max(page, 1),
        linked / max(size, 1),
        float(np.log1p(linked_headings) / 3),
        float(np.log1p(len(headings)) / 3),
        float(np.log1p(prices) / 3),
    ]


def _is_price(text: str) -> bool:
    return len(text) < _MANY_CHARS and _PRICE.search(text) is not None
