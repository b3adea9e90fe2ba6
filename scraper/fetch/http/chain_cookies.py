"""Cookies for as long as one page is being fetched: what a host sets, it gets back at its next hop.

Sites that ask for a cookie before they show a page set it and redirect. Nothing is kept for the
next page, so that none is counted against a reader's free ones, but for a source that sends cookies
of its own; no host sees another one's.
"""

import re
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

_MOST_COOKIES: Final = 50  # RFC 6265, 6.1: as many as a browser must keep for a domain
_LONGEST_VALUE: Final = 4_096
_PAIR: Final = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([^;\x00-\x1f\x7f]*)")


class ChainCookies:
    """What the hosts of one chain of redirects have set.

    Example:
        >>> cookies = ChainCookies()
        >>> cookies.note("a.example", ["seen=1; Path=/; HttpOnly"])
        >>> cookies.header("a.example"), cookies.header("b.example")
        ('seen=1', '')
    """

    def __init__(self) -> None:
        self._by_host: dict[str, dict[str, str]] = {}

    def note(self, host: str, lines: Iterable[str]) -> None:
        """Keep what a host's Set-Cookie lines say; lines that cannot be read are left aside."""
        kept = self._by_host.setdefault(host, {})
        for line in lines:
            pair = _PAIR.match(line)
            if pair is None or len(pair.group(2)) > _LONGEST_VALUE:
                continue
            if _is_over(line):
                kept.pop(pair.group(1), None)
            elif len(kept) < _MOST_COOKIES or pair.group(1) in kept:
                kept[pair.group(1)] = pair.group(2).strip()

    def header(self, host: str, own: Mapping[str, str] | None = None) -> str:
        """The Cookie header for a request to a host; empty when there is none to send.

        Args:
            host: What is asked.
            own: Cookies of the caller's; what the host has set since takes their place.
        """
        cookies = {**(own or {}), **self._by_host.get(host, {})}
        return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _is_over(line: str) -> bool:
    """Whether a Set-Cookie line takes a cookie away."""
    try:
        morsels = SimpleCookie(line).values()
    except CookieError:
        return False
    return any(morsel["max-age"] in {"0", "-1"} for morsel in morsels)
