"""Which lines of a robots.txt are meant for us: the group of our name, or else that of everybody.

Groups are found as RFC 9309 (2.2.1) and Google's reference reader find them. Matching addresses
against the rules of one group is a library's work; giving it that group alone also bounds what a
file of thousands of agents costs, of which each would have a copy of thousands of rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LONGEST_LINE: Final = 16_664  # characters; the reference reader cuts there too
_PRODUCT: Final = re.compile(r"[A-Za-z_-]+")
_SECONDS: Final = re.compile(
    r"\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*(?:s|sec|seconds?)?\s*$", re.IGNORECASE
)

_AGENT: Final = frozenset({"user-agent", "useragent", "user agent"})
_DISALLOW: Final = frozenset(
    {"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"}
)
_SITEMAP: Final = frozenset({"sitemap", "sitemaps", "site-map"})
_DELAY: Final = frozenset({"crawl-delay", "crawldelay", "crawl delay"})


@dataclass(slots=True)
class _Group:
    """What is said to us by one name.

    Attributes:
        was_named: Whether there is such a group at all: an empty one allows everything.
        is_open: Whether the lines being read belong to it.
        rules: Lines, each once, in order, and the number of the first like it.
    """

    was_named: bool = False
    is_open: bool = False
    rules: dict[str, int] = field(default_factory=dict)


def find_own_group(text: str, token: str) -> str:
    """A robots.txt of one group, for everybody, with what `text` says to `token`; and its sitemaps.

    Groups of the same name are one. Only an allowing or disallowing line ends the names of a group:
    an unknown line between two names, or before the rules, does not. A version or a second name
    after the first in the same line does not count.

    Example:
        >>> said = ["User-agent: winnow/0.1", "Disallow: /a", "User-agent: *", "Disallow: /"]
        >>> find_own_group(chr(10).join(said), "winnow").splitlines()
        ['User-agent: *', 'Disallow: /a']
    """
    rules, sitemaps = _read_groups(text, token)
    return "".join(f"{line}\n" for line in ("User-agent: *", *rules, *sitemaps))


def find_own_rules(text: str, token: str) -> dict[str, int]:
    """The rules of a robots.txt that are meant for `token`, and on which line each stands first.

    Example:
        >>> find_own_rules("User-agent: *" + chr(10) + "Disallow: /", "winnow")
        {'Disallow: /': 2}
    """
    return _read_groups(text, token)[0]


def _read_groups(text: str, token: str) -> tuple[dict[str, int], tuple[str, ...]]:
    """The rules for `token`, with the numbers of their lines; and the sitemaps."""
    own, everybody = _Group(), _Group()
    sitemaps: dict[str, None] = {}
    has_rules = False
    for number, key, value in _read_lines(text):
        if key in _AGENT:
            if has_rules:
                own.is_open = everybody.is_open = has_rules = False
            group = _group_of(value, token, own, everybody)
            if group is not None:
                group.was_named = group.is_open = True
        elif key in _SITEMAP:
            sitemaps[f"Sitemap: {value}"] = None
        elif key == "allow" or key in _DISALLOW or key in _DELAY:
            has_rules = has_rules or key not in _DELAY
            line = _rule(key, value)
            for group in (own, everybody):
                if group.is_open and line:
                    group.rules.setdefault(line, number)
    return own.rules if own.was_named else everybody.rules, tuple(sitemaps)


def _group_of(value: str, token: str, own: _Group, everybody: _Group) -> _Group | None:
    """The group that a name opens; None for that of somebody else."""
    if value == "*" or value[:2].rstrip() == "*":
        return everybody
    product = _PRODUCT.match(value)
    return own if product is not None and product.group().lower() == token.lower() else None


def _rule(key: str, value: str) -> str:
    """A line as the library reads it; empty for one that says nothing."""
    if not value:
        return ""
    if key in _DELAY:
        seconds = _SECONDS.match(value)
        return f"Crawl-delay: {seconds.group(1).replace(',', '.')}" if seconds else ""
    return f"Allow: {value}" if key == "allow" else f"Disallow: {value}"


def _read_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Numbers, keys in lower case, and values; of a line without a colon, its two words."""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        plain = line[:_LONGEST_LINE].partition("#")[0].strip()
        key, colon, value = plain.partition(":")
        if not colon or (_looks_like_two_words(key) and value[:2] == "//"):
            words = plain.split()
            if len(words) != 2:
                continue
            key, value = words
        yield number, key.strip().lower(), value.strip()


def _looks_like_two_words(key: str) -> bool:
    """Whether what stands before a colon is a key and the scheme of an address."""
    return key.rstrip().lower().endswith((" http", " https"))
