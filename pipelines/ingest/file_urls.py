"""Where pages on disk came from: a list, what they say themselves, the folders of a mirror."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from pipelines.ingest.inputs import Input
from pipelines.ingest.url_list import key_of

# The folders of a mirror (wget -r, HTTrack) are named by host; a port is behind a colon, or where a
# file system has none, a plus sign.
_HOST: Final = re.compile(
    r"(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}([a-z](?:[a-z0-9-]{0,61}[a-z0-9]))"
    r"|\d{1,3}(?:\.\d{1,3}){3})(?:[:+]\d{1,5})?",
    re.IGNORECASE,
)
_FILE_ENDINGS: Final = frozenset(
    "php html htm xhtml shtml asp aspx jsp cgi cfm files zip gz xz warc git".split()
)
_SCHEMES: Final = frozenset({"http", "https"})
_INDEX: Final = re.compile(r"index\.html?")
# wget -E adds this to what is HTML and does not end so: scripts, and whatever has a query.
_ADDED_SUFFIX: Final = re.compile(r"(?<=\.(?:php|asp|jsp|cgi|cfm))\.html?$|(?<=\.(?:aspx))\.html?$")
_QUERY_START: Final = re.compile(r"\?|@(?=[\w.%-]{1,80}=)")
_SAFE_PATH: Final = "/-._~!$&+,;=:@()*%'"
_SAFE_QUERY: Final = _SAFE_PATH + "?"


def find_file_url(file: Input, stated: str, urls: Mapping[str, str]) -> str | None:
    """Where a page on disk came from: the list, its own words, or a mirror's folders; else None.

    Args:
        file: Which one.
        stated: The URL that the page itself names; empty when it names none.
        urls: Addresses by file name, from `load_url_list`.
    """
    return find_listed(file, urls) or file.url or stated or _mirrored_url(file)


def find_listed(file: Input, urls: Mapping[str, str]) -> str | None:
    """The address that a list has for a file, by its whole name, in its folder, or alone."""
    if not urls:
        return None
    relative = _relative(file)
    names = (file.name, relative, PurePosixPath(relative).name)
    return next((urls[key] for name in names if (key := key_of(name)) in urls), None)


def _mirrored_url(file: Input) -> str | None:
    """The address that the folders of a mirror spell; None where no folder is named by a host."""
    relative = _relative(file)
    parts = relative.split("/")
    if ".." in parts:
        return None
    hosts = [at for at, part in enumerate(parts[:-1]) if _is_host(part)]
    if file.root is None:
        # The nearest: what is above a mirror may be called by a host as well.
        return _spell(parts, hosts[-1]) if hosts else None
    if hosts:
        return _spell(parts, hosts[0])
    above = [part for part in file.root.replace("\\", "/").split("/") if part][-2:]
    if above and _is_host(above[-1]):  # the folder that was named is that of the host itself
        return _spell([*above, *parts], len(above) - 1)
    return None


def _spell(parts: list[str], at: int) -> str:
    """The address of a file below the folder of a host."""
    host, _, port = parts[at].lower().replace("+", ":").partition(":")
    scheme = "http" if port and port != "443" else "https"
    if at and parts[at - 1] in _SCHEMES:
        scheme = parts[at - 1]
    host = f"{host}:{port}" if port else host
    *folders, name = parts[at + 1 :]
    path, query = _split_name(name)
    path = "/".join((*folders, path))
    asked = f"?{_quote(query, _SAFE_QUERY)}" if query else ""
    return f"{scheme}://{host}/{_quote(path, _SAFE_PATH)}{asked}"


def _split_name(name: str) -> tuple[str, str]:
    """A file's name as the last part of a path, and a query.

    A query stands behind ``?``, or where a file system has none, ``@``.
    """
    path, *query = _QUERY_START.split(name, maxsplit=1)
    if query:
        asked = re.sub(r"\.html?$", "", query[0])
        return ("" if _INDEX.fullmatch(path) else path), asked
    return ("" if _INDEX.fullmatch(name) else _ADDED_SUFFIX.sub("", name)), ""


def _is_host(name: str) -> bool:
    """Whether a folder is named by a host, and not by a page: ``index.php`` has things below it."""
    match = _HOST.fullmatch(name)
    return match is not None and (match[1] or "").lower() not in _FILE_ENDINGS


def _quote(text: str, safe: str) -> str:
    # Names of files that are no UTF-8 have their bytes in the address.
    return quote(text, safe=safe, errors="surrogateescape")


def _relative(file: Input) -> str:
    path = PurePosixPath(file.name)
    if file.root is not None:
        root = PurePosixPath(file.root)
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)
