"""Globs on the path of a URL: which addresses of a site are articles to a source."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

# "**/" before "**" before "*"; a bracket that is not closed falls to the last alternative.
_TOKEN = re.compile(r"\*\*/?|\*|\?|\[[^\]/]+\]|[^*?\[]+|.")


@lru_cache(maxsize=4096)
def compile_glob(glob: str) -> re.Pattern[str]:
    """A pattern for the whole path: ``*`` and ``?`` stay within a segment, ``**`` does not.

    A glob without a slash at its start may begin anywhere after one.

    Example:
        >>> bool(compile_glob("/news/**").match("/news/2026/a.html"))
        True
        >>> bool(compile_glob("/news/*").match("/news/2026/a.html"))
        False
    """
    parts = ["" if glob.startswith(("/", "**")) else "(?:.*/)?"]
    for piece in _TOKEN.findall(glob):
        if piece == "**/":
            parts.append("(?:.*/)?")
        elif piece == "**":
            parts.append(".*")
        elif piece == "*":
            parts.append("[^/]*")
        elif piece == "?":
            parts.append("[^/]")
        elif piece.startswith("[") and piece.endswith("]") and len(piece) > 2:
            inner = piece[1:-1].replace("\\", r"\\")
            parts.append(f"[{'^' + inner[1:] if inner[0] == '!' else inner}]")
        else:
            parts.append(re.escape(piece))
    try:
        return re.compile("".join(parts) + r"\Z", re.DOTALL)
    except re.error:  # a range the wrong way round, as [z-a]: taken as it is written
        return re.compile(re.escape(glob) + r"\Z")


def is_wanted(url: str, include: Iterable[str], exclude: Iterable[str]) -> bool:
    """Whether the path of `url` matches one of `include`, if there are any, and none of `exclude`.

    Example:
        >>> is_wanted("https://example.org/video/a", ["/**"], ["/video/**"])
        False
    """
    try:
        path = urlsplit(url).path or "/"
    except ValueError:
        return False
    wanted = tuple(include)
    if any(compile_glob(glob).match(path) for glob in exclude):
        return False
    return not wanted or any(compile_glob(glob).match(path) for glob in wanted)
