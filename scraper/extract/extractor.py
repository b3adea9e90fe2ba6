"""A page in, an article out: the steps of extraction in their order."""

from typing import Final

from scraper.article import Article
from scraper.blocks import Paragraph
from scraper.extract.classify import classify_segments
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree
from scraper.page import Page
from scraper.sites.rules import SiteRules

EXTRACTOR_VERSION: Final = "1"


def extract_article(
    html: bytes | str, *, url: str | None = None, content_type: str | None = None
) -> Article:
    """The article a page holds; its text is empty when the page has none.

    Args:
        html: The page; bytes are decoded as a browser would.
        url: Where it came from, to make links absolute and to know the site.
        content_type: The Content-Type header, whose charset outranks the page's own.

    Raises:
        ExtractionError: There is no document in these bytes.

    Example:
        >>> extract_article("<p>" + "It has rained all night in the hills. " * 3).text[:13]
        'It has rained'
    """
    return _extract(html, url=url, content_type=content_type, rules=None)


def extract_page(page: Page, *, rules: SiteRules | None = None) -> Article:
    """The article of a fetched page.

    Raises:
        ExtractionError: There is no document in its body.
    """
    return _extract(page.body, url=page.url, content_type=page.content_type, rules=rules)


def _extract(
    html: bytes | str,
    *,
    url: str | None,
    content_type: str | None,  # noqa: ARG001 - read once the encoding step is in
    rules: SiteRules | None,  # noqa: ARG001 - applied once rules are in
) -> Article:
    root = parse_html(html, encoding=None)
    segmentation = segment_tree(root)
    title = root.findtext(".//title")
    classification = classify_segments(segmentation, title=title)
    texts = [
        segment.text
        for segment, kept in zip(segmentation.segments, classification.kept, strict=True)
        if kept
    ]
    return Article(
        url=url,
        title=title,
        text="\n".join(texts),
        blocks=tuple(Paragraph(text) for text in texts),
        confidence=classification.confidence,
    )
