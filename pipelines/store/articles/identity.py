"""Which article it is: by which URLs one is known."""

from hashlib import blake2b
from urllib.parse import urlsplit

from scraper.article import Article

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
    copy on another site that names the original is an article of its own, a duplicate at most.

    Example:
        >>> is_credible_canonical("https://example.org/", "https://example.org/a")
        False
        >>> is_credible_canonical("https://www.example.org/a", "https://amp.example.org/a?x=1")
        True
    """
    try:
        theirs, ours = urlsplit(canonical), urlsplit(url)
        their_host, our_host = theirs.hostname or "", ours.hostname or ""
    except ValueError:
        return False
    if theirs.scheme not in {"http", "https"}:
        return canonical == url
    is_front_page = theirs.path in {"", "/"} and not theirs.query
    if is_front_page and (ours.path not in {"", "/"} or ours.query):
        return False
    return their_host == our_host or _site(their_host) == _site(our_host)


def _site(host: str) -> str:
    labels = host.split(".")
    # A country's second level (co.uk, com.au) is short: three labels make the site there.
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-count:]) if not labels[-1].isdigit() else host
