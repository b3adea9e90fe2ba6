"""Everything about an article but its body, from what the page states and what it shows.

Each field has a module; each module ranks its sources and says which one spoke.
"""

from typing import Any

from lxml import etree

from scraper.extract.metadata.access import find_access
from scraper.extract.metadata.authors import find_authors
from scraper.extract.metadata.clean import clean_text
from scraper.extract.metadata.dates import find_modified_at, find_published_at
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.images import find_image_url
from scraper.extract.metadata.language import detect_language, find_language
from scraper.extract.metadata.paging import find_next_page_url
from scraper.extract.metadata.record import Metadata
from scraper.extract.metadata.robots_meta import find_robots
from scraper.extract.metadata.site.site import find_canonical_url, find_site_name
from scraper.extract.metadata.survey import Survey, survey_page
from scraper.extract.metadata.title import find_title
from scraper.extract.metadata.title.headline import find_headline
from scraper.extract.metadata.topics import find_section, find_tags
from scraper.extract.structured.structured_data import StructuredData

__all__ = ["Metadata", "detect_language", "find_metadata"]


def find_metadata(
    root: etree._Element,
    *,
    url: str | None,
    structured: StructuredData,
    others: frozenset[etree._Element] = frozenset(),
) -> Metadata:
    """What the page says about its article; a field it does not give stays None or empty.

    Args:
        root: The page.
        url: Where it came from; relative addresses stay unknown without it.
        structured: Its JSON-LD and microdata.
        others: Elements whose names and times are not the article's, as those of comments.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> root = parse_html("<title>Rain – The Herald</title><h1>Rain</h1>")
        >>> metadata = find_metadata(root, url=None, structured=StructuredData())
        >>> metadata.title, metadata.evidence["title"]
        ('Rain', 'h1')
    """
    survey = survey_page(root, url, structured, others)
    title = find_title(survey)
    headline = find_headline(survey, title.value)
    found: dict[str, Found[Any]] = {
        "canonical_url": find_canonical_url(survey),
        "site_name": find_site_name(survey),
        "title": title,
        "description": find_description(survey),
        "authors": find_authors(survey, headline),
        "published_at": find_published_at(survey, headline),
        "modified_at": find_modified_at(survey, headline),
        "language": find_language(survey),
        "section": find_section(survey, headline),
        "tags": find_tags(survey),
        "image_url": find_image_url(survey),
        "access": find_access(survey),
        "robots": find_robots(survey),
        "next_page_url": find_next_page_url(survey),
    }
    values = {name: f.value for name, f in found.items() if f.value}
    evidence = {name: f.source for name, f in found.items() if f.value and f.source}
    return Metadata(**values, evidence=evidence)


def find_description(survey: Survey) -> Found[str]:
    """The page's own summary of itself."""
    for name in (
        "og:description",
        "description",
        "twitter:description",
        "dc.description",
        "sailthru.description",
    ):
        text = survey.meta(name)
        if text:
            return Found(text, f"meta {name}")
    text = clean_text(survey.article.get("description"))
    return Found(text, "json-ld description" if text else "")
