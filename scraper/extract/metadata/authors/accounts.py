"""What a system calls an author: accounts and addresses of people's pages."""

import re
from typing import Final

_PATH: Final = re.compile(
    r"(?:https?://[^/\s]+)?/?(?:[\w-]+/){0,3}(?:authors?|autor(?:en|es)?|auteurs?|by|people"
    r"|person|profiles?|staff|users?"
    r"|contributors?|writers?|journalists?|reporters?|columnists?|team)/([^\s/?#]{3,60})/?",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[-_+.]+")
_EXTENSION: Final = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"@\S+|(?=\S*[\d_.])\S+|[^\W\dA-ZÀ-Þ][\w-]*")


def name_in_path(text: str) -> str:
    """The name that the address of an author's page spells; "" when it spells none.

    Example:
        >>> name_in_path("authors/ann-holm"), name_in_path("/authors/4711")
        ('Ann Holm', '')
    """
    found = _PATH.fullmatch(text.strip())
    if not found:
        return ""
    words = [w for w in _PARTS.split(_EXTENSION.sub("", found[1])) if not w.isdigit()]
    if not 2 <= len(words) <= 5 or not all(word.isalpha() for word in words):
        return ""
    return " ".join(word.capitalize() for word in words)


def looks_like_account(name: str) -> bool:
    """Whether a name is one that its bearer logs in with: "holm_a", "aholm2", "ann.holm"."""
    return name.isascii() and _ACCOUNT.fullmatch(name) is not None
