"""Which article it is: by which URLs one is known."""

from hashlib import blake2b

from scraper.article import Article
from scraper.urls.web_urls import is_same_site, parse_web_url

URN_PREFIX = "urn:winnow:content:"
"""Starts the `url` of an article that came without one."""


def find_identity(article: Article) -> tuple[str, str | None]:
    """The URL to store an article under, and its canonical URL if that can be believed."""
    canonical = article.canonical_url
    url = article.url or canonical
    if url is None:
        digest = blake2b(f"{article.title}\n{article.text}".encode(), digest_size=16).hexdigest()
        return URN_PREFIX + digest, None
    if canonical and not is_credible_canonical(canonical, url):
        canonical = None
    return url, canonical


def is_credible_canonical(canonical: str, url: str) -> bool:
    """Whether a page at `url` may be filed under `canonical`.

    Templates that name the front page on every page would fold a whole site into one row; and a
    copy on another site that names the original is an article of its own, a duplicate at most. So
    is what a copied template names: each blog of a platform is a site.

    Example:
        >>> is_credible_canonical("https://example.org/", "https://example.org/a")
        False
        >>> is_credible_canonical("https://www.example.org/a", "https://amp.example.org/a?x=1")
        True
    """
    theirs, ours = parse_web_url(canonical), parse_web_url(url)
    if theirs is None or ours is None:
        return canonical == url
    is_front_page = theirs.pathname == "/" and not theirs.search
    if is_front_page and (ours.pathname != "/" or ours.search):
        return False
    return is_same_site(canonical, url)
