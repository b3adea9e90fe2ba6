"""What pages ask of robots: in `meta` elements and in X-Robots-Tag headers."""

import re
from collections.abc import Iterable
from typing import Final

ROBOT_NAME: Final = "winnow"
"""By this one pages speak to us alone."""

_WITH_VALUE: Final = frozenset(
    {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
)
_SPACED_VALUE: Final = re.compile(r"\s*:\s*")
_DIRECTIVE: Final = re.compile(r"[a-z_-]+(?::\S+)?")


def parse_robots_meta(content: str) -> tuple[str, ...]:
    """Directives of one meta element, lower case, in order, none twice.

    Example:
        >>> parse_robots_meta("Index, max-image-preview: none")
        ('index', 'max-image-preview:none')
    """
    return _fitting(re.split(r"[,;]\s*|\s+", _SPACED_VALUE.sub(":", content.lower())))


def parse_robots_header(value: str) -> tuple[str, ...]:
    """Directives of an X-Robots-Tag header for every robot or for us; not those for another.

    Example:
        >>> parse_robots_header("NoIndex, max-snippet: 50, otherbot: noarchive, nofollow")
        ('noindex', 'max-snippet:50')
        >>> parse_robots_header("otherbot: noindex, winnow: noarchive")
        ('noarchive',)
    """
    for_us = []
    is_ours = True
    for part in re.split(r"[,;]\s*", value.lower()):
        name, colon, rest = part.partition(":")
        said = part
        if colon and name.strip() not in _WITH_VALUE:
            is_ours, said = name.strip() == ROBOT_NAME, rest  # a name; what follows is for it
        if is_ours:
            for_us.append(_SPACED_VALUE.sub(":", said.strip()))
    return _fitting(for_us)


def _fitting(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in parts if _DIRECTIVE.fullmatch(part)))
