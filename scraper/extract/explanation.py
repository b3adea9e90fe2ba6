"""Why a page was read as it was: for each segment what was decided, and by what."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from scraper.article import Article
from scraper.extract.apply_rules import name_rules
from scraper.extract.classify.main_content import Classification, Reason
from scraper.extract.segment import Node, Segment, Segmentation
from scraper.sites.learned import KnownBlocks, fingerprint_text
from scraper.sites.rules import SiteRules

SegmentKind = Literal[
    "heading",
    "paragraph",
    "list item",
    "quote",
    "code",
    "table cell",
    "caption",
    "comment",
    "navigation",
    "promotion",
    "teaser",
    "byline",
    "footer",
    "form",
]

_BY_TAG: Final[dict[str, SegmentKind]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dd", "dt"), "list item"),
    **dict.fromkeys(("td", "th", "caption"), "table cell"),
    **dict.fromkeys(("figcaption", "figure"), "caption"),
    "blockquote": "quote",
    "pre": "code",
}
_DROPPED_AS: Final[dict[str, SegmentKind]] = {
    **dict.fromkeys(("button", "form", "fieldset", "legend"), "form"),
    **dict.fromkeys(("nav", "menu"), "navigation"),
    "footer": "footer",
}
# What class names and the like say about text that was dropped; first match counts.
_BY_MARKS: Final[tuple[tuple[SegmentKind, re.Pattern[str]], ...]] = (
    ("comment", re.compile(r"comment|disqus|discussion|repl(?:y|ies)")),
    ("byline", re.compile(r"byline|author|dateline|publish|\bmeta\b|timestamp")),
    ("caption", re.compile(r"caption|credit")),
    (
        "teaser",
        re.compile(r"related|recommend|teaser|more-|read-next|trending|popular|latest|card"),
    ),
    (
        "promotion",
        re.compile(r"promo|newsletter|subscri|banner|\bads?\b|advert|sponsor|share|social|cookie"),
    ),
    ("navigation", re.compile(r"nav|menu|breadcrumb|pagination|\btabs?\b|toolbar|header")),
    ("footer", re.compile(r"footer|copyright|legal")),
)


@dataclass(frozen=True, slots=True)
class SegmentExplanation:
    """What was decided about one segment of a page.

    Attributes:
        kind: What it seems to be.
        probability: How likely the model thinks it is main content, 0 to 1.
        reason: What decided.
        path: Where it stands: tags of its block-level ancestors, outermost first.
        detail: For a site rule the rule itself, as ``remove ".promo"``; for what the site was
            learned to repeat, ``7 of 8``: in how many of its articles. Otherwise empty.
    """

    text: str
    kept: bool
    kind: SegmentKind
    probability: float
    reason: Reason
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An article, and every segment of its page in order."""

    article: Article
    segments: tuple[SegmentExplanation, ...]


def explain_segments(
    segmentation: Segmentation,
    classification: Classification,
    *,
    rules: SiteRules | None = None,
    known: KnownBlocks | None = None,
) -> tuple[SegmentExplanation, ...]:
    """One explanation a segment, in the page's order.

    Args:
        segmentation: The page in pieces.
        classification: What was decided about each.
        rules: The site rules that acted.
        known: What the site was known to repeat.

    Raises:
        ExtractionError: A rule is no CSS selector.
    """
    result = []
    named = name_rules(segmentation, rules) if rules and segmentation.segments else ()
    for index, segment in enumerate(segmentation.segments):
        path = [segmentation.nodes[node] for node in segmentation.ancestors(segment.node)]
        kept = bool(classification.kept[index])
        reason = classification.reasons[index]
        detail = ""
        if reason.startswith("rule") and named:
            detail = named[index]
        elif reason == "known boilerplate" and known:
            detail = _count_articles(path[0], segment, known)
        result.append(
            SegmentExplanation(
                segment.text,
                kept,
                _find_kind(path, kept=kept),
                float(classification.probabilities[index]),
                reason,
                " > ".join(node.tag for node in reversed(path)),
                detail,
            )
        )
    return tuple(result)


def _count_articles(node: Node, segment: Segment, known: KnownBlocks) -> str:
    count = known.counts.get(fingerprint_text(node.tag, segment.text), 0)
    return f"{count:,} of {known.pages:,}"


def _find_kind(path: list[Node], *, kept: bool) -> SegmentKind:
    """The nearest ancestor that says what it is; of dropped text, what it is dropped as."""
    near = path[:12]  # further up, class names are those of the page's frame
    if _BY_TAG.get(path[0].tag) == "heading":
        return "heading"
    if not kept:
        for node in near:
            for kind, pattern in _BY_MARKS:
                if node.marks and pattern.search(node.marks):
                    return kind
            if node.tag in _DROPPED_AS:
                return _DROPPED_AS[node.tag]
    return next((_BY_TAG[node.tag] for node in near if node.tag in _BY_TAG), "paragraph")
