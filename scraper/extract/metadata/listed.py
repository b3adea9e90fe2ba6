"""What a feed or a sitemap said of a story, where its page says nothing."""

from dataclasses import replace
from typing import Any

from scraper.article import Article
from scraper.extract.metadata.authors.names import split_names
from scraper.extract.metadata.clean import clean_text, fold
from scraper.listing import Listing


def complete_from_listing(article: Article, listing: Listing | None) -> Article:
    """The article with what its page does not say from the list that named it.

    A list is the last resort: what the page says stays, even where the list says otherwise.

    Example:
        >>> listing = Listing(kind="feed", title="Rain", authors=("Ida Lund",))
        >>> article = complete_from_listing(Article(title="Snow"), listing)
        >>> article.title, article.authors, article.evidence["authors"]
        ('Snow', ('Ida Lund',), 'feed')
    """
    if listing is None:
        return article
    people = (name for author in listing.authors for name in split_names(author))
    said: dict[str, Any] = {
        "title": clean_text(listing.title, max_chars=500),
        "published_at": listing.published_at,
        "authors": tuple(n for n in people if fold(n) != fold(article.site_name or "")),
        "tags": tuple(filter(None, (clean_text(tag, max_chars=100) for tag in listing.tags))),
    }
    missing = {key: value for key, value in said.items() if value and not getattr(article, key)}
    if not missing:
        return article
    evidence = {**article.evidence, **dict.fromkeys(missing, listing.kind)}
    return replace(article, **missing, evidence=evidence)
