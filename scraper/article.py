"""The record: what is recovered from one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scraper.blocks import (
    Block,
    Heading,
    Link,
    PlacedItem,
    block_from_dict,
    block_to_dict,
    iter_blocks,
    iter_links,
    place_list_items,
)

Access = Literal["free", "paywalled", "unknown"]
PageKind = Literal["article", "live_blog", "list", "forum", "product", "document", "wall", "error"]
"""What a page is. A wall asks for consent, a login, a proof of being human; a document is a manual,
a service's page, a help text; a list is a front page, a section, search results."""
FaqSource = Literal["html", "json-ld", "microdata", "text"]


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question a page answers, and where the pair was found."""

    question: str
    answer: str
    source: FaqSource


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote under an article.

    Attributes:
        published_at: As in Article.
        depth: 0 for a comment on the article, 1 for an answer to one, and so on.
    """

    text: str
    author: str | None = None
    published_at: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """One post of a live blog; `published_at` as in Article."""

    text: str
    heading: str | None = None
    author: str | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, without any database id.

    Attributes:
        text: Plain text of the main content, one block a line, the title not repeated.
        published_at: ISO 8601, date or date and time, as precise as the page is; None when unknown.
        language: BCP 47 tag.
        robots: Directives of `X-Robots-Tag` and meta robots, lower case ("noindex", "noarchive" …).
        next_page_url: Where the article goes on, when it is spread over pages.
        page_kind: What the page is; None for flattened text, which does not show it.
        page_kind_probability: 0 to 1, how likely that is right.
        comments: What readers wrote under it, where the page shows that; never part of `text`.
        entries: The posts of a live blog with their times, in the page's order.
        confidence: 0 to 1, how likely the main content is right.
        evidence: For each field with a value, where the value came from; under ``page`` what of
            the page was not read, where that is not all of it.
    """

    url: str | None = None
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
    page_kind: PageKind | None = None
    page_kind_probability: float = 0.0
    text: str = ""
    markdown: str = ""
    blocks: tuple[Block, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    comments: tuple[Comment, ...] = ()
    entries: tuple[LiveEntry, ...] = ()
    confidence: float = 0.0
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def headings(self) -> list[Heading]:
        """The section headings in reading order, a view of `blocks`."""
        return [block for block in iter_blocks(self.blocks) if isinstance(block, Heading)]

    @property
    def list_items(self) -> list[PlacedItem]:
        """The items of all lists in reading order, a view of `blocks`."""
        return place_list_items(self.blocks)

    @property
    def links(self) -> list[Link]:
        """The links in headings, text, lists, tables and captions, in reading order."""
        return list(iter_links(self.blocks))

    @property
    def word_count(self) -> int:
        """Words of `text`, counted at white space."""
        return len(self.text.split())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dictionaries and lists, ready for JSON.

        Example:
            >>> Article(title="Rain").to_dict()["title"]
            'Rain'
        """
        return {
            "url": self.url,
            "canonical_url": self.canonical_url,
            "site_name": self.site_name,
            "title": self.title,
            "description": self.description,
            "authors": list(self.authors),
            "published_at": self.published_at,
            "modified_at": self.modified_at,
            "language": self.language,
            "section": self.section,
            "tags": list(self.tags),
            "image_url": self.image_url,
            "access": self.access,
            "robots": list(self.robots),
            "next_page_url": self.next_page_url,
            "page_kind": self.page_kind,
            "page_kind_probability": self.page_kind_probability,
            "text": self.text,
            "markdown": self.markdown,
            "blocks": [block_to_dict(block) for block in self.blocks],
            "faq": [
                {"question": e.question, "answer": e.answer, "source": e.source} for e in self.faq
            ],
            "comments": [
                {
                    "text": c.text,
                    "author": c.author,
                    "published_at": c.published_at,
                    "depth": c.depth,
                }
                for c in self.comments
            ],
            "entries": [
                {
                    "text": e.text,
                    "heading": e.heading,
                    "author": e.author,
                    "published_at": e.published_at,
                }
                for e in self.entries
            ],
            "confidence": self.confidence,
            "evidence": dict(self.evidence),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Article":
        """The inverse of `to_dict`; unknown keys are left aside, missing ones get their default.

        Raises:
            KeyError: A block, FAQ entry, comment or entry lacks a key it must have.
            ValueError: A block is of an unknown kind.
        """
        plain = {
            name: record[name]
            for name in cls.__dataclass_fields__
            if name in record and name not in _STRUCTURED
        }
        return cls(
            **plain,
            authors=tuple(record.get("authors") or ()),
            tags=tuple(record.get("tags") or ()),
            robots=tuple(record.get("robots") or ()),
            blocks=tuple(block_from_dict(b) for b in record.get("blocks") or ()),
            faq=tuple(
                FaqEntry(e["question"], e["answer"], e["source"]) for e in record.get("faq") or ()
            ),
            comments=tuple(
                Comment(c["text"], c.get("author"), c.get("published_at"), c.get("depth", 0))
                for c in record.get("comments") or ()
            ),
            entries=tuple(
                LiveEntry(e["text"], e.get("heading"), e.get("author"), e.get("published_at"))
                for e in record.get("entries") or ()
            ),
            evidence=dict(record.get("evidence") or {}),
        )


_STRUCTURED = {"authors", "tags", "robots", "blocks", "faq", "comments", "entries", "evidence"}
