"""Entries of a live blog, as JSON-LD states them or as the page marks them."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from scraper.article import LiveEntry
from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.posts.read_post import read_post
from scraper.extract.segment import Segmentation
from scraper.extract.structured.structured_data import StructuredData, nodes_of_type, text_of

_MOST_ENTRIES: Final = 2_000
_MOST_CHARS: Final = 20_000  # of one entry


def find_entries(
    segmentation: Segmentation, structured: StructuredData, language: str | None = None
) -> tuple[LiveEntry, ...]:
    """The posts of a live blog (LiveBlogPosting of schema.org) in the page's order; else none."""
    stated = tuple(islice(_stated(structured), _MOST_ENTRIES))
    return stated or tuple(islice(_marked(segmentation, language), _MOST_ENTRIES))


def _stated(structured: StructuredData) -> Iterator[LiveEntry]:
    for blog in nodes_of_type(structured, "LiveBlogPosting"):
        updates = blog.get("liveBlogUpdate")
        for update in updates if isinstance(updates, list) else [updates]:
            node = structured.resolve(update)
            if not isinstance(node, dict):
                continue
            text = _plain(node.get("articleBody") or node.get("text") or node.get("description"))
            if text:
                heading = _plain(node.get("headline") or node.get("name"))
                date = node.get("datePublished") or node.get("dateCreated")
                heading = " ".join(heading.split())
                author = _name_of(structured, node)
                yield LiveEntry(text, heading or None, author, parse_date(date))


def _plain(value: Any) -> str:
    """The lines of a text that may be HTML."""
    if not isinstance(value, str):
        return ""
    value = value[:_MOST_CHARS]
    if "<" in value or "&" in value:
        try:
            return text_of(parse_html(f"<div>{value}</div>"))
        except ExtractionError:
            return ""
    lines = (" ".join(line.split()) for line in value.split("\n"))
    return "\n".join(line for line in lines if line)


def _name_of(structured: StructuredData, node: Mapping[str, Any]) -> str | None:
    """Who wrote an entry: all names of it, in one text."""
    authors = node.get("author")
    names = []
    for author in authors if isinstance(authors, list) else [authors]:
        resolved = structured.resolve(author)
        name = resolved.get("name") if isinstance(resolved, dict) else resolved
        if isinstance(name, str) and name.strip():
            names.append(" ".join(name.split()))
    return ", ".join(names[:10]) or None


def _marked(segmentation: Segmentation, language: str | None) -> Iterator[LiveEntry]:
    end = -1
    for index, node in enumerate(segmentation.nodes):
        if "liveblogupdate" in node.marks and node.start >= end and node.end > node.start:
            end = node.end
            post = read_post(segmentation, index, (), language)
            if post.text:
                yield LiveEntry(post.text, post.heading, post.author, post.published_at)
