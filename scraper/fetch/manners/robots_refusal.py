"""Which line of a robots.txt refuses an address: what its publisher is to be asked about."""

from dataclasses import dataclass
from typing import Final

from scraper.fetch.manners.robots import parse_robots
from scraper.fetch.manners.robots_group import find_own_rules

_MOST_RULES: Final = 5_000  # tried one by one; a file of more is written against its readers


@dataclass(frozen=True, slots=True)
class RobotsRefusal:
    """A line of a robots.txt: its number, from 1, and what it says."""

    line: int
    rule: str


def find_refusal(body: bytes, token: str, url: str) -> RobotsRefusal | None:
    r"""The line by which a robots.txt keeps `token` from a URL; None when it does not.

    Of several, the longest: it is the one that decides (RFC 9309, 2.2.2).

    Example:
        >>> find_refusal(b"User-agent: *\nDisallow: /a", "winnow", "https://example.org/a/b")
        RobotsRefusal(line=2, rule='Disallow: /a')
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    if parse_robots(body, token).can_fetch(url, "*"):
        return None
    rules = find_own_rules(text, token)
    refusing = [rule for rule in rules if rule.startswith("Disallow")]
    for rule in sorted(refusing, key=len, reverse=True)[:_MOST_RULES]:
        alone = parse_robots(f"User-agent: *\n{rule}\n".encode(), token)
        if not alone.can_fetch(url, "*"):
            return RobotsRefusal(rules[rule], rule)
    return None
