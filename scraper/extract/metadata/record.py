"""The fields of an article apart from its body, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.article import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The metadata of one page, every text clean and bounded.

    Attributes:
        published_at: ISO 8601, date or date and time, as precise as the page is.
        language: The BCP 47 tag the page states; templates lie, see `detect_language`.
        robots: Directives of meta robots, lower case.
        next_page_url: Where the same article goes on.
        evidence: For each field with a value, where the value came from.
    """

    canonical_url: str | None = None
    site_name: str | None = None
    title: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    access: Access = "unknown"
    robots: tuple[str, ...] = ()
    next_page_url: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
