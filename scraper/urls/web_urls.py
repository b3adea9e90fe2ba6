"""What a URL says about where it leads: its host, and the site that host is of.

Every room asks here. Which question is whose:

    host_of                who is asked: politeness, leases, statistics
    hostname_of            what it is called: the name of a publication, its country
    is_same_or_subdomain   where a crawl may go: links, feeds, further pages, a source's rules
    site_of, is_same_site  whose it is: which pages are one article, what a site repeats

Parsing follows the WHATWG URL Standard, as browsers do, through ada-url; sites follow the public
suffix list, as in its "same site".
"""

import re
from functools import lru_cache
from typing import Final

import ada_url

from scraper.urls.public_suffixes import find_registrable_domain

LONGEST_URL: Final = 4096  # browsers and servers go little further, and traps grow without end
_WEB_SCHEMES: Final = frozenset(("http:", "https:"))
_PORT: Final = re.compile(r":\d+$")
_FINAL_DOT: Final = re.compile(r"(?<=[^.])\.(?=(?::\d+)?$)")
# Everybody has a site of their own there too, though the public suffix list leaves them out.
_SHARED_DOMAINS: Final = frozenset(
    ("substack.com", "wordpress.com", "typepad.com", "beehiiv.com", "ghost.io")
)
# What the standard leaves as it is: no dot segment, nothing to escape, no name in Punycode.
_PLAIN_URL: Final = re.compile(
    r"https?://(?!xn--)(?:[a-z0-9-]+\.(?!xn--))+[a-z]{2,}/(?!\.)"
    r"[\w~,;=?+:@!$()*#&-]*(?:[./](?!\.)[\w~,;=?+:@!$()*#&-]*)*",
    re.ASCII,
)


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


def absolute_web_url(address: str, base_url: str | None) -> str | None:
    """`address` seen from `base_url`, as a browser writes it; None when it is not on the web.

    Args:
        address: As a page writes it.
        base_url: An absolute URL; None for an address that must be absolute itself.

    Example:
        >>> absolute_web_url("../map?day=3", "https://Example.org/news/rain/")
        'https://example.org/news/map?day=3'
        >>> absolute_web_url("mailto:desk@example.org", None) is None
        True
    """
    if _PLAIN_URL.fullmatch(address):
        return address  # most are, and parsing costs ten times as much
    try:
        url = ada_url.join_url(base_url, address) if base_url else ada_url.normalize_url(address)
    except ValueError:
        return None
    return url if url.startswith(("https://", "http://")) else None


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """The host, with its port unless that is the usual one: one key for one server.

    In lower case, IDNA-encoded, IPv6 in brackets, without the final dot of a full name. Empty when
    the URL is not an http(s) URL.

    Example:
        >>> host_of("http://Example.org:8080/a"), host_of("https://example.org.:443/")
        ('example.org:8080', 'example.org')
    """
    parsed = parse_web_url(url)
    if parsed is None:
        return ""
    host = str(parsed.host)
    return _FINAL_DOT.sub("", host) if host[-1] == "." or ".:" in host else host


def hostname_of(url: str) -> str:
    """The host without its port; empty when the URL is not an http(s) URL.

    Example:
        >>> hostname_of("http://Example.org:8080/a"), hostname_of("http://[::1]:8080/")
        ('example.org', '[::1]')
    """
    return _PORT.sub("", host_of(url))


def written_hostname_of(url: str) -> str:
    """The host without its port as people write it, in letters and not IDNA-encoded.

    Example:
        >>> written_hostname_of("https://xn--mnchen-3ya.example/a")
        'münchen.example'
    """
    hostname = hostname_of(url)
    return str(ada_url.idna_to_unicode(hostname)) if "xn--" in hostname else hostname


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


def site_of(url: str) -> str:
    """Whose a URL is: the registrable domain of its host, private suffixes counted as suffixes.

    Of two blogs on one platform each is a site, while a newspaper's subdomains are one. A host that
    is itself a public suffix (``github.io``) is a site apart from those under it. An IP address or
    a name without a dot is one with its port: on one machine these are different servers. Of a
    domain that the list does not know, the last two labels are the site. Empty when the URL is not
    an http(s) URL.

    Example:
        >>> site_of("https://news.example.co.uk/a"), site_of("https://someone.github.io/a")
        ('example.co.uk', 'someone.github.io')
        >>> site_of("http://127.0.0.1:8080/"), site_of("https://github.io/")
        ('127.0.0.1:8080', 'github.io')
    """
    return _find_site(host_of(url))


@lru_cache(maxsize=4_096)
def _find_site(host: str) -> str:
    hostname = _PORT.sub("", host)
    parent, _, last = hostname.rpartition(".")
    if not parent or last.isdigit() or hostname.endswith("]"):
        return host
    domain = find_registrable_domain(hostname)
    if domain is None:
        return f"{parent.rpartition('.')[2]}.{last}"
    if domain in _SHARED_DOMAINS and hostname != domain:
        return f"{hostname[: -len(domain) - 1].rpartition('.')[2]}.{domain}"
    return domain


def is_same_site(first: str, second: str) -> bool:
    """Whether two URLs are of one site, as `site_of` has it; never when one leads to none.

    What a crawl may follow is narrower: `is_same_or_subdomain`.

    Example:
        >>> is_same_site("https://news.example.org/a", "https://sport.example.org/b")
        True
        >>> is_same_site("https://someone.github.io/", "https://another.github.io/")
        False
    """
    site = site_of(first)
    return site != "" and site == site_of(second)


def is_same_or_subdomain(first: str, second: str) -> bool:
    """Whether two URLs are of one host, or one's is a subdomain of the other's in the same site.

    ``www.`` makes no difference, a port does. From www.example.org one comes to example.org and
    news.example.org, but from news.example.org not to sport.example.org.

    Example:
        >>> is_same_or_subdomain("https://www.example.org/a", "https://news.example.org/b")
        True
        >>> is_same_or_subdomain("https://news.example.org/a", "https://sport.example.org/b")
        False
        >>> is_same_or_subdomain("https://github.io/", "https://someone.github.io/")
        False
    """
    one, other = (host_of(url).removeprefix("www.") for url in (first, second))
    if not one or not other:
        return False
    if one == other:
        return True
    is_below = one.endswith("." + other) or other.endswith("." + one)
    return is_below and is_same_site(first, second)
