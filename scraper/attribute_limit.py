"""Tags with thousands of attributes, which parsers take the square of their number for.

libxml2 compares each attribute of an HTML tag with all before it, and so does feedparser: 300,000
of them, a file of 3 MB, would keep either busy for minutes. The most that any tag of real pages was
seen with is some hundred.
"""

import re
from typing import Final

MOST_ATTRIBUTES: Final = 1_000
"""Of one tag; those after them are left out."""

# A block that has no end of a tag, inside a tag, is what a flood must have and few pages do: a
# look at each block takes a ten-thousandth of the time that parsing takes.
_BLOCK_BYTES: Final = 4_000

# As the HTML standard reads tags (section 13.2.5), each byte once, whatever is in it.
_ATTRIBUTE: Final = (
    rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|))?+"""
)
_TAG: Final = re.compile(
    rb"""<!--(?:.*?-->|.*+)
    |(?P<kept><(?:(?P<raw>script|style|textarea|title)(?=[\s/>])|[a-z])[^\s/>]*+
        (?:%(attribute)s){0,%(most)d}+)
     (?P<rest>(?:%(attribute)s)*+)
     (?P<text>(?(raw)(?:.*?(?=</(?P=raw)[\s/>])|.*+)))"""
    % {b"attribute": _ATTRIBUTE, b"most": MOST_ATTRIBUTES},
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def limit_attributes(markup: bytes) -> bytes:
    """The same HTML or XML, its tags with no more attributes than `MOST_ATTRIBUTES`.

    Where it is the same object nothing was cut. A tag whose values hold ``>`` at every step is not
    found: who is in earnest about that needs a limit of time.

    Example:
        >>> page = b"<p " + b" ".join(b"a%d=1" % n for n in range(9_000)) + b">Rain"
        >>> len(page), len(limit_attributes(page)), limit_attributes(page)[-5:]
        (70897, 6897, b'>Rain')
    """
    if not _may_have_flood(markup):
        return markup
    cut, count = b"", 0

    def shortened(tag: re.Match[bytes]) -> bytes:
        nonlocal count
        if not tag["rest"]:
            return tag[0]
        count += 1
        return tag["kept"] + tag["text"]

    cut = _TAG.sub(shortened, markup)
    return cut if count else markup


def _may_have_flood(markup: bytes) -> bool:
    """Whether a block of the bytes has no end of a tag, and begins or lies within one."""
    is_inside = False
    for begin in range(0, len(markup), _BLOCK_BYTES):
        end = begin + _BLOCK_BYTES
        opened, closed = markup.rfind(b"<", begin, end), markup.rfind(b">", begin, end)
        is_inside = opened > closed or (is_inside and closed < 0)
        if is_inside and closed < 0 and end <= len(markup):
            return True
    return False
