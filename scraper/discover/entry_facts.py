"""What the entries of feeds and sitemaps say of their stories, besides where they are."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from scraper.listing import Listing, make_listing

_MOST: Final = 60  # authors or tags that are looked at


def facts_of_feed_entry(
    entry: Mapping[str, Any], title: str | None, published: datetime | None
) -> Listing | None:
    """What an entry of an RSS or Atom feed says, as feedparser reads it."""
    return make_listing(
        "feed",
        title=title,
        published_at=_iso(published),
        authors=_named(entry.get("authors"), "name") or [entry.get("author")],
        tags=_named(entry.get("tags"), "term"),
    )


def facts_of_json_item(
    item: Mapping[str, Any], title: str | None, published: datetime | None
) -> Listing | None:
    """What an item of a JSON Feed says; version 1.0 has one author, 1.1 several."""
    authors = item.get("authors")
    tags = item.get("tags")
    return make_listing(
        "feed",
        title=title,
        published_at=_iso(published),
        authors=_named(authors if isinstance(authors, list) else [item.get("author")], "name"),
        tags=islice(tags, _MOST) if isinstance(tags, list) else (),
    )


def facts_of_sitemap_entry(
    fields: Mapping[str, str], title: str | None, published: datetime | None
) -> Listing | None:
    """What an entry of a news sitemap says."""
    keywords = fields.get("keywords", "")[:4000]
    return make_listing(
        "sitemap",
        title=title,
        published_at=_iso(published),
        tags=islice(filter(None, map(str.strip, keywords.split(","))), _MOST),
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _named(values: object, key: str) -> list[object]:
    return list(_values(values, key))


def _values(values: object, key: str) -> Iterator[object]:
    for value in values[:_MOST] if isinstance(values, list) else ():
        if isinstance(value, Mapping) and value.get(key):
            yield value[key]
