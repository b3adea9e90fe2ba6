"""What a URL says about where it leads: the one reading of URLs that every room shares.

Parsing follows the WHATWG URL Standard, as browsers do, through ada-url.
"""

from functools import lru_cache

import ada_url

_WEB_SCHEMES = frozenset(("http:", "https:"))


def parse_web_url(url: str, base: str | None = None) -> ada_url.URL | None:
    """The parsed http(s) URL; None when it is not one.

    Args:
        url: Absolute, or relative to `base`.
        base: An absolute URL.
    """
    try:
        parsed = ada_url.URL(url, base)
    except ValueError:  # includes text that cannot be encoded (lone surrogates)
        return None
    # A parsed http(s) URL always has a host: the standard fails on one without.
    return parsed if parsed.protocol in _WEB_SCHEMES else None


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """What politeness is about: the host, with its port unless that is the usual one.

    Empty when the URL is not an http(s) URL.

    Example:
        >>> host_of("http://Example.org:8080/a"), host_of("https://example.org:443/")
        ('example.org:8080', 'example.org')
    """
    parsed = parse_web_url(url)
    return parsed.host if parsed is not None else ""


def split_normal(url: str) -> tuple[str, str, str]:
    """Host (with port), path and query of a URL that is normalised already.

    Parsing again what was just parsed would be most of the cost of a page with many links.

    Example:
        >>> split_normal("https://example.org:8080/a/b?c=d")
        ('example.org:8080', '/a/b', 'c=d')
    """
    rest, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    host, _, path = rest.partition("/")
    return host, f"/{path}", query


def is_same_site(first: str, second: str) -> bool:
    """Whether two URLs belong to one site: the same host, one a subdomain of the other, or www.

    Ports count: on one machine they are different servers.

    Example:
        >>> is_same_site("https://www.example.org/a", "https://news.example.org/b")
        True
        >>> is_same_site("https://example.org/", "https://example.com/")
        False
    """
    one, other = (host_of(url).removeprefix("www.") for url in (first, second))
    if not one or not other:
        return False
    return one == other or one.endswith("." + other) or other.endswith("." + one)
