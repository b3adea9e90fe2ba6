"""A page in, an article out: the steps of extraction in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from scraper.article import Article, Comment
from scraper.attribute_limit import MOST_ATTRIBUTES, limit_attributes
from scraper.blocks import Block, Figure, iter_blocks
from scraper.errors import ExtractionError
from scraper.extract.apply_rules import (
    decide_by_rules,
    drop_removed_images,
    find_ruled,
    override_metadata,
)
from scraper.extract.between import judge_between
from scraper.extract.blocks import build_blocks
from scraper.extract.classify.byline_lines import find_byline_lines, find_tag_lines
from scraper.extract.classify.copies import find_copies
from scraper.extract.classify.features import Floats
from scraper.extract.classify.main_content import Classification, Hints, Reason, classify_segments
from scraper.extract.classify.network import Model
from scraper.extract.controls import without_controls
from scraper.extract.dom import parse_html
from scraper.extract.encoding import recode_html
from scraper.extract.explanation import Explanation, explain_segments
from scraper.extract.fallback import CONFIDENCE, FEW_BYTES, ask_fallback
from scraper.extract.faq import find_faq
from scraper.extract.metadata import Metadata, detect_language, find_metadata
from scraper.extract.metadata.robots_meta import add_robots_header
from scraper.extract.page_kind.judgement import KindJudgement
from scraper.extract.page_kind.kind_of_page import find_page_kind, join_signs, weigh_kinds
from scraper.extract.page_kind.kind_signs import read_signs
from scraper.extract.posts.find_comments import find_comments
from scraper.extract.posts.is_story import is_story
from scraper.extract.posts.live_entries import find_entries
from scraper.extract.segment import Segmentation, segment_page
from scraper.extract.stated_blocks import STATED_CONFIDENCE, find_stated_blocks
from scraper.extract.structured.stated_body import find_stated_body
from scraper.extract.structured.structured_data import StructuredData, parse_structured_data
from scraper.page import Page
from scraper.render.markdown import render_markdown
from scraper.render.text import render_text
from scraper.sites.learned import KnownBlocks, count_blocks, fingerprint_text
from scraper.sites.rules import SiteRules

EXTRACTOR_VERSION: Final = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractOptions:
    """What is known about a page's site, and which model to use.

    Attributes:
        rules: Selectors that override what extraction finds.
        known: What the site repeats on its pages.
        model: The net; None for the one that ships with the library.
    """

    rules: SiteRules | None = None
    known: KnownBlocks | None = None
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """The article of a page, and what a crawl learns beside it.

    Attributes:
        article: What was found.
        fingerprints: Of the segments that may be main content, 300 at most.
        judgement: What kind of page it is, and why.
    """

    article: Article
    fingerprints: tuple[str, ...]
    judgement: KindJudgement


@dataclass(frozen=True, slots=True)
class Reading:
    """What the first half of extraction finds on a page; the second half composes the article.

    Attributes:
        kind_signs: What the page says and shows of its kind, from `read_signs`.
    """

    structured: StructuredData
    metadata: Metadata
    segmentation: Segmentation
    classification: Classification
    comments: tuple[Comment, ...]
    was_cut: bool
    kind_signs: Floats


_DEFAULTS: Final = ExtractOptions()
_POSSIBLE: Final = 0.1  # nothing less probable is ever kept
_MOST_FINGERPRINTS: Final = 300  # of a page; one in a hundred of a mixed lot of pages has more


def extract_article(
    html: bytes | str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    options: ExtractOptions = _DEFAULTS,
) -> Article:
    """The article a page holds; its text is empty when the page has none.

    Args:
        html: The page; bytes are decoded as a browser would.
        url: Where it came from, to make links absolute and to know the site.
        content_type: The Content-Type header, whose charset outranks the page's own.
        options: What is known about the site.

    Raises:
        ExtractionError: There is no document in these bytes or one far too long, or a site rule is
            no CSS selector.

    Example:
        >>> extract_article("<p>" + "It has rained all night in the hills. " * 9).text[:13]
        'It has rained'
    """
    try:
        reading = read_html(html, url, content_type, options)
    except ExtractionError as error:
        error.url = error.url or url
        raise
    body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    page = Page(url=url or "", body=body)
    return _compose(reading, page, options)[0]


def extract_page(
    page: Page, *, rules: SiteRules | None = None, known: KnownBlocks | None = None
) -> Article:
    """The article of a fetched page.

    Raises:
        ExtractionError: There is no document in its body or one far too long, or a site rule is no
            CSS selector.
    """
    options = ExtractOptions(rules=rules, known=known)
    try:
        reading = read_html(page.body, page.url or None, page.content_type, options)
    except ExtractionError as error:
        error.url = error.url or page.url or None
        raise
    return _compose(reading, page, options)[0]


def extract_and_learn(
    page: Page, *, rules: SiteRules | None = None, known: KnownBlocks | None = None
) -> Learned:
    """The article of a fetched page, and fingerprints of the segments that may be main content.

    Only these need counting to learn what a site repeats: the net drops the rest anyhow.

    Raises:
        ExtractionError: There is no document in its body or one far too long, or a site rule is no
            CSS selector.
    """
    options = ExtractOptions(rules=rules, known=known)
    reading = read_html(page.body, page.url or None, page.content_type, options)
    nodes = reading.segmentation.nodes
    pairs = zip(
        reading.segmentation.segments, reading.classification.probabilities.tolist(), strict=True
    )
    names = dict.fromkeys(
        fingerprint_text(nodes[segment.node].tag, segment.text)
        for segment, probability in pairs
        if probability > _POSSIBLE
    )
    article, judgement = _compose(reading, page, options)
    return Learned(article, tuple(names)[:_MOST_FINGERPRINTS], judgement)


def explain_page(
    page: Page, *, rules: SiteRules | None = None, known: KnownBlocks | None = None
) -> Explanation:
    """Every segment of a page with what was decided about it, and the article that came of it.

    Raises:
        ExtractionError: There is no document in its body or one far too long, or a site rule is no
            CSS selector.
    """
    options = ExtractOptions(rules=rules, known=known)
    reading = read_html(page.body, page.url or None, page.content_type, options)
    segments = explain_segments(
        reading.segmentation, reading.classification, rules=rules, known=known
    )
    return Explanation(_compose(reading, page, options)[0], segments)


def learn_known_blocks(pages: Sequence[Page]) -> KnownBlocks:
    """What article pages of one site have in common; pages that cannot be read are left out.

    Ten to thirty pages are enough; more cost time and change little.
    """
    seen: list[list[str]] = []
    for page in pages:
        try:
            segmentation = segment_page(
                parse_html(_recode(page.body, page.content_type), encoding="utf-8")
            )
        except ExtractionError:
            continue
        nodes = segmentation.nodes
        seen.append([fingerprint_text(nodes[s.node].tag, s.text) for s in segmentation.segments])
    return count_blocks(seen)


def _recode(html: bytes | str, content_type: str | None) -> bytes:
    """A page in UTF-8; half of a surrogate pair in a string becomes a question mark."""
    if isinstance(html, str):
        return html.encode("utf-8", "replace")
    return recode_html(html, content_type)[0]


def read_html(
    html: bytes | str, url: str | None, content_type: str | None, options: ExtractOptions
) -> Reading:
    """What is on a page: its data and fields, its segments, and which of them are kept.

    Raises:
        ExtractionError: As for `extract_article`.
    """
    recoded = _recode(html, content_type)
    body = limit_attributes(recoded)
    root = parse_html(body, encoding="utf-8")
    # Most pages have no microdata; to look for it at every element takes longer than to be told so.
    structured = parse_structured_data(
        root, microdata=b"itemscope" in body or b"itemscope" in body.lower()
    )
    segmentation = segment_page(root)
    thread = find_comments(segmentation, root.get("lang"), is_story=is_story(root, structured))
    metadata = find_metadata(root, url=url, structured=structured, others=thread.elements)
    forced = None
    if options.rules is not None:
        metadata = override_metadata(root, metadata, options.rules)
        ruled = find_ruled(root, options.rules)
        forced = decide_by_rules(segmentation, ruled)
        drop_removed_images(segmentation, ruled)
    hints = Hints(
        title=_title_tag(root),
        stated_body=find_stated_body(structured),
        known=options.known,
        forced=forced,
        model=options.model,
    )
    classification = classify_segments(segmentation, hints=hints)
    # Where a rule says what the body is, nothing takes part of it away again.
    if options.rules is None or options.rules.body is None:
        classification = classification.without(sorted(thread.segments), "comment")
        classification = _with_fallback(root, segmentation, classification)
        lines = find_byline_lines(segmentation, classification.kept, metadata.authors)
        lines += find_tag_lines(segmentation, classification.kept, metadata.tags)
        classification = classification.without(lines, "byline")
        copies = find_copies(segmentation, classification.kept)
        classification = classification.without(copies, "copy")
        between = judge_between(segmentation, classification.kept, classification.barred)
        classification = classification.without(between.boxes, "box")
        classification = classification.with_text(between.text, "between")
    signs = read_signs(root, url, structured, metadata, (segmentation, classification.kept))
    return Reading(
        structured,
        metadata,
        segmentation,
        classification,
        thread.comments,
        body is not recoded,
        signs,
    )


def _with_fallback(
    root: etree._Element, segmentation: Segmentation, classification: Classification
) -> Classification:
    """What trafilatura finds where nearly nothing is kept; else the classification as it is."""
    kept = classification.kept
    size = sum(
        len(s.text.encode("utf-8", "replace"))
        for s, k in zip(segmentation.segments, kept, strict=True)
        if k
    )
    again = None if size >= FEW_BYTES else ask_fallback(root, segmentation)
    if again is None:
        return classification
    ruled_out = [reason == "rule remove" for reason in classification.reasons]
    again = [keep and not out for keep, out in zip(again, ruled_out, strict=True)]
    reasons: list[Reason] = [
        "rule remove" if out else "second opinion" if keep else "model"
        for keep, out in zip(again, ruled_out, strict=True)
    ]
    return replace(classification, kept=again, reasons=reasons, confidence=CONFIDENCE)


def _title_tag(root: etree._Element) -> str | None:
    """The <title>, which the model was trained with; the headline may be shorter."""
    return root.findtext(".//title")


def _first_image(blocks: tuple[Block, ...]) -> str | None:
    figures = (block for block in iter_blocks(blocks) if isinstance(block, Figure))
    return next((figure.image_url for figure in figures), None)


def _compose(
    reading: Reading, page: Page, options: ExtractOptions
) -> tuple[Article, KindJudgement]:
    """The article, and what kind of page it is on."""
    article = add_robots_header(
        _compose_article(reading, page.url or None), page.headers.get("x-robots-tag")
    )
    signs = reading.kind_signs
    kinds = weigh_kinds(join_signs(reading.classification.kinds, signs), options.model)
    judgement = find_page_kind(page, article, kinds, signs)
    evidence = {**article.evidence, "page_kind": f"the page {judgement.reason}"}
    return replace(
        article,
        page_kind=judgement.kind,
        page_kind_probability=judgement.probability,
        evidence=evidence,
    ), judgement


def _compose_article(reading: Reading, url: str | None) -> Article:
    metadata, segmentation = reading.metadata, reading.segmentation
    base_url = url or metadata.canonical_url  # a saved page may know where it is from
    blocks: tuple[Block, ...] = build_blocks(
        segmentation,
        reading.classification.kept,
        barred=reading.classification.barred,
        base_url=base_url,
        title=metadata.title,
    )
    text = render_text(blocks)
    confidence = reading.classification.confidence if text else 0.0
    reasons = reading.classification.reasons
    source = "rule body" if "rule body" in reasons else "model"
    if "second opinion" in reasons:
        source = "trafilatura"
    entries = find_entries(segmentation, reading.structured, metadata.language)
    if source != "rule body" and (
        stated := find_stated_blocks(
            segmentation.root, reading.structured, metadata, shown=text, entries=entries, url=url
        )
    ):
        blocks, text, source, confidence = (
            stated.blocks,
            stated.text,
            stated.source,
            STATED_CONFIDENCE,
        )
    evidence = dict(metadata.evidence)
    image_url = metadata.image_url or _first_image(blocks)
    if image_url and not metadata.image_url:
        evidence["image_url"] = "first figure"
    if text:
        evidence["text"] = source
    if reading.was_cut:
        evidence["page"] = f"cut: a tag has more than {MOST_ATTRIBUTES:,} attributes"
    article = Article(
        url=url,
        canonical_url=metadata.canonical_url,
        site_name=metadata.site_name,
        title=metadata.title,
        description=metadata.description,
        authors=metadata.authors,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        language=metadata.language or detect_language(text),
        section=metadata.section,
        tags=metadata.tags,
        image_url=image_url,
        access=metadata.access,
        robots=metadata.robots,
        next_page_url=metadata.next_page_url,
        text=text,
        markdown=render_markdown(blocks),
        blocks=blocks,
        faq=find_faq(segmentation, reading.structured),
        comments=reading.comments,
        entries=entries,
        confidence=confidence,
        evidence=evidence,
    )
    return without_controls(article)
