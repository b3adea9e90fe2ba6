"""Site rules: what a person knows about one site's pages, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """CSS selectors that override what extraction would find by itself; None leaves it that.

    Attributes:
        title: The element whose text is the headline.
        body: The elements that hold the main content; nothing outside them is kept.
        authors: One element an author.
        date: The element whose `datetime`, `content` or text says when it was published.
        remove: Elements that are never content, wherever they stand.
    """

    title: str | None = None
    body: str | None = None
    authors: str | None = None
    date: str | None = None
    remove: tuple[str, ...] = ()
